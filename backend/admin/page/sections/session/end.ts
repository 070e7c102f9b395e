import { repeat } from 'lit/directives/repeat.js'
import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { ConsequenceKind, SessionDetail } from '#contract/session-detail'
import type { StepType } from '#contract/step'
import { type AlertFailure, alertFailure } from '#contract/trail'
import { to } from '../../app/link.ts'
import { state } from '../../app/state.ts'
import { clock } from '../../parts/format.ts'
import { holdEntry } from '../../parts/hold.ts'
import { fact, factIfKnown, type Piece, when } from '../../parts/pieces.ts'
import { causeWords } from '../../words/incidents.ts'
import { outcomeWords, resolutionWords } from '../../words/outcomes.ts'
import { stepWords } from '../../words/steps.ts'

/** What went out, and what it ended as. */

const deliveryWords = {
  sending: 'on its way',
  sent: 'taken by the mail server',
  retrying: 'refused so far, being tried again',
} as const

const pendingWords: Record<Exclude<ConsequenceKind, 'step_message'>, string> = {
  incident: 'the incident',
  alert_mail: 'the mail to your security team',
  scam_report: 'the scam report',
  payee_reported: 'the word to open sessions with this payee',
  learn: 'what this teaches about the person',
  reverification: 'the release of holds',
}

/** `code by mail` → `Code by mail`. */
const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

const messageWords = (step: StepType): string => stepWords[step].message ?? stepWords[step].short

const messageFacts = ({ messages }: SessionDetail): Piece =>
  messages.length === 0
    ? html`<p class="quiet">No code was sent.</p>`
    : html`<dl class="facts">${messages.map(
        (message) => html`
      ${fact(capital(messageWords(message.step)), html`${message.sends} sent, the last at ${clock(message.sent_at)}, ${deliveryWords[message.delivery]}`)}
      ${fact('Wrong codes', message.tries)}
      ${fact('Good until', clock(message.expires_at))}`,
      )}</dl>`

const kindWords = ({ kind, step }: SessionDetail['pending'][number]): string =>
  kind === 'step_message' ? `the ${step === null ? 'message' : messageWords(step)}` : pendingWords[kind]

const pending = (rows: SessionDetail['pending']): Piece =>
  rows.length === 0
    ? nothing
    : html`<p>Still to be carried out: ${rows.map((row, at) => html`${at > 0 ? ', ' : ''}${kindWords(row)}`)}.</p>`

export const sentSection = (detail: SessionDetail): TemplateResult =>
  html`<section data-stop tabindex="-1"><h2>What went out</h2>${messageFacts(detail)}${pending(detail.pending)}</section>`

const tokenWords = ({ decision }: SessionDetail): TemplateResult | string => {
  if (decision === null) return 'none yet'
  if (decision.revoked_at !== null) return html`revoked ${when(decision.revoked_at)}`
  if (decision.used_at !== null)
    return html`spent ${when(decision.used_at)}${decision.redemption === 'held' ? ', and refused: a hold had been opened' : ''}`
  if (decision.outcome !== 'allow') return 'says no; nothing can be done with it'
  return decision.expires_at > state().now
    ? html`not spent yet, ends ${when(decision.expires_at)}`
    : html`never spent, ended ${when(decision.expires_at)}`
}

/** What stopped it at once was the score, unless a rule asked for it. */
const becauseWords = ({ cause, assessment }: SessionDetail): string | null => {
  if (cause === null) return null
  const rule = assessment.rule_matches.find(({ decided }) => decided)
  return cause === 'blocked' && rule?.effect.outcome === 'block_escalate'
    ? `Stopped by the rule “${rule.name}”`
    : causeWords[cause]
}

const endWords = (detail: SessionDetail): TemplateResult | string => {
  if (detail.resolution === null) return html`still open, until ${clock(detail.deadline_at)} at the latest`
  return html`${outcomeWords[detail.summary.outcome]}: ${resolutionWords[detail.resolution]}${detail.resolved_at === null ? '' : html`, ${when(detail.resolved_at)}`}`
}

const holds = (detail: SessionDetail): Piece =>
  detail.holds.length === 0
    ? nothing
    : fact(
        'Holds on this person',
        html`<ul class="holds">${repeat(
          detail.holds,
          (hold) => hold.id,
          (hold) =>
            html`<li>${holdEntry(hold, { user: detail.summary.user_id, session_id: detail.summary.id })}${hold.session_id === detail.summary.id ? ' (from this session)' : html` (<a href=${to('/sessions/:id', { id: hold.session_id }, detail.summary.environment)}>its session</a>)`}</li>`,
        )}</ul>`,
      )

/** Why nobody was told, by the code in the trail. */
const untoldWords: Record<AlertFailure, string> = {
  no_security_contact: 'not told: this organisation has no security contact',
  not_accepted_yet: 'not told yet: the mail was not accepted, and is tried again',
  given_up: 'not told: the mail was never accepted',
}

/** Whether anybody heard of the incident, as the trail has it. */
const toldOf = ({ trail }: SessionDetail): Piece => {
  const alerts = trail.entries.filter(({ action }) => action === 'alert.sent' || action === 'alert.failed')
  const sent = alerts.find(({ action }) => action === 'alert.sent')
  if (sent !== undefined) return fact('Security team', html`told by mail ${when(sent.at)}`)
  const reason = alertFailure.safeParse(alerts.at(-1)?.meta['reason'])
  return reason.success ? fact('Security team', untoldWords[reason.data]) : nothing
}

export const endSection = (detail: SessionDetail): TemplateResult => {
  const { incident, summary } = detail
  return html`<section data-stop tabindex="-1"><h2>What it ended as</h2>
    <dl class="facts wide">
      ${fact('Outcome', endWords(detail))}
      ${factIfKnown('Because', becauseWords(detail))}
      ${fact('Decision token', tokenWords(detail))}
      ${holds(detail)}
      ${incident === null ? nothing : fact('Incident', html`<a href=${to('/incidents/:id', { id: incident.id }, summary.environment)}>Case ${incident.case_reference}</a>, ${incident.status}`)}
      ${toldOf(detail)}
      ${detail.report === null ? nothing : fact('What the person told us', html`<blockquote>${detail.report.details === '' ? 'Reported without words.' : detail.report.details}</blockquote>`)}
    </dl>
  </section>`
}
