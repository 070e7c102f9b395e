import { html, nothing, type TemplateResult } from 'lit/html.js'
import type {
  Aftermath,
  BacktestAnswer,
  BacktestHead,
  BacktestResult,
  BacktestSample,
} from '#contract/backtest'
import type { Outcome } from '#contract/outcome'
import { callOffBacktest, removeBacktest } from '../drop-backtest.ts'
import { counted, date, signed } from '../format.ts'
import { load } from '../load.ts'
import { environmentShown, state } from '../state.ts'
import { aftermathWords, againstWords, backtestStateWords, outcomeWords, reasonWords } from '../words.ts'
import { empty, fact, type Piece, to, when } from './parts.ts'

/** What a draft of the policy would have made of events that were judged before. */

const outcomes: readonly Outcome[] = ['allow', 'delay_verify', 'block_escalate']

const range = (one: { from: string; to: string }): string =>
  `${date(Date.parse(one.from))} to ${date(Date.parse(one.to))}`

const row = (one: BacktestHead): TemplateResult => html`<li>
  <a class="row backtest" data-stop href=${to({ name: 'backtest', id: one.id }, one.environment)}>
    <span class="when">${when(Date.parse(one.created_at))}</span>
    <span class="what">${one.policy_version}</span>
    <span class="who">against ${againstWords[one.against]}</span>
    <span class="quiet">${range(one)}</span>
    <span class="score">${one.changed} of ${one.evaluated}</span>
    <span class="state">${backtestStateWords[one.state]}</span>
  </a>
</li>`

const columns = html`<div class="row backtest head" aria-hidden="true">
  <span>Asked</span><span>Policy</span><span>Compared</span><span>Events of</span><span class="score">Changed</span><span>State</span>
</div>`

export const backtestListView = (backtests: readonly BacktestHead[]): TemplateResult => html`
  <div class="bar"><h1 tabindex="-1">Backtests</h1></div>
  ${
    backtests.length === 0
      ? empty(
          `No ${environmentShown()} backtests`,
          html`<p>A backtest judges stored events again by a draft of the policy, before anybody meets it. Open a draft under <a href=${to({ name: 'policies' })}>Policy</a> to start one, or send <code>POST /rules/backtest</code>.</p>`,
        )
      : html`${columns}<ol class="rows">${backtests.map(row)}</ol>`
  }`

const matrix = (
  result: BacktestResult,
): TemplateResult => html`<div class="scroll" tabindex="0" role="region" aria-label="Outcomes before and after">
  <table class="figures">
    <caption class="hidden">Outcomes before, in rows, and after, in columns</caption>
    <thead><tr><th scope="col">Before ↓ after →</th>${outcomes.map((after) => html`<th scope="col">${outcomeWords[after]}</th>`)}</tr></thead>
    <tbody>${outcomes.map(
      (before) => html`<tr><th scope="row">${outcomeWords[before]}</th>
        ${outcomes.map((after) => html`<td class=${before === after || result.outcomes[before][after] === 0 ? 'quiet' : 'changed'}>${result.outcomes[before][after]}</td>`)}</tr>`,
    )}</tbody>
  </table></div>`

const kinds: readonly Aftermath[] = [
  'reported',
  'genuine',
  'labelled_risky',
  'labelled_legit',
  'incident',
  'contact_broken',
  'held',
]

const overlap = (
  result: BacktestResult,
): TemplateResult => html`<div class="scroll" tabindex="0" role="region" aria-label="What is known of them by now">
  <table class="figures">
    <caption class="hidden">What is known of the events by now</caption>
    <thead><tr><th scope="col">What is known by now</th><th scope="col">Events</th><th scope="col">Newly stopped</th><th scope="col">Newly asked</th><th scope="col">Newly let through</th><th scope="col">Still asked or stopped</th></tr></thead>
    <tbody>${kinds.map((kind) => {
      const counts = result.overlap[kind]
      return html`<tr><th scope="row">${aftermathWords[kind]}</th><td>${counts.events}</td><td>${counts.newly_stopped}</td><td>${counts.newly_checked}</td><td>${counts.newly_allowed}</td><td>${counts.still_met}</td></tr>`
    })}</tbody>
  </table></div>`

/** The two sentences that a decision hangs on. */
const lead = ({ overlap: { reported, genuine } }: BacktestResult): TemplateResult => html`
  <p class="lead">${reported.events === 0 ? html`None of these events was reported later.` : html`Would have stopped ${reported.newly_stopped} and asked ${reported.newly_checked} more of ${reported.events} later reported${reported.newly_allowed > 0 ? html`, and let ${reported.newly_allowed} through` : nothing}.`}
  Would have newly bothered ${genuine.newly_checked + genuine.newly_stopped} of ${genuine.events} completed and never reported.</p>`

