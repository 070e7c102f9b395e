import { html, nothing, type TemplateResult } from 'lit/html.js'
import { type Environment, environment } from '#contract/environment'
import { logOut, search } from '../account.ts'
import { load } from '../load.ts'
import { effectivenessAtFirst, hrefOf, noFilter, type Place } from '../place.ts'
import { environmentShown, state } from '../state.ts'
import { actionWords } from '../words.ts'
import { backtestListView, backtestView } from './backtests.ts'
import { effectivenessView } from './effectiveness.ts'
import { incidentList, incidentView } from './incidents.ts'
import { loginView } from './login.ts'
import { empty, type Piece, to } from './parts.ts'
import { policyList } from './policies.ts'
import { policyView } from './policy.ts'
import { reportList } from './reports.ts'
import { sessionList } from './session-list.ts'
import { storyView } from './story.ts'
import { organisationTrail } from './trail.ts'

/** The frame around every view: where one can go, what is watched, who is here. */

const environments = environment.options

/** What there is in both environments: lists, and versions of the policy. A single session exists in one alone. */
const inBoth: readonly Place['view']['name'][] = [
  'sessions',
  'incidents',
  'reports',
  'policies',
  'policy',
  'effectiveness',
  'backtests',
  'trail',
]

const inEnvironment = (environment: Environment): string => {
  const { view } = state().place
  return hrefOf({
    environment,
    view: inBoth.includes(view.name) ? view : { name: 'sessions', filter: noFilter },
  })
}

const environmentChoice =
  (): TemplateResult => html`<div class="choice" role="group" aria-label="Environment">
  ${environments.map((environment) => {
    const isShown = environment === environmentShown()
    return html`<a href=${inEnvironment(environment)} aria-current=${isShown ? 'true' : 'false'}>${environment === 'live' ? 'Live' : 'Test'}</a>`
  })}
</div>`

const rooms: readonly {
  name: Place['view']['name']
  within: Place['view']['name']
  text: string
  view: Place['view']
}[] = [
  { name: 'sessions', within: 'session', text: 'Sessions', view: { name: 'sessions', filter: noFilter } },
  { name: 'incidents', within: 'incident', text: 'Incidents', view: { name: 'incidents' } },
  { name: 'reports', within: 'reports', text: 'Scam reports', view: { name: 'reports' } },
  { name: 'policies', within: 'policy', text: 'Policy', view: { name: 'policies' } },
  { name: 'effectiveness', within: 'effectiveness', text: 'Effectiveness', view: effectivenessAtFirst },
  { name: 'backtests', within: 'backtest', text: 'Backtests', view: { name: 'backtests' } },
  { name: 'trail', within: 'trail', text: 'Trail', view: { name: 'trail' } },
]

const liveWords = { on: 'live', connecting: 'connecting …', off: 'not live' } as const

const onSearch = (event: SubmitEvent): void => {
  event.preventDefault()
  const field = event.target instanceof HTMLFormElement ? new FormData(event.target).get('q') : null
  // What is found is read next: the field has no more claim to the keys.
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  if (typeof field === 'string') void search(field)
}

const header = (email: string, organisation: string): TemplateResult => {
  const { name } = state().place.view
  return html`<header>
  <a class="home" href=${to({ name: 'sessions', filter: noFilter })} title=${email}>${organisation}</a>
  <nav aria-label="Rooms">
    ${rooms.map((room) => html`<a href=${to(room.view)} aria-current=${room.name === name ? 'page' : room.within === name ? 'true' : 'false'}>${room.text}</a>`)}
  </nav>
  ${environmentChoice()}
  <form class="search" role="search" @submit=${onSearch}>
    <label class="hidden" for="search">Find a session, an event, an incident, a case reference or a person</label>
    <input id="search" name="q" type="search" autocomplete="off" spellcheck="false" maxlength="128" placeholder="Case K7-4Q9M, id or user  ( / )">
  </form>
  <span class="live ${state().live}" role="status">${liveWords[state().live]}</span>
  <button class="quiet" type="button" title="Log out ${email}" @click=${() => void logOut()}>Log out</button>
</header>`
}

