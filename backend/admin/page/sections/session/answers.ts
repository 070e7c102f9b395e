import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { SessionDetail } from '#contract/session-detail'
import { clock, duration, signed } from '../../parts/format.ts'
import { reasonWords } from '../../words/codes.ts'
import { stepWords } from '../../words/steps.ts'

/** What the person was shown and what they answered, each answer beside what the site observed. */

type Step = SessionDetail['steps'][number]
type Answer = SessionDetail['answers'][number]

type QuestionAnswer = Extract<Answer, { step: 'questions' }>

const words = (answer: Exclude<Answer, QuestionAnswer>): string =>
  stepWords[answer.step].answers?.[answer.answer] ?? answer.answer

const stepTimes = (step: Step): TemplateResult | string => {
  if (step.prepared_at === null) return 'not reached'
  if (step.shown_at === null)
    return html`not opened, as far as we know; ready since ${clock(step.prepared_at)}`
  if (step.dwell_ms === null) return html`shown ${clock(step.shown_at)}, not finished`
  if (step.shown_at === step.finished_at)
    return html`answered ${clock(step.shown_at)}, ${duration(step.dwell_ms)} after it was ready; when it was opened is not known`
  return html`shown ${clock(step.shown_at)}, took ${duration(step.dwell_ms)}`
}

/** A specific question as it was shown, what was said, and beside it what that was worth. */
const specific = (answer: QuestionAnswer): TemplateResult => {
  const { reasons, contradicted } = answer
  return html`<p>${answer.asked} <span class="quiet">took ${duration(answer.dwell_ms)}</span></p>
  <div class="beside ${contradicted ? 'against' : ''}">
    <blockquote>${answer.said}</blockquote>
    ${reasons.length === 0 ? nothing : html`<div><strong>${contradicted ? 'Against that' : 'Which counts'}</strong><ul>${reasons.map((reason) => html`<li>${reason.detail} <span class="quiet">${reasonWords(reason.code)}, ${signed(reason.points)}</span></li>`)}</ul></div>`}
  </div>`
}

const answered = (answer: Answer): TemplateResult => {
  if (answer.step === 'questions') return specific(answer)
  const { observed, contradicted } = answer
  return html`<div class="beside ${contradicted ? 'against' : ''}">
    <blockquote>${words(answer)}</blockquote>
    ${observed.length === 0 ? nothing : html`<div><strong>${contradicted ? 'But the site observed' : 'Meanwhile the site observed'}</strong><ul>${observed.map((text) => html`<li>${text}</li>`)}</ul></div>`}
  </div>`
}

const stepRow = (step: Step, answers: readonly Answer[]): TemplateResult => html`<li class="step">
  <p><strong>${stepWords[step.type].title}</strong> <span class="quiet">${stepTimes(step)}${step.outcome === null ? '' : ` · ${step.outcome.replaceAll('_', ' ')}`}</span></p>
  ${answers.filter((answer) => answer.step === step.type).map(answered)}
</li>`

export const answersSection = (detail: SessionDetail): TemplateResult => html`
  <section data-stop tabindex="-1"><h2>What the person was shown and answered</h2>
    ${
      detail.steps.length === 0
        ? html`<p class="quiet">No step: ${detail.assessment.outcome === 'allow' ? 'the action was allowed at once, and the person saw nothing.' : 'the attempt was stopped at once, and the page told the person what to do.'}</p>`
        : html`<ol class="steps">${detail.steps.map((step) => stepRow(step, detail.answers))}</ol>
          <p class="quiet">Wording ${detail.assessment.wording.replaceAll('_', ' ')}, variant ${detail.wording_variant}${detail.question_set === null ? '' : `, ${detail.question_set}`}${detail.tier === detail.assessment.tier ? '' : `; the answers raised the tier to ${detail.tier}`}.</p>`
    }
  </section>`
