import { html, nothing, type TemplateResult } from 'lit/html.js'
import { type EnforcementDetail, enforcementDetail } from '#contract/enforcement-detail'
import { get, listPath } from '../app/api.ts'
import { to } from '../app/link.ts'
import { defineView } from '../app/view.ts'
import { type Piece, when } from '../parts/pieces.ts'
import { enforcementMove, shareMove } from '../sections/enforcement/move.ts'
import { actionWords } from '../words/codes.ts'
import { environmentWords, extentWords, figuresWords, peopleWords } from '../words/enforcement.ts'
import { policies } from './policies.ts'

/** Whether decisions are carried out: how it stands, what changing it would do, and of how many people each action is enforced. */

const since = ({ moved }: EnforcementDetail): TemplateResult =>
  moved === null
    ? html`<span class="quiet">The environment stands as it was made. What is set for a single action stands below.</span>`
    : html`<span class="quiet">Moved by ${moved.by}, ${when(moved.at)}${moved.note === null ? '' : html`: <q>${moved.note}</q>`}</span>`

const proposal = ({ proposed, mode }: EnforcementDetail): Piece =>
  proposed === null
    ? nothing
    : html`<p class="notice">${proposed.is_mine ? 'You' : proposed.by} asked ${when(proposed.at)} ${proposed.what === 'observe' ? 'to observe only' : html`to make <a href=${to('/policy/:id', { id: proposed.what })}>${proposed.what}</a> live, which enforces less`}. ${proposed.is_mine ? 'Another analyst has to ask' : 'Ask'} for the same within 24 hours to make it so${mode === 'observe' ? '' : '; until then nothing changes'}.</p>`

type ActionLine = EnforcementDetail['actions'][number]

const actionRow = ({
  name,
  enforced_percent: percent,
  is_own,
  figures,
}: ActionLine): TemplateResult => html`<tr>
  <td class="meta" data-name="Action"><strong title=${name}>${actionWords(name)}</strong></td>
  <td data-name="For">${peopleWords(percent)}</td>
  <td data-name="By"><span class="quiet">${is_own ? 'policy' : 'environment'}</span></td>
  <td class="figure" data-name="Events">${figures?.events ?? 0}</td>
  <td class="figure" data-name="Asked">${figures?.asked ?? 0}</td>
  <td class="figure" data-name="Stopped">${figures?.stopped ?? 0}</td>
  <td class="figure" data-name="Would ask">${figures?.would_have_asked ?? 0}</td>
  <td class="figure" data-name="Would stop">${figures?.would_have_stopped ?? 0}</td>
</tr>`

/** Actions of which there is nothing to say but that the environment decides. */
const isQuiet = ({ is_own, figures }: ActionLine): boolean => !is_own && figures === null

const quietWords = (lines: readonly ActionLine[]): Piece =>
  lines.length === 0
    ? nothing
    : html`<p class="quiet">As the environment says, and without an event in these days: ${lines.map(({ name }) => actionWords(name)).join(', ')}.</p>`

const table = (lines: readonly ActionLine[]): Piece =>
  lines.length === 0
    ? nothing
    : html`<div class="scroll" tabindex="0" role="region" aria-label="By action"><table class="stacked">
    <thead><tr><th>Action</th><th>Enforced for</th><th>Said by</th><th class="figure">Events</th><th class="figure">Asked</th><th class="figure">Stopped</th><th class="figure">Would ask</th><th class="figure">Would stop</th></tr></thead>
    <tbody>${lines.map(actionRow)}</tbody>
  </table></div>`

const actions = (detail: EnforcementDetail): TemplateResult => {
  const { actions: lines, policy, days } = detail
  return html`
  ${table(lines.filter((line) => !isQuiet(line)))}${quietWords(lines.filter(isQuiet))}
  <p class="quiet">Figures are of the last ${days} days. The policy, <a href=${to('/policy/:id', { id: policy })}>${policy}</a>, may say otherwise for an action, or for a share of the people. Who is in a share stays in it, so raising it only adds people.</p>
  ${shareMove(detail)}`
}

const article = (detail: EnforcementDetail): TemplateResult => {
  const { environment, extent, days, total } = detail
  return html`<article class="story">
    <div class="bar"><h1 tabindex="-1">Enforcement</h1><span class="mark">${environmentWords[environment]}</span></div>
    <p class="lead">${extentWords(environment, extent)} ${since(detail)}</p>
    ${proposal(detail)}
    <p>${total === null ? 'Events could not be counted just now. Read the page again in a moment.' : figuresWords(total, days, extent)}</p>
    <section data-stop tabindex="-1"><h2>Change it</h2>${enforcementMove(detail)}</section>
    <section data-stop tabindex="-1"><h2>By action</h2>${actions(detail)}</section>
    <section data-stop tabindex="-1"><h2>Who moved it</h2>
      <p>Every change stands in the <a href=${to('/trail', {})}>trail of the organisation</a>, with who made it. A key can’t enforce less.</p>
    </section>
  </article>`
}

export const enforcement = defineView({
  path: '/enforcement',
  within: policies,
  inBoth: true,
  parse: (params) => params,
  load: () => get(enforcementDetail, listPath('enforcement', {})),
  draw: ({ data }) => article(data),
  title: () => 'Enforcement',
})
