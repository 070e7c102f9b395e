import { repeat } from 'lit/directives/repeat.js'
import { html, nothing, type TemplateResult } from 'lit/html.js'
import { readReferences } from '#contract/case-reference'
import type { SessionSummary } from '#contract/session-summary'
import { counted, date, exact, money } from '../format.ts'
import { showWaiting } from '../keys.ts'
import { loadMore } from '../load.ts'
import { type Filter, noFilter } from '../place.ts'
import { environmentShown, type Loaded, state } from '../state.ts'
import { actionWords, outcomeWords, reasonWords, standing } from '../words.ts'
import { empty, outcomeMark, type Piece, to, when } from './parts.ts'

/** Sessions, newest first: one line each, everything that decides whether to open it. */

const isFiltered = (filter: Filter): boolean => Object.values(filter).some((value) => value !== null)

const scoreOf = (line: SessionSummary): string =>
  line.score_after === line.score ? `${line.score}` : `${line.score} → ${line.score_after}`

const marks = (line: SessionSummary): Piece =>
  html`${line.contradicted ? html`<span class="mark">contradiction</span>` : nothing}${line.held ? html`<span class="mark">hold</span>` : nothing}${line.incident_id === null ? nothing : html`<span class="mark">incident</span>`}`

export const sessionRow = (line: SessionSummary): TemplateResult => html`<li>
  <a class="row session" data-stop href=${to({ name: 'session', id: line.id }, line.environment)}>
    <span class="when">${when(line.created_at)}</span>
    <span class="came">${outcomeMark(line.outcome, line.status === 'open')} <span class="standing">${standing(line)}</span></span>
    <span class="score">${scoreOf(line)}</span>
    <span class="what">${actionWords(line.action)}</span>
    <span class="amount">${line.amount === null ? '' : money(line.amount)}</span>
    <span class="who">${line.user_id}</span>
    <span class="why">${marks(line)}${state().place.view.name === 'sessions' && line.environment !== environmentShown() ? html`<span class="mark">${line.environment}</span>` : nothing}${line.top_reasons.map(reasonWords).join(' · ')}</span>
  </a>
</li>`

const columns = html`<div class="row session head" aria-hidden="true">
  <span>Started</span><span>Outcome</span><span class="score">Score</span><span>Action</span><span class="amount">Amount</span><span>User</span><span>Why</span>
</div>`

const choices = <Value extends string>(
  name: string,
  filter: Filter,
  key: 'outcome' | 'status',
  values: readonly { value: Value | null; text: string }[],
): TemplateResult => html`<div class="choice" role="group" aria-label=${name}>
  ${values.map(({ value, text }) => html`<a href=${to({ name: 'sessions', filter: { ...filter, [key]: value } })} aria-current=${filter[key] === value ? 'true' : 'false'}>${text}</a>`)}
</div>`

const filters = (filter: Filter): TemplateResult => html`<div class="filters">
  ${choices('Outcome', filter, 'outcome', [
    { value: null, text: 'All' },
    { value: 'allow', text: outcomeWords.allow },
    { value: 'delay_verify', text: outcomeWords.delay_verify },
    { value: 'block_escalate', text: outcomeWords.block_escalate },
  ])}
  ${choices('Status', filter, 'status', [
    { value: null, text: 'Any state' },
    { value: 'open', text: 'Open' },
    { value: 'resolved', text: 'Resolved' },
  ])}
  ${filter.user === null ? nothing : html`<a class="chip" href=${to({ name: 'sessions', filter: { ...filter, user: null } })} title="Show everybody again">user ${filter.user} ×</a>`}
  ${filter.reference === null ? nothing : html`<a class="chip" href=${to({ name: 'sessions', filter: { ...filter, reference: null } })} title="Show all cases again">case ${filter.reference} ×</a>`}
</div>`

/** Always as high as it can get, so that nothing below it moves when somebody arrives. */
const arrivals = (): TemplateResult => {
  const { waiting } = state()
  const text = `Show ${counted(waiting.length, 'new session')}`
  return html`<div class="arrivals" role="status">${waiting.length === 0 ? nothing : html`<button type="button" @click=${showWaiting}>${text} <kbd>n</kbd></button>`}</div>`
}

