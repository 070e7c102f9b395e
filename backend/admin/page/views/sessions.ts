import { repeat } from 'lit/directives/repeat.js'
import { html, nothing, type TemplateResult } from 'lit/html.js'
import { readReferences } from '#contract/case-reference'
import { outcome, sessionStatus } from '#contract/outcome'
import { type SessionPage, sessionPage } from '#contract/session-summary'
import { get, listPath, mapped } from '../app/api.ts'
import { to } from '../app/link.ts'
import { oneOf } from '../app/path.ts'
import { environmentShown, extentShown, state } from '../app/state.ts'
import { defineView } from '../app/view.ts'
import { counted, date, exact } from '../parts/format.ts'
import { empty, olderButton, type Piece } from '../parts/pieces.ts'
import { sessionRow } from '../parts/session-row.ts'
import { admit, type Filter, type Listed, takeIn } from '../sections/sessions/arrivals.ts'
import { outcomeWords } from '../words/outcomes.ts'

/** Sessions, newest first: one line each, everything that decides whether to open it. */

const path = '/?outcome&observed&status&user&reference'

type Data = SessionPage & Listed

const isFiltered = (filter: Filter): boolean => Object.values(filter).some((value) => value !== null)

const columns = html`<div class="row session head" aria-hidden="true">
  <span>Started</span><span>Outcome</span><span class="score">Score</span><span>Action</span><span class="amount">Amount</span><span>User</span><span>Why</span>
</div>`

const choices = <Value extends string>(
  name: string,
  filter: Filter,
  key: 'outcome' | 'observed' | 'status',
  values: readonly { value: Value | null; text: string }[],
): TemplateResult => html`<div class="choice" role="group" aria-label=${name}>
  ${values.map(({ value, text }) => html`<a href=${to(path, { ...filter, [key]: value })} aria-current=${filter[key] === value ? 'true' : 'false'}>${text}</a>`)}
</div>`

const filters = (filter: Filter): TemplateResult => html`<div class="filters">
  ${choices('Outcome', filter, 'outcome', [
    { value: null, text: 'All' },
    { value: 'allow', text: outcomeWords.allow },
    { value: 'delay_verify', text: outcomeWords.delay_verify },
    { value: 'block_escalate', text: outcomeWords.block_escalate },
  ])}
  ${
    filter.observed === null && extentShown() === 'all'
      ? nothing
      : choices('What would have been decided', filter, 'observed', [
          { value: null, text: 'Either way' },
          { value: 'delay_verify', text: 'Would ask' },
          { value: 'block_escalate', text: 'Would stop' },
        ])
  }
  ${choices('Status', filter, 'status', [
    { value: null, text: 'Any state' },
    { value: 'open', text: 'Open' },
    { value: 'resolved', text: 'Resolved' },
  ])}
  ${filter.user === null ? nothing : html`<a class="chip" href=${to(path, { ...filter, user: null })} title="Show everybody again">user ${filter.user} ×</a>`}
  ${filter.reference === null ? nothing : html`<a class="chip" href=${to(path, { ...filter, reference: null })} title="Show all cases again">case ${filter.reference} ×</a>`}
</div>`

/** Always as high as it can get, so that nothing below it moves when somebody arrives. */
const arrivals = ({ waiting }: Listed): TemplateResult => {
  const text = `Show ${counted(waiting.length, 'new session')}`
  return html`<div class="arrivals" role="status">${waiting.length === 0 ? nothing : html`<button type="button" @click=${() => state().visit?.admit()}>${text} <kbd>n</kbd></button>`}</div>`
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

const otherEnvironment = (filter: Filter): TemplateResult => {
  const other = environmentShown() === 'live' ? 'test' : 'live'
  return html`<a href=${to(path, filter, other)}>Look in ${other === 'live' ? 'Live' : 'Test'}</a>`
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
      <p>${filter.reference === null ? html`${otherEnvironment(filter)} · ` : nothing}<a href=${to('/', {})}>Show all sessions</a></p>`,
  )

/** References are short: two people may have been given the same one, and the wrong one must not be spoken to. */
const sharedReference = ({ sessions: listed }: Listed, filter: Filter): Piece => {
  const people = new Set(listed.map((session) => `${session.environment} ${session.user_id}`)).size
  return filter.reference === null || people < 2
    ? nothing
    : html`<p class="notice">${people} people were given the reference ${filter.reference}. Ask for the name and the amount before you open one.</p>`
}

const noneYet = (): TemplateResult =>
  empty(
    `No ${environmentShown()} sessions yet`,
    html`<p>A session begins when your backend asks about an action, before it carries it out. Send one, and it appears here within a second:</p>
      <pre tabindex="0">${firstEvent}</pre>
      <p>Keys that begin with <code>ase_test_</code> write into <a href=${to('/', {}, 'test')}>Test</a>, the others into <a href=${to('/', {}, 'live')}>Live</a>.</p>`,
  )

const older = ({ next, searched_to: searchedTo }: Data, filter: Filter): Piece =>
  olderButton(
    next,
    `Older sessions${isFiltered(filter) && searchedTo !== null ? ` – looked back to ${exact(searchedTo)}` : ''}`,
  )

const rows = ({ sessions: listed }: Data): TemplateResult =>
  html`${columns}<ol class="rows">${repeat(
    listed,
    ({ id }) => id,
    (session) => sessionRow(session, session.environment !== environmentShown()),
  )}</ol>`

export const sessions = defineView({
  path,
  room: 'Sessions',
  parse: ({ outcome: came, observed, status, user, reference }): Filter => ({
    outcome: oneOf(outcome.options, came),
    observed: oneOf(outcome.options, observed),
    status: oneOf(sessionStatus.options, status),
    user,
    reference,
  }),
  load: async (filter, cursor) =>
    mapped(
      await get(sessionPage, listPath('sessions', { ...filter, cursor })),
      (page): Data => ({ ...page, waiting: [] }),
    ),
  pages: {
    next: ({ next }) => next,
    append: (before, more) => ({
      ...more,
      sessions: [...before.sessions, ...more.sessions],
      waiting: before.waiting,
    }),
  },
  draw: ({
    route: filter,
    data,
  }) => html`<div class="bar"><h1 tabindex="-1">Sessions</h1>${filters(filter)}${arrivals(data)}</div>
    ${sharedReference(data, filter)}
    ${data.sessions.length > 0 ? rows(data) : isFiltered(filter) ? nothingFound(filter, data.searched_to) : noneYet()}
    ${older(data, filter)}`,
  live: {
    take: ({ route, data }, session) => takeIn(data, session, route),
    arrivals: { count: ({ waiting }) => waiting.length, admit },
  },
})
