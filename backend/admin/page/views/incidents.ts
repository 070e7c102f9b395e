import { repeat } from 'lit/directives/repeat.js'
import { html, type TemplateResult } from 'lit/html.js'
import { type DeskIncident, incidentPage } from '#contract/incident'
import { get, listPath } from '../app/api.ts'
import { to } from '../app/link.ts'
import { environmentShown } from '../app/state.ts'
import { defineView } from '../app/view.ts'
import { empty, olderButton, when } from '../parts/pieces.ts'
import { actionWords } from '../words/codes.ts'
import { causeWords, incidentState } from '../words/incidents.ts'

/** Incidents, newest first. */

const row = (incident: DeskIncident): TemplateResult => html`<li>
  <a class="row incident" data-stop href=${to('/incidents/:id', { id: incident.id }, incident.environment)}>
    <span class="when">${when(incident.created_at)}</span>
    <span class="reference">${incident.case_reference}</span>
    <span class="cause">${causeWords[incident.cause]}</span>
    <span class="score">${incident.score}</span>
    <span class="what">${actionWords(incident.action)}</span>
    <span class="who">${incident.user_id}</span>
    <span class="state">${incidentState(incident)}</span>
  </a>
</li>`

const columns = html`<div class="row incident head" aria-hidden="true">
  <span>Opened</span><span>Case</span><span>Cause</span><span class="score">Score</span><span>Action</span><span>User</span><span>State</span>
</div>`

const noneYet = (): TemplateResult =>
  empty(
    `No ${environmentShown()} incidents`,
    html`<p>An incident opens when a person says that somebody is guiding them, when their answer contradicts what your site observed, or when an attempt is stopped. It carries a case reference such as <code>K7-4Q9M</code>, which the person may read out to your support desk: type it into the search.</p>`,
  )

export const incidents = defineView({
  path: '/incidents',
  room: 'Incidents',
  parse: (params) => params,
  load: (_, cursor) => get(incidentPage, listPath('incidents', { cursor })),
  pages: {
    next: ({ next }) => next,
    append: (before, more) => ({ ...more, incidents: [...before.incidents, ...more.incidents] }),
  },
  draw: ({ data }) => html`
  <div class="bar"><h1 tabindex="-1">Incidents</h1></div>
  ${data.incidents.length === 0 ? noneYet() : html`${columns}<ol class="rows">${repeat(data.incidents, ({ id }) => id, row)}</ol>`}
  ${olderButton(data.next)}`,
})
