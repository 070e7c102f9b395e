import { html, nothing, type TemplateResult } from 'lit/html.js'
import { backtestAnswer } from '#contract/backtest'
import type { PolicyChange, PolicyMoveAnswer } from '#contract/policy'
import { type PolicyDetail, policyDetail } from '#contract/policy-detail'
import { type Rule, rule } from '#contract/rule'
import { get, listPath, post } from '../app/api.ts'
import { go } from '../app/go.ts'
import { to } from '../app/link.ts'
import { environmentShown } from '../app/state.ts'
import { defineView } from '../app/view.ts'
import { isBusy, ofVisit, send } from '../app/visit.ts'
import { mistakeNote, type Piece, when } from '../parts/pieces.ts'
import { policyMoves } from '../sections/policy/moves.ts'
import { conditionWords, effectWords, modeWords, valueWords } from '../words/conditions.ts'
import { policyMoveWords, policyStateWords } from '../words/policies.ts'
import { policies } from './policies.ts'

/** One version: what it changes, the rules it holds, and who moved it when and why. */

const ruleRow = (one: Rule): TemplateResult => html`<tr>
  <td class="figure" data-name="Priority">${one.priority}</td>
  <td data-name="Mode">${modeWords[one.mode]}</td>
  <td class="meta" data-name="Rule"><strong title=${one.id}>${one.name}</strong></td>
  <td class="meta" data-name="When">${conditionWords(one.when)}</td>
  <td class="meta" data-name="Then">${effectWords(one.then)}</td>
</tr>`

const rulesTable = (rules: readonly Rule[]): TemplateResult =>
  rules.length === 0
    ? html`<p class="quiet">It has no rules: the score alone decides.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Rules"><table class="stacked">
        <thead><tr><th class="figure">Priority</th><th>Mode</th><th>Rule</th><th>When</th><th>Then</th></tr></thead>
        <tbody>${rules.map(ruleRow)}</tbody>
      </table></div>`

/** A rule that came or went, as one sentence. */
const ruleWords = ({ name, mode, priority, when: asked, then }: Rule): string =>
  `“${name}”, ${modeWords[mode]}, priority ${priority}: when ${conditionWords(asked)}, then ${effectWords(then)}`

/** Long values are cut: the API has them whole. */
const shownMax = 300
const shown = (value: unknown): Piece | string => {
  if (value === null) return html`<span class="quiet">not there</span>`
  const whole = rule.safeParse(value)
  const words = whole.success ? ruleWords(whole.data) : valueWords(value)
  return words.length > shownMax ? `${words.slice(0, shownMax)} …` : words
}

const changeRow = ({ path, before, after }: PolicyChange): TemplateResult => html`<tr>
  <td class="meta" data-name="Where"><code>${path}</code></td>
  <td class="meta" data-name="Before">${shown(before)}</td><td class="meta" data-name="Now">${shown(after)}</td>
</tr>`

const difference = ({ summary, changes }: PolicyDetail): TemplateResult => {
  if (summary.base === null)
    return html`<p class="quiet">It comes with the engine and is based on nothing.</p>`
  if (changes === null)
    return html`<p class="quiet">Its base, ${summary.base}, came with an earlier engine and is not there any more.</p>`
  if (changes.length === 0) return html`<p class="quiet">Nothing: it says the same as ${summary.base}.</p>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="What it changes"><table class="stacked">
    <thead><tr><th>Where</th><th>Before</th><th>Now</th></tr></thead>
    <tbody>${changes.map(changeRow)}</tbody>
  </table></div>`
}

const backtestDays = 30

/** Why a backtest was not begun. */
const mistake = ofVisit<string | null>(null)

/** Starts a backtest of the version over the last days, as they were decided then, and goes to it. */
const begin = (policy: string): Promise<boolean> => {
  const environment = environmentShown()
  const asked = { environment, policy, against: 'stored', days: backtestDays }
  return send(() => post(backtestAnswer, '/api/backtests', asked), {
    asked: () => mistake.set(null),
    done: ({ id }) => go(to('/backtests/:id', { id }, environment)),
    refused: mistake.set,
  })
}

/** Before anybody meets it; what judges already shows its worth under *Effectiveness*. */
const tryOut = ({ summary }: PolicyDetail): Piece => {
  if (summary.state !== 'draft' && summary.state !== 'preview') return nothing
  return html`<section data-stop tabindex="-1"><h2>What it would have done</h2>
    <p>A backtest judges the events of the last ${backtestDays} days again by ${summary.id}. It changes nothing.</p>
    ${mistakeNote(mistake.get())}
    <button type="button" ?disabled=${isBusy()} @click=${() => void begin(summary.id)}>Backtest this ${summary.state === 'draft' ? 'draft' : 'version'}</button>
  </section>`
}

const moveRow = (move: PolicyMoveAnswer): TemplateResult => html`<li>
  ${when(Date.parse(move.at))} <span class="quiet">${move.environment}</span>
  ${policyMoveWords[move.kind]} <strong>${move.policy}</strong>${move.replaced === null ? '' : ` in place of ${move.replaced}`}
  by ${move.by}${move.note === null ? '' : html`: <q>${move.note}</q>`}
</li>`

const history = ({ history: moves }: PolicyDetail): TemplateResult =>
  moves.length === 0
    ? html`<p class="quiet">Nobody has moved it yet.</p>`
    : html`<ol>${moves.map(moveRow)}</ol>`

const article = (detail: PolicyDetail): TemplateResult => {
  const { summary } = detail
  return html`<article class="story">
    <div class="bar"><h1 tabindex="-1">${summary.id}</h1><span class="mark">${policyStateWords[summary.state]}</span></div>
    <p class="lead">${summary.note} <span class="quiet">by ${summary.author}${
      summary.created_at === null ? nothing : html`, ${when(Date.parse(summary.created_at))}`
    }${summary.base === null ? nothing : html`, based on <a href=${to('/policy/:id', { id: summary.base })}>${summary.base}</a>`}</span></p>
    <section data-stop tabindex="-1"><h2>Where it stands</h2>${policyMoves(detail)}</section>
    <section data-stop tabindex="-1"><h2>What it changes</h2>${difference(detail)}</section>
    <section data-stop tabindex="-1"><h2>Rules</h2>${rulesTable(detail.rules)}</section>
    ${tryOut(detail)}
    <section data-stop tabindex="-1"><h2>Who moved it</h2>${history(detail)}</section>
  </article>`
}

export const policy = defineView({
  path: '/policy/:id',
  within: policies,
  inBoth: true,
  parse: (params) => params,
  load: ({ id }) => get(policyDetail, listPath(`policies/${encodeURIComponent(id)}`, {})),
  draw: ({ data }) => article(data),
  title: ({ summary: { id } }) => `Policy ${id}`,
})
