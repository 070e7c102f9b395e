import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { SessionSummary } from '#contract/session-summary'
import { to } from '../app/link.ts'
import { actionWords, reasonWords } from '../words/codes.ts'
import { observedWords, standing } from '../words/outcomes.ts'
import { money } from './format.ts'
import { outcomeMark, type Piece, when } from './pieces.ts'

/** A session in a list: everything that decides whether to open it. */

const scoreOf = (session: SessionSummary): string =>
  session.score_after === session.score ? `${session.score}` : `${session.score} → ${session.score_after}`

/** What would have become of it if anything were enforced. */
const observedMark = ({ observed_outcome: would }: SessionSummary): Piece =>
  would === null || would === 'allow' ? nothing : html`<span class="mark">${observedWords[would]}</span>`

const marks = (session: SessionSummary): Piece =>
  html`${session.contradicted ? html`<span class="mark">contradiction</span>` : nothing}${session.held ? html`<span class="mark">hold</span>` : nothing}${observedMark(session)}${session.incident_id === null ? nothing : html`<span class="mark">incident</span>`}`

/** `isForeign`: it is of the environment that is not shown, which a reference finds too. */
export const sessionRow = (session: SessionSummary, isForeign = false): TemplateResult => html`<li>
  <a class="row session" data-stop href=${to('/sessions/:id', { id: session.id }, session.environment)}>
    <span class="when">${when(session.created_at)}</span>
    <span class="came">${outcomeMark(session.outcome, session.status === 'open')} <span class="standing">${standing(session)}</span></span>
    <span class="score">${scoreOf(session)}</span>
    <span class="what">${actionWords(session.action)}</span>
    <span class="amount">${session.amount === null ? '' : money(session.amount)}</span>
    <span class="who">${session.user_id}</span>
    <span class="why">${marks(session)}${isForeign ? html`<span class="mark">${session.environment}</span>` : nothing}${session.top_reasons.map(reasonWords).join(' · ')}</span>
  </a>
</li>`
