import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { SessionDetail } from '#contract/session-detail'
import { date, duration, money } from '../../parts/format.ts'
import { fact, factIfKnown, when, yesNo } from '../../parts/pieces.ts'
import { actionWords } from '../../words/codes.ts'

/** What was asked: the event as the site sent it. Names and accounts stand as they were typed. */

const matchWords = {
  match: 'matches',
  close: 'nearly matches',
  no_match: 'does not match',
  unknown: 'unknown',
} as const

const joined = (...parts: (string | null)[]): string | null =>
  parts.filter((part) => part !== null).join(', ') || null

const payeeFacts = ({
  event,
  context_at_ingest: context,
}: SessionDetail): TemplateResult | typeof nothing => {
  const { payee } = event
  if (payee === null) return nothing
  return html`
    ${fact('Payee as typed', payee.name)}
    ${fact('Account', joined(payee.account, payee.country))}
    ${fact('New for this person', yesNo(payee.is_new))}
    ${factIfKnown('Payee added', payee.added_at === null ? null : when(payee.added_at))}
    ${fact('Name at the payee’s bank', context.payee_name_match === null ? null : matchWords[context.payee_name_match])}
    ${factIfKnown('Payee pasted', yesNo(event.telemetry.payee_pasted))}`
}

export const askedSection = (detail: SessionDetail): TemplateResult => {
  const { event, context_at_ingest: context } = detail
  const { user, network, telemetry } = event
  return html`<section data-stop tabindex="-1"><h2>What was asked</h2>
    <dl class="facts">
      ${fact('Action', actionWords(event.action))}
      ${event.amount === null ? nothing : fact('Amount', html`${money(event.amount)}${event.amount_high === true ? html` <span class="quiet">high for this person</span>` : nothing}`)}
      ${factIfKnown('Target', event.target)}
      ${payeeFacts(detail)}
      ${fact('E-mail on file', html`${user.email ?? html`<span class="unknown">none</span>`}${user.email_changed_at === null ? nothing : html` <span class="quiet">changed ${when(user.email_changed_at)}</span>`}`)}
      ${factIfKnown('Phone', user.phone)}
      ${fact('Customer since', user.created_at === null ? null : date(user.created_at))}
      ${fact('Call active', yesNo(context.call_active))}
      ${fact('Remote access', yesNo(context.remote_access))}
      ${fact('Screen shared', yesNo(context.screen_shared))}
      ${fact('Place', joined(event.location.city, event.location.country))}
      ${fact('Network', joined(network.ip, network.type, network.public === true ? 'public' : null, network.anonymizer === true ? 'anonymizer' : null))}
      ${fact('Device', event.device.id)}
      ${fact('Browser', event.device.user_agent)}
      ${factIfKnown('Language and time zone', joined(telemetry.language, telemetry.time_zone))}
      ${factIfKnown('Time on the form', telemetry.dwell_ms === null ? null : duration(telemetry.dwell_ms))}
    </dl>
    ${event.metadata === null || event.metadata === '{}' ? nothing : html`<details><summary>What the site added</summary><pre tabindex="0">${event.metadata}</pre></details>`}
  </section>`
}