const firstEvent = `POST /events/ingest
Authorization: Bearer ase_${'<live or test>'}_…
Content-Type: application/json

{ "action": "transfer",
  "user": { "id": "u_42", "email": "ana@example.com" },
  "amount": { "value": 1000000, "currency": "USD" },
  "payee": { "name": "J. Smith", "account": "GB33BUKB20201555555555" } }`

/** What the search understands: said where it has found nothing. */
const searchHelp = html`<p>The search at the top takes a case reference such as <code>K7-4Q9M</code> in any spelling, an id that begins with <code>ses_</code>, <code>evt_</code> or <code>inc_</code>, or the exact id that your site sends as <code>user.id</code>.</p>`

const otherEnvironment = (): TemplateResult => {
  const { view } = state().place
  const other = environmentShown() === 'live' ? 'test' : 'live'
  return html`<a href=${to(view, other)}>Look in ${other === 'live' ? 'Live' : 'Test'}</a>`
}

/** Why a filter left nothing, in the words of that filter. */
const whyNothing = (filter: Filter, searchedTo: number | null): unknown => {
  if (filter.reference !== null)
    return html`No session was given the reference ${filter.reference}, or its data is past its retention. Ask for it once more, letter by letter; or search for the person’s id.`
  if (filter.user !== null && searchedTo === null)
    return html`Nobody with the id ${filter.user} has a session in ${environmentShown() === 'live' ? 'Live' : 'Test'}${readReferences(filter.user).length === 0 ? '' : ', and no case has this reference'}.`
  return searchedTo === null
    ? html`There are no ${environmentShown()} sessions yet.`
    : html`Looked back to <time datetime=${new Date(searchedTo).toISOString()}>${date(searchedTo)}</time>.`
}

const nothingFound = (filter: Filter, searchedTo: number | null): TemplateResult =>
  empty(
    'No session fits',
    html`<p>${whyNothing(filter, searchedTo)}</p>
      ${filter.user === null && filter.reference === null ? nothing : searchHelp}
      <p>${filter.reference === null ? html`${otherEnvironment()} · ` : nothing}<a href=${to({ name: 'sessions', filter: noFilter })}>Show all sessions</a></p>`,
  )

/** References are short: two people may have been given the same one, and the wrong one must not be spoken to. */
const sharedReference = (lines: readonly SessionSummary[], filter: Filter): Piece => {
  const people = new Set(lines.map((line) => `${line.environment} ${line.user_id}`)).size
  return filter.reference === null || people < 2
    ? nothing
    : html`<p class="notice">${people} people were given the reference ${filter.reference}. Ask for the name and the amount before you open one.</p>`
}

const noneYet = (): TemplateResult =>
  empty(
    `No ${environmentShown()} sessions yet`,
    html`<p>A session begins when your backend asks about an action, before it carries it out. Send one, and it appears here within a second:</p>
      <pre tabindex="0">${firstEvent}</pre>
      <p>Keys that begin with <code>ase_test_</code> write into <a href=${to({ name: 'sessions', filter: noFilter }, 'test')}>Test</a>, the others into <a href=${to({ name: 'sessions', filter: noFilter }, 'live')}>Live</a>.</p>`,
  )

const more = (loaded: Extract<Loaded, { kind: 'sessions' }>, filter: Filter): Piece => {
  if (loaded.next === null) return nothing
  const reach =
    isFiltered(filter) && loaded.searchedTo !== null ? ` – looked back to ${exact(loaded.searchedTo)}` : ''
  return html`<p class="more"><button type="button" ?disabled=${state().busy} @click=${() => void loadMore()}>${state().busy ? 'Reading …' : `Older sessions${reach}`}</button></p>`
}

export const sessionList = (loaded: Extract<Loaded, { kind: 'sessions' }>): TemplateResult => {
  const { view } = state().place
  const filter = view.name === 'sessions' ? view.filter : noFilter
  const isEmpty = loaded.lines.length === 0
  return html`<div class="bar"><h1 tabindex="-1">Sessions</h1>${filters(filter)}${arrivals()}</div>
    ${sharedReference(loaded.lines, filter)}
    ${isEmpty ? (isFiltered(filter) ? nothingFound(filter, loaded.searchedTo) : noneYet()) : columns}
    ${isEmpty ? nothing : html`<ol class="rows">${repeat(loaded.lines, (line) => line.id, sessionRow)}</ol>`}
    ${more(loaded, filter)}`
}
