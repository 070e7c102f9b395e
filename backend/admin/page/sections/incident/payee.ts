import { repeat } from 'lit/directives/repeat.js'
import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { DeskExposureLine, IncidentDetail } from '#contract/incident'
import { to } from '../../app/link.ts'
import { counted, exact, money } from '../../parts/format.ts'
import { when } from '../../parts/pieces.ts'

/** What is remembered of the incident's payee, and who else was let through to them. */

const memory = (payee: NonNullable<IncidentDetail['payee']>): TemplateResult => {
  const told =
    payee.reports === 0
      ? 'Nobody has reported this payee lately.'
      : `${counted(payee.reports, 'report')} within 30 days, ${payee.counted} counted now.`
  return html`<p>${payee.confirmed ? html`<strong>Confirmed as a scam’s.</strong> ` : nothing}${told}${payee.dismissed > 0 ? ` ${counted(payee.dismissed, 'report')} dismissed as a false alarm.` : ''}</p>`
}

const row = (session: DeskExposureLine): TemplateResult => html`<li>
  <a class="row exposed" data-stop href=${to('/sessions/:id', { id: session.session_id }, session.environment)}>
    <span class="when">${when(session.allowed_at)}</span>
    <span class="who">${session.user_id}${session.same_person ? ' (the same person)' : ''}</span>
    <span class="amount">${session.amount === null ? '–' : money(session.amount)}</span>
    <span class="state">${session.used_at === null ? 'not carried out' : html`<span title=${exact(session.used_at)}>carried out</span>`}</span>
  </a>
</li>`

const columns = html`<div class="row exposed head" aria-hidden="true"><span>Allowed</span><span>User</span><span class="amount">Amount</span><span>Decision</span></div>`

export const payeeSection = (detail: IncidentDetail): TemplateResult => {
  const { lines, more } = detail.exposure
  if (detail.payee === null && lines.length === 0)
    return html`<section data-stop tabindex="-1"><h2>Others who paid this payee</h2><p class="quiet">This action names no payee, or its data is gone.</p></section>`
  return html`<section data-stop tabindex="-1"><h2>Others who paid this payee</h2>
    ${detail.payee === null ? nothing : memory(detail.payee)}
    ${
      lines.length === 0
        ? html`<p class="quiet">Nobody else was let through to this payee within the last 30 days.</p>`
        : html`${columns}<ol class="rows">${repeat(lines, ({ session_id: id }) => id, row)}</ol>`
    }
    ${more ? html`<p class="quiet">There are more. <code>GET /incidents/${detail.incident.id}/exposure</code> lists all of them.</p>` : nothing}
  </section>`
}
