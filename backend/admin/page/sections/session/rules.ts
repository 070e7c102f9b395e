import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { RuleError, RuleMatch } from '#contract/assessment'
import { type ExplainedRules, explainedRules } from '#contract/policy-detail'
import type { ExplainedCondition, RuleExplanation } from '#contract/rule'
import type { SessionDetail } from '#contract/session-detail'
import { get, type Refusal } from '../../app/api.ts'
import { to } from '../../app/link.ts'
import { answerHere, ofVisit } from '../../app/visit.ts'
import type { Piece } from '../../parts/pieces.ts'
import { effectWords, foundFigure, leafWords } from '../../words/conditions.ts'
import { outcomeWords } from '../../words/outcomes.ts'

/** Which rules matched, which one decided, and, when somebody asks, why the others did not match. */

const resultWords: Record<RuleExplanation['result'], string> = {
  true: 'true',
  false: 'not true',
  unknown: 'not known',
  error: 'could not be asked',
}

/** Why the rules matched or did not, once somebody asked. */
const explained = ofVisit<'loading' | ExplainedRules | Refusal | null>(null)

/** Asks once, when the reader opens that part. */
const explain = async (id: string): Promise<void> => {
  if (explained.get() !== null) return
  explained.set('loading')
  const answer = await answerHere(get(explainedRules, `/api/sessions/${encodeURIComponent(id)}/rules`))
  if (answer !== null) explained.set(answer.ok ? answer.value : answer)
}

const matchRow = (match: RuleMatch): TemplateResult => html`<li>
  <strong title=${match.rule_id}>${match.name}</strong>
  <span class="quiet">${effectWords(match.effect)}${match.mode === 'live' ? '' : ' · preview, changes nothing'}</span>
  ${match.decided ? html`<span class="mark">decided</span>` : nothing}
</li>`

/** Counted as not matched; the others were asked as ever. */
const errorRow = ({ rule_id, message }: RuleError): TemplateResult =>
  html`<li><strong>${rule_id}</strong> <span class="quiet">${message}</span></li>`

/** What was found: of a signal how severe it was, of a fact its value. */
const foundWords = (
  { asked, value, other }: Extract<ExplainedCondition, { asked: unknown }>,
  currency: string | null,
): string => {
  if (other !== undefined)
    return `${foundFigure(asked, value, currency)} beside ${foundFigure(asked, other, currency)}`
  if (!('signal' in asked) || typeof value !== 'number') return foundFigure(asked, value, currency)
  return value === 0 ? 'quiet' : `raised, ${Math.round(value * 100)} % severe`
}

const conditionTree = (condition: ExplainedCondition, currency: string | null): TemplateResult => {
  const result = html`<span class="found ${condition.result}">${resultWords[condition.result]}</span>`
  if ('asked' in condition)
    return html`<li>${result} ${leafWords(condition.asked, currency)} <span class="quiet">it was ${foundWords(condition, currency)}</span></li>`
  const [word, parts] =
    'all' in condition
      ? ['all of', condition.all]
      : 'any' in condition
        ? ['any of', condition.any]
        : ['not', [condition.not]]
  return html`<li>${result} ${word}<ul>${parts.map((part) => conditionTree(part, currency))}</ul></li>`
}

const explanation = (rule: RuleExplanation, currency: string | null): TemplateResult => html`<li>
  <strong title=${rule.rule_id}>${rule.name}</strong> <span class="quiet">${rule.mode} · ${resultWords[rule.result]}${rule.error === null ? '' : `: ${rule.error}`}</span>
  ${rule.when === null ? nothing : html`<ul>${conditionTree(rule.when, currency)}</ul>`}
</li>`

const explanations = (currency: string | null): TemplateResult => {
  const answer = explained.get()
  if (answer === null || answer === 'loading') return html`<p class="quiet" role="status">Reading …</p>`
  if ('reason' in answer) return html`<p>${answer.detail}</p>`
  if (answer.rules.length === 0) return html`<p class="quiet">${answer.policy_version} has no rules.</p>`
  return html`<ul class="explained">${answer.rules.map((rule) => explanation(rule, currency))}</ul>`
}

const shadowed = ({ shadow_evaluation: shadow, assessment, summary }: SessionDetail): Piece =>
  shadow === null
    ? nothing
    : html`<p>In preview, <a href=${to('/policy/:id', { id: shadow.policy_version }, summary.environment)}>${shadow.policy_version}</a> would have said
        <strong>${outcomeWords[shadow.outcome].toLowerCase()}</strong>, ${shadow.score} points, ${shadow.tier} tier${shadow.outcome === assessment.outcome ? ': the same outcome' : ''}.</p>`

/** Matched rules, those that could not be asked, the shadow evaluation, and the way to ask about the rest. */
export const rulesOf = (detail: SessionDetail): TemplateResult => {
  const { rule_matches: matches, rule_errors: errors } = detail.assessment
  const onToggle = (event: Event): void => {
    if (event.target instanceof HTMLDetailsElement && event.target.open) void explain(detail.summary.id)
  }
  return html`
    ${matches.length === 0 ? html`<p class="quiet">No rule matched.</p>` : html`<p>Rules that matched:</p><ul>${matches.map(matchRow)}</ul>`}
    ${errors.length === 0 ? nothing : html`<p>Rules that could not be asked, and changed nothing:</p><ul>${errors.map(errorRow)}</ul>`}
    ${shadowed(detail)}
    <details @toggle=${onToggle}><summary>Why each rule matched or did not</summary>${explanations(detail.summary.amount?.currency ?? null)}</details>`
}
