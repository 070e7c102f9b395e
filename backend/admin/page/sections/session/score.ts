import { html, nothing, svg, type TemplateResult } from 'lit/html.js'
import type { Reason } from '#contract/outcome'
import type { SessionDetail } from '#contract/session-detail'
import { to } from '../../app/link.ts'
import { signed } from '../../parts/format.ts'
import type { Piece } from '../../parts/pieces.ts'
import { reasonWords } from '../../words/codes.ts'
import { observedWords, outcomeWords } from '../../words/outcomes.ts'
import { stepWords } from '../../words/steps.ts'
import { rulesOf } from './rules.ts'

/** Why this score: a bar for each reason, as long as its points, and what nobody knew. */

const barMax = 100

/** Drawn, not styled: the page's policy allows no style attribute. */
const bar = (points: number): TemplateResult => {
  const width = Math.min(barMax, Math.abs(points))
  return html`<svg class="points" viewBox="0 0 ${barMax} 8" preserveAspectRatio="none" aria-hidden="true">${svg`<rect class="track" width=${barMax} height="8"></rect><rect class=${points < 0 ? 'minus' : 'plus'} width=${width} height="8"></rect>`}</svg>`
}

const reasonRow = (reason: Reason): TemplateResult => html`<li class="reason">
  <span class="figure">${signed(reason.points)}</span>${bar(reason.points)}
  <span><strong title=${reason.code}>${reasonWords(reason.code)}</strong> <span class="quiet">${reason.detail}</span></span>
</li>`

const heaviestFirst = (reasons: readonly Reason[]): readonly Reason[] =>
  [...reasons].sort((a, b) => b.points - a.points)

const unknownFacts = (names: readonly string[]): Piece =>
  names.length === 0
    ? nothing
    : html`<p>Nobody knew: ${names.map((name, at) => html`${at > 0 ? ', ' : ''}<code>${name}</code>`)}. <span class="quiet">Unknown facts add no points.</span></p>`

const observedOf = ({ observed }: SessionDetail): Piece =>
  observed === null
    ? nothing
    : html`<p class="notice">Nothing was enforced for this person and action: it ${observedWords[observed.outcome]}${observed.steps.length === 0 ? '' : ` (${observed.steps.map((step) => stepWords[step].short).join(', ')})`}.</p>`

const afterAnswers = (detail: SessionDetail): Piece =>
  detail.reasons_after.length === 0
    ? nothing
    : html`<h3>Then the answers: ${detail.score_after}</h3>
      <ol class="reasons">${detail.reasons_after.map(reasonRow)}</ol>`

export const scoreSection = (detail: SessionDetail): TemplateResult => {
  const { assessment } = detail
  return html`<section data-stop tabindex="-1"><h2>Why this score</h2>
    <p><strong class="big">${assessment.score}</strong> → ${outcomeWords[assessment.outcome].toLowerCase()}, ${assessment.tier} tier${assessment.steps.length === 0 ? '' : `: ${assessment.steps.map((step) => stepWords[step].short).join(', ')}`}
      <span class="quiet">policy <a href=${to('/policy/:id', { id: assessment.policy_version }, detail.summary.environment)}>${assessment.policy_version}</a></span></p>
    ${observedOf(detail)}
    ${assessment.reasons.length === 0 ? html`<p class="quiet">No reason raised the score.</p>` : html`<ol class="reasons">${heaviestFirst(assessment.reasons).map(reasonRow)}</ol>`}
    ${afterAnswers(detail)}${rulesOf(detail)}${unknownFacts(assessment.unknown)}
  </section>`
}
