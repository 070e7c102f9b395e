import { repeat } from 'lit/directives/repeat.js'
import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { DeskIncident, IncidentDetail } from '#contract/incident'
import { exact } from '../format.ts'
import { loadMore } from '../load.ts'
import { noFilter } from '../place.ts'
import { environmentShown, type Loaded, state } from '../state.ts'
import { actionWords, causeWords, nextWords, verdictWords } from '../words.ts'
import { holdEntry } from './hold.ts'
import { empty, fact, type Piece, to, when } from './parts.ts'
import { sessionRow } from './session-list.ts'
import { chapterPayee, chapterVerdict } from './verdict.ts'

/** Open, or what it came to. */
const stateOf = ({ status, disposition }: DeskIncident): string =>
  disposition === null ? status : verdictWords[disposition].toLowerCase()

const row = (incident: DeskIncident): TemplateResult => html`<li>
  <a class="row incident" data-stop href=${to({ name: 'incident', id: incident.id }, incident.environment)}>
    <span class="when">${when(incident.created_at)}</span>
    <span class="reference">${incident.case_reference}</span>
    <span class="cause">${causeWords[incident.cause]}</span>
    <span class="score">${incident.score}</span>
    <span class="what">${actionWords(incident.action)}</span>
    <span class="who">${incident.user_id}</span>
    <span class="state">${stateOf(incident)}</span>
  </a>
</li>`

const columns = html`<div class="row incident head" aria-hidden="true">
  <span>Opened</span><span>Case</span><span>Cause</span><span class="score">Score</span><span>Action</span><span>User</span><span>State</span>
</div>`

export const olderButton = (next: string | null): Piece =>
  next === null
    ? nothing
    : html`<p class="more"><button type="button" ?disabled=${state().busy} @click=${() => void loadMore()}>${state().busy ? 'Reading …' : 'Older ones'}</button></p>`

export const incidentList = (loaded: Extract<Loaded, { kind: 'incidents' }>): TemplateResult => html`
  <div class="bar"><h1 tabindex="-1">Incidents</h1></div>
  ${
    loaded.incidents.length === 0
      ? empty(
          `No ${environmentShown()} incidents`,
          html`<p>An incident opens when a person says that somebody is guiding them, when their answer contradicts what your site observed, or when an attempt is stopped. It carries a case reference such as <code>K7-4Q9M</code>, which the person may read out to your support desk: type it into the search.</p>`,
        )
      : html`${columns}<ol class="rows">${repeat(loaded.incidents, (incident) => incident.id, row)}</ol>`
  }
  ${olderButton(loaded.next)}`

export const incidentView = (story: IncidentDetail): TemplateResult => {
  const { incident, session, report, hold } = story
  return html`
  <article class="story">
    <div class="bar"><h1 tabindex="-1">Case ${incident.case_reference}</h1><span class="state">${incident.status}${incident.disposition === null ? '' : `, ${stateOf(incident)}`}</span></div>
    <p class="lead">${causeWords[incident.cause]}. ${nextWords[incident.cause]}</p>
    <section data-stop tabindex="-1"><h2>What happened</h2>
      <dl class="facts">
        ${fact('Opened', html`${when(incident.created_at)} <span class="quiet">${exact(incident.created_at)}</span>`)}
        ${fact('User', html`<a href=${to({ name: 'sessions', filter: { ...noFilter, user: incident.user_id } }, incident.environment)}>${incident.user_id}</a>`)}
        ${fact('Action', actionWords(incident.action))}
        ${fact('Score', incident.score)}
        ${fact('Hold', hold === null ? 'none open from this session' : holdEntry(hold, { user: incident.user_id, session_id: incident.session_id }))}
        ${fact('Incident', html`<code>${incident.id}</code>`)}
      </dl>
    </section>
    <section data-stop tabindex="-1"><h2>What the person told us</h2>
      ${report === null ? html`<p class="quiet">Nothing. The report is optional, and most people don't write one.</p>` : html`<blockquote>${report.details === '' ? 'Reported without words.' : report.details}</blockquote><p class="quiet">${when(report.at)}</p>`}
    </section>
    ${chapterPayee(story)}
    ${chapterVerdict(story)}
    <section><h2>The session</h2>
      ${session === null ? html`<p class="quiet">Its data has been erased or is past its retention.</p>` : html`<ol class="rows">${sessionRow(session)}</ol>`}
    </section>
  </article>`
}
