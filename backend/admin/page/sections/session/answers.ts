import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { SessionDetail } from '#contract/session-detail'
import { clock, duration, signed } from '../../parts/format.ts'
import { reasonWords } from '../../words/codes.ts'
import { stepWords } from '../../words/steps.ts'

/** What the person was shown and what they answered, each answer beside what the site observed. */

type Step = SessionDetail['steps'][number]
type Answer = SessionDetail['answers'][number]

const stepTimes = (step: Step): TemplateResult | string => {
  if (step.prepared_at === null) return 'not reached'
  if (step.shown_at === null)
    return html`not opened, as far as we know; ready since ${clock(step.prepared_at)}`
  if (step.dwell_ms === null) return html`shown ${clock(step.shown_at)}, not finished`
  if (step.shown_at === step.finished_at)
    return html`answered ${clock(step.shown_at)}, ${duration(step.dwell_ms)} after it was ready; when it was opened is not known`
  return html`shown ${clock(step.shown_at)}, took ${duration(step.dwell_ms)}`
}

/** What counts for or against an answer, beside it. */
const beside = (
  heading: string,
  lines: readonly (TemplateResult | string)[],
): TemplateResult | typeof nothing =>
  lines.length === 0
    ? nothing
    : html`<div><strong>${heading}</strong><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></div>`

/** An answer in the words that were shown, or in those of its step, and beside it what was observed and what it was worth. */
const answered = (answer: Answer): TemplateResult => {
  const { asked, dwell_ms: dwell, observed, reasons, contradicted } = answer
  return html`${asked === null ? nothing : html`<p>${asked}${dwell === null ? nothing : html` <span class="quiet">took ${duration(dwell)}</span>`}</p>`}
  <div class="beside ${contradicted ? 'against' : ''}">
    <blockquote>${answer.said ?? stepWords[answer.step].answers?.[answer.answer] ?? answer.answer}</blockquote>
    ${beside(contradicted ? 'But the site observed' : 'Meanwhile the site observed', observed)}
    ${beside(
      contradicted ? 'Against that' : 'Which counts',
      reasons.map(
        ({ detail, code, points }) =>
          html`${detail} <span class="quiet">${reasonWords(code)}, ${signed(points)}</span>`,
      ),
    )}
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