/** Stands until somebody is named: an incident that nobody hears of is the one that nobody misses. */
const silence = (command: string | null): Piece =>
  command === null
    ? nothing
    : html`<aside class="silence" aria-label="No security contact"><strong>Nobody is told when an incident opens.</strong> This organisation has no security contact. Whoever runs the server can name one: <code>${command.split(' ').map((word) => html`<span class="whole">${word}</span> `)}</code></aside>`

const body = (): TemplateResult => {
  const { loaded } = state()
  switch (loaded.kind) {
    case 'loading':
      return html`<h1 class="hidden" tabindex="-1">Loading</h1><p class="quiet" role="status">Reading …</p>`
    case 'refused':
      return html`<h1 tabindex="-1">${loaded.refusal.reason === 'absent' ? 'Nothing here' : 'This did not work'}</h1>
        ${empty('', html`<p>${loaded.refusal.detail}</p><p><button type="button" @click=${() => void load()}>Try again</button></p>`)}`
    case 'sessions':
      return sessionList(loaded)
    case 'session':
      return storyView(loaded)
    case 'incidents':
      return incidentList(loaded)
    case 'incident':
      return incidentView(loaded.story)
    case 'reports':
      return reportList(loaded)
    case 'policies':
      return policyList(loaded)
    case 'policy':
      return policyView(loaded.story)
    case 'effectiveness':
      return effectivenessView(loaded)
    case 'trail':
      return organisationTrail(loaded)
    case 'backtests':
      return backtestListView(loaded.backtests)
    case 'backtest':
      return backtestView(loaded.backtest)
  }
}

const keysHint = html`<footer><span><kbd>j</kbd> <kbd>k</kbd> walk</span><span><kbd>enter</kbd> open</span><span><kbd>esc</kbd> back</span><span><kbd>/</kbd> find</span><span><kbd>n</kbd> new ones</span><span><kbd>r</kbd> read again</span><span><kbd>1</kbd> to <kbd>7</kbd> rooms</span></footer>`

export const page = (): TemplateResult => {
  const { me, notFound } = state()
  if (me === 'unknown')
    return html`<main><h1 class="hidden">Loading</h1><p class="quiet" role="status">Reading …</p></main>`
  if (me === null) return loginView()
  return html`${header(me.email, me.organisation.name)}
    ${silence(me.organisation.name_contact)}
    <main>${notFound === null ? '' : html`<p class="notice" role="alert">${notFound}</p>`}${body()}</main>
    ${keysHint}`
}

const placeTitle = (): string => {
  const { loaded } = state()
  switch (loaded.kind) {
    case 'session':
      return `${actionWords(loaded.story.event.action)} ${loaded.story.summary.id}`
    case 'incident':
      return `Incident ${loaded.story.incident.case_reference}`
    case 'incidents':
      return 'Incidents'
    case 'reports':
      return 'Scam reports'
    case 'policies':
      return 'Policy'
    case 'policy':
      return `Policy ${loaded.story.summary.id}`
    case 'effectiveness':
      return 'Effectiveness'
    case 'trail':
      return 'Trail of the organisation'
    case 'backtests':
      return 'Backtests'
    case 'backtest':
      return `Backtest of ${loaded.backtest.policy_version}`
    default:
      return 'Sessions'
  }
}

/** New sessions are counted in the tab, where an analyst who does something else sees them. */
export const titleOf = (): string => {
  const { me, waiting } = state()
  if (me === null || me === 'unknown') return 'Log in – Anti Social Engine'
  return `${waiting.length > 0 ? `(${waiting.length}) ` : ''}${placeTitle()} – Anti Social Engine`
}
