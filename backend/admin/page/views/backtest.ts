import { html, nothing, type TemplateResult } from 'lit/html.js'
import * as z from 'zod/mini'
import {
  aftermath,
  type BacktestAnswer,
  type BacktestResult,
  type BacktestSample,
  backtestAnswer,
} from '#contract/backtest'
import { outcome } from '#contract/outcome'
import { get, onePath, post } from '../app/api.ts'
import { go } from '../app/go.ts'
import { to } from '../app/link.ts'
import { environmentShown, state } from '../app/state.ts'
import { defineView } from '../app/view.ts'
import { isBusy, ofVisit, send } from '../app/visit.ts'
import { counted, date, rangeWords, signed } from '../parts/format.ts'
import { fact, mistakeNote, type Piece } from '../parts/pieces.ts'
import { aftermathWords, againstWords, backtestStateWords } from '../words/backtests.ts'
import { reasonWords } from '../words/codes.ts'
import { outcomeWords } from '../words/outcomes.ts'
import { backtests } from './backtests.ts'

/** What a draft of the policy would have made of events that were judged before. */

/** Why it was not called off, or not removed; stands beside the button. */
const mistake = ofVisit<string | null>(null)

const settled = { asked: () => mistake.set(null), refused: mistake.set }

/** Calls a backtest off that has not ended. */
const callOff = (id: string): Promise<boolean> =>
  send(() => post(backtestAnswer, `${onePath('backtests', id)}/cancel`, {}), {
    ...settled,
    done: () => state().visit?.read(),
  })

/** Removes one that has ended, and goes back to the list. */
const remove = (id: string): Promise<boolean> =>
  send(() => post(z.null(), `${onePath('backtests', id)}/remove`, {}), {
    ...settled,
    done: () => go(to('/backtests', {}, environmentShown())),
  })

const matrix = (
  result: BacktestResult,
): TemplateResult => html`<div class="scroll" tabindex="0" role="region" aria-label="Outcomes before and after">
  <table class="figures">
    <caption class="hidden">Outcomes before, in rows, and after, in columns</caption>
    <thead><tr><th scope="col">Before ↓ after →</th>${outcome.options.map((after) => html`<th scope="col">${outcomeWords[after]}</th>`)}</tr></thead>
    <tbody>${outcome.options.map(
      (before) => html`<tr><th scope="row">${outcomeWords[before]}</th>
        ${outcome.options.map((after) => html`<td class=${before === after || result.outcomes[before][after] === 0 ? 'quiet' : 'changed'}>${result.outcomes[before][after]}</td>`)}</tr>`,
    )}</tbody>
  </table></div>`

const kinds = aftermath.options

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

const share = (value: number | null): string => (value === null ? '–' : `${Math.round(100 * value)} %`)

/** How many frauds are found, and how many of those who are asked are frauds, from each tier on. */
const detection = ({ detection: { before, after }, result: { truth } }: BacktestAnswer): Piece => {
  const known = (of: Record<string, number>): number =>
    Object.values(of).reduce((sum, events) => sum + events, 0)
  const [frauds, honest] = [known(truth.fraud.after), known(truth.honest.after)]
  if (frauds === 0 && honest === 0) return nothing
  return html`<section data-stop tabindex="-1"><h2>Precision and recall</h2>
    <p class="quiet">Of ${counted(frauds, 'fraud')} and ${counted(honest, 'honest event')}: what is known by now.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Precision and recall"><table class="figures">
    <caption class="hidden">Precision and recall from each tier on, before and after</caption>
    <thead><tr><th scope="col">Asked from</th><th scope="col">Precision before</th><th scope="col">after</th><th scope="col">Recall before</th><th scope="col">after</th></tr></thead>
    <tbody>${after.map((row, nth) => html`<tr><th scope="row">${row.tier}</th><td>${share(before[nth]?.precision ?? null)}</td><td>${share(row.precision)}</td><td>${share(before[nth]?.recall ?? null)}</td><td>${share(row.recall)}</td></tr>`)}</tbody>
  </table></div></section>`
}

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
  <a data-stop href=${to('/sessions/:id', { id: one.session_id })}>${one.event_id}</a>
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
    ? html`<p role="status">${counted(one.progress.done, 'event')} read, ${Math.round(one.progress.share * 100)} % of the time range. <button type="button" ?disabled=${isBusy()} @click=${() => void state().visit?.read()}>Look again</button>
        <button type="button" ?disabled=${isBusy()} @click=${() => void callOff(one.id)}>Call it off</button></p>`
    : nothing

/** Only so many are kept: what nobody needs makes room. */
const removal = (one: BacktestAnswer): Piece =>
  isUnderWay(one)
    ? nothing
    : html`<section><h2>Remove it</h2>
        <p class="quiet">A result can’t be brought back; the backtest can be run again.</p>
        <button type="button" ?disabled=${isBusy()} @click=${() => void remove(one.id)}>Remove this backtest</button></section>`

const skipped = ({ skipped: why }: BacktestResult): string =>
  why.no_facts + why.test_instruction + why.unreadable === 0
    ? 'nothing'
    : `${why.no_facts} without stored facts, ${why.test_instruction} by test instruction, ${why.unreadable} unreadable`

const article = (one: BacktestAnswer): TemplateResult => html`<article class="story">
  <div class="bar"><h1 tabindex="-1">Backtest of ${one.policy_version}</h1><span class="mark state">${backtestStateWords[one.state]}</span></div>
  ${progress(one)}${mistakeNote(mistake.get())}${one.fault === null ? nothing : html`<p class="notice" role="alert">${one.fault}</p>`}
  ${lead(one.result)}
  <section data-stop tabindex="-1"><h2>Outcomes</h2>${matrix(one.result)}</section>
  <section data-stop tabindex="-1"><h2>What became of them</h2>${overlap(one.result)}</section>
  ${detection(one)}${rules(one.result)}${shifts(one.result)}${samples(one.result)}
  <section><h2>What was compared</h2><dl class="facts">
    ${fact('Events of', rangeWords(one))}
    ${fact('With', againstWords[one.against])}
    ${fact('Evaluated again', `${one.result.evaluated}, ${one.result.changed} of them changed`)}
    ${fact('Left out', skipped(one.result))}
    ${one.truncated && one.read_to !== null ? fact('Read to', date(Date.parse(one.read_to))) : nothing}
  </dl></section>
  ${removal(one)}
</article>`

export const backtest = defineView({
  path: '/backtests/:id',
  within: backtests,
  parse: (params) => params,
  load: ({ id }) => get(backtestAnswer, onePath('backtests', id)),
  draw: ({ data }) => article(data),
  title: ({ policy_version: version }) => `Backtest of ${version}`,
})