const rules = ({ rules: tallies }: BacktestResult): Piece =>
  tallies.length === 0
    ? nothing
    : html`<section><h2>Rules</h2><div class="scroll" tabindex="0" role="region" aria-label="Rules">
        <table class="figures"><caption class="hidden">Rules that matched</caption>
          <thead><tr><th scope="col">Rule</th><th scope="col">Matched</th><th scope="col">Decided</th><th scope="col">Matched in preview</th></tr></thead>
          <tbody>${tallies.map((rule) => html`<tr><th scope="row">${rule.name}</th><td>${rule.matched}</td><td>${rule.decided}</td><td>${rule.would_have}</td></tr>`)}</tbody>
        </table></div></section>`

const shifts = (result: BacktestResult): TemplateResult => html`<section><h2>Scores</h2><dl class="facts">
  ${result.score_shift
    .filter(({ events }) => events > 0)
    .map(({ from, to: end, events }) =>
      fact(from === end ? 'unchanged' : `${signed(from)} to ${signed(end)}`, counted(events, 'event')),
    )}
</dl></section>`

const reasonsOf = (side: BacktestSample['before']): string =>
  side.reasons
    .filter(({ points }) => points !== 0)
    .map(({ code, points }) => `${reasonWords(code)} ${signed(points)}`)
    .join(', ') || 'no reasons'

const sample = (one: BacktestSample): TemplateResult => html`<li class="report">
  <a data-stop href=${to({ name: 'session', id: one.session_id })}>${one.event_id}</a>
  <span class="quiet">${one.before.tier} ${one.before.score} → ${one.after.tier} ${one.after.score}${one.aftermath.length === 0 ? '' : ` · ${one.aftermath.map((kind) => aftermathWords[kind].toLowerCase()).join(', ')}`}</span>
  <p>Before: ${reasonsOf(one.before)}.<br>After: ${reasonsOf(one.after)}.</p>
</li>`

const samples = (result: BacktestResult): Piece =>
  result.samples.length === 0
    ? nothing
    : html`<section><h2>Some that change</h2>${result.samples.map(
        ({ before, after, events }) =>
          html`<details><summary>${outcomeWords[before]} → ${outcomeWords[after]}: ${events.length} of ${result.outcomes[before][after]}</summary><ol class="reports">${events.map(sample)}</ol></details>`,
      )}</section>`

const isUnderWay = ({ state: now }: BacktestAnswer): boolean => now === 'queued' || now === 'running'

const progress = (one: BacktestAnswer): Piece =>
  isUnderWay(one)
    ? html`<p role="status">${counted(one.progress.done, 'event')} read, ${Math.round(one.progress.share * 100)} % of the time range. <button type="button" ?disabled=${state().busy} @click=${() => void load()}>Look again</button>
        <button type="button" ?disabled=${state().busy} @click=${() => void callOffBacktest(one.id)}>Call it off</button></p>`
    : nothing

/** Only so many are kept: what nobody needs makes room. */
const removal = (one: BacktestAnswer): Piece =>
  isUnderWay(one)
    ? nothing
    : html`<section><h2>Remove it</h2>
        <p class="quiet">A result can’t be brought back; the backtest can be run again.</p>
        <button type="button" ?disabled=${state().busy} @click=${() => void removeBacktest(one.id)}>Remove this backtest</button></section>`

const mistake = (): Piece => {
  const { backtestMistake } = state()
  return backtestMistake === null ? nothing : html`<p class="notice" role="alert">${backtestMistake}</p>`
}

const skipped = ({ skipped: why }: BacktestResult): string =>
  why.no_facts + why.test_instruction + why.unreadable === 0
    ? 'nothing'
    : `${why.no_facts} without stored facts, ${why.test_instruction} by test instruction, ${why.unreadable} unreadable`

export const backtestView = (one: BacktestAnswer): TemplateResult => html`<article class="story">
  <div class="bar"><h1 tabindex="-1">Backtest of ${one.policy_version}</h1><span class="mark state">${backtestStateWords[one.state]}</span></div>
  ${progress(one)}${mistake()}${one.fault === null ? nothing : html`<p class="notice" role="alert">${one.fault}</p>`}
  ${lead(one.result)}
  <section data-stop tabindex="-1"><h2>Outcomes</h2>${matrix(one.result)}</section>
  <section data-stop tabindex="-1"><h2>What became of them</h2>${overlap(one.result)}</section>
  ${rules(one.result)}${shifts(one.result)}${samples(one.result)}
  <section><h2>What was compared</h2><dl class="facts">
    ${fact('Events of', range(one))}
    ${fact('With', againstWords[one.against])}
    ${fact('Evaluated again', `${one.result.evaluated}, ${one.result.changed} of them changed`)}
    ${fact('Left out', skipped(one.result))}
    ${one.truncated && one.read_to !== null ? fact('Read to', date(Date.parse(one.read_to))) : nothing}
  </dl></section>
  ${removal(one)}
</article>`
