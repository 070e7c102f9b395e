import { html, type TemplateResult } from 'lit/html.js'
import { type IncidentDetail, incidentDetail } from '#contract/incident'
import { get, onePath } from '../app/api.ts'
import { to } from '../app/link.ts'
import { defineView } from '../app/view.ts'
import { exact } from '../parts/format.ts'
import { holdEntry } from '../parts/hold.ts'
import { fact, when } from '../parts/pieces.ts'
import { sessionRow } from '../parts/session-row.ts'
import { dispositionSection } from '../sections/incident/disposition.ts'
import { payeeSection } from '../sections/incident/payee.ts'
import { actionWords } from '../words/codes.ts'
import { causeWords, incidentState, nextWords } from '../words/incidents.ts'
import { incidents } from './incidents.ts'

/** One incident: what happened, what to do next, what it came to. */

const article = (detail: IncidentDetail): TemplateResult => {
  const { incident, session, report, hold } = detail
  return html`
  <article class="story">
    <div class="bar"><h1 tabindex="-1">Case ${incident.case_reference}</h1><span class="state">${incident.status}${incident.disposition === null ? '' : `, ${incidentState(incident)}`}</span></div>
    <p class="lead">${causeWords[incident.cause]}. ${nextWords[incident.cause]}</p>
    <section data-stop tabindex="-1"><h2>What happened</h2>
      <dl class="facts">
        ${fact('Opened', html`${when(incident.created_at)} <span class="quiet">${exact(incident.created_at)}</span>`)}
        ${fact('User', html`<a href=${to('/?user', { user: incident.user_id }, incident.environment)}>${incident.user_id}</a>`)}
        ${fact('Action', actionWords(incident.action))}
        ${fact('Score', incident.score)}
        ${fact('Hold', hold === null ? 'none open from this session' : holdEntry(hold, { user: incident.user_id, session_id: incident.session_id }))}
        ${fact('Incident', html`<code>${incident.id}</code>`)}
      </dl>
    </section>
    <section data-stop tabindex="-1"><h2>What the person told us</h2>
      ${report === null ? html`<p class="quiet">Nothing. The report is optional, and most people don't write one.</p>` : html`<blockquote>${report.details === '' ? 'Reported without words.' : report.details}</blockquote><p class="quiet">${when(report.at)}</p>`}
    </section>
    ${payeeSection(detail)}
    ${dispositionSection(detail)}
    <section><h2>The session</h2>
      ${session === null ? html`<p class="quiet">Its data has been erased or is past its retention.</p>` : html`<ol class="rows">${sessionRow(session)}</ol>`}
    </section>
  </article>`
}

export const incident = defineView({
  path: '/incidents/:id',
  within: incidents,
  parse: (params) => params,
  load: ({ id }) => get(incidentDetail, onePath('incidents', id)),
  draw: ({ data }) => article(data),
  title: ({ incident: { case_reference: reference } }) => `Incident ${reference}`,
})
