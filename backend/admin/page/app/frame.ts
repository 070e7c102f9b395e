import { html, nothing, type TemplateResult } from 'lit/html.js'
import { environment } from '#contract/environment'
import { empty, type Piece } from '../parts/pieces.ts'
import { environmentWords, extentWords } from '../words/enforcement.ts'
import { logOut } from './account.ts'
import type { Refusal } from './api.ts'
import { roomHref, rooms } from './go.ts'
import { keysHere } from './keys.ts'
import { to } from './link.ts'
import { loginPage } from './login.ts'
import { search } from './search.ts'
import { environmentShown, extentShown, state } from './state.ts'
import type { Visit } from './view.ts'
import { notice } from './visit.ts'

/** The frame around every view: where one can go, what is watched, who is here. */

/** What is in one environment alone, as a session is, has no other side: the choice leads to the first room then. */
const environmentChoice = ({
  view,
  hrefIn,
}: Visit): TemplateResult => html`<div class="choice" role="group" aria-label="Environment">
  ${environment.options.map((one) => html`<a href=${view.inBoth ? hrefIn(one) : roomHref(undefined, one)} aria-current=${one === environmentShown() ? 'true' : 'false'}>${environmentWords[one]}</a>`)}
</div>`

const liveWords = { on: 'live', connecting: 'connecting …', off: 'not live' } as const

const onSearch = (event: SubmitEvent): void => {
  event.preventDefault()
  const field = event.target instanceof HTMLFormElement ? new FormData(event.target).get('q') : null
  // What is found is read next: the field has no more claim to the keys.
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  if (typeof field === 'string') void search(field)
}

const header = (visit: Visit, email: string, organisation: string): TemplateResult => html`<header>
  <a class="home" href=${roomHref(undefined)} title=${email}>${organisation}</a>
  <nav aria-label="Rooms">
    ${rooms().map((view) => html`<a href=${roomHref(view)} aria-current=${view === visit.view ? 'page' : view === visit.view.within ? 'true' : 'false'}>${view.room?.words}</a>`)}
  </nav>
  ${environmentChoice(visit)}
  <form class="search" role="search" @submit=${onSearch}>
    <label class="hidden" for="search">Find a session, an event, an incident, a case reference or a person</label>
    <input id="search" name="q" type="search" autocomplete="off" spellcheck="false" maxlength="128" placeholder="Case K7-4Q9M, id or user  ( / )">
  </form>
  <span class="live ${state().live}" role="status">${liveWords[state().live]}</span>
  <button class="quiet" type="button" title="Log out ${email}" @click=${() => void logOut()}>Log out</button>
</header>`

/** Stands until somebody is named: an incident that nobody hears of is the one that nobody misses. */
const silence = (command: string | null): Piece =>
  command === null
    ? nothing
    : html`<aside class="silence" aria-label="No security contact"><strong>Nobody is told when an incident opens.</strong> This organisation has no security contact. Whoever runs the server can name one: <code>${command.split(' ').map((word) => html`<span class="whole">${word}</span> `)}</code></aside>`

/** Stands on every page of an environment that doesn't enforce everything: a figure above it would else be taken for a fact. */
const observing = (): Piece => {
  const environment = environmentShown()
  const extent = extentShown()
  return extent === 'all'
    ? nothing
    : html`<aside class="silence" aria-label="Not enforced"><strong>${extentWords(environment, extent)}</strong> <a href=${to('/enforcement', {}, environment)}>Enforcement</a></aside>`
}

const refusedPage = (visit: Visit, { reason, detail }: Refusal): TemplateResult =>
  html`<h1 tabindex="-1">${refusedTitle(reason)}</h1>
        ${empty('', html`<p>${detail}</p><p><button type="button" @click=${() => void visit.read()}>Try again</button></p>`)}`

const refusedTitle = (reason: Refusal['reason']): string =>
  reason === 'absent' ? 'Nothing here' : 'This did not work'

const body = (visit: Visit): TemplateResult => {
  const shown = visit.shown()
  if (shown === null)
    return html`<h1 class="hidden" tabindex="-1">Loading</h1><p class="quiet" role="status">Reading …</p>`
  return 'reason' in shown ? refusedPage(visit, shown) : shown.draw()
}

const footer = (): TemplateResult =>
  html`<footer>${keysHere().map(({ shown, words }) => html`<span>${shown.map((key) => html`<kbd>${key}</kbd> `)}${words}</span>`)}<span><kbd>1</kbd> to <kbd>${rooms().length}</kbd> rooms</span></footer>`

export const page = (): TemplateResult => {
  const { me, visit } = state()
  if (me === null) return loginPage()
  if (me === 'unknown' || visit === null)
    return html`<main><h1 class="hidden">Loading</h1><p class="quiet" role="status">Reading …</p></main>`
  return html`${header(visit, me.email, me.organisation.name)}
    ${silence(me.organisation.name_contact)}
    ${observing()}
    <main>${notice.get() === null ? '' : html`<p class="notice" role="alert">${notice.get()}</p>`}${body(visit)}</main>
    ${footer()}`
}

/** While nothing is shown yet, the room's name. */
const visitTitle = (visit: Visit): string => {
  const shown = visit.shown()
  if (shown !== null && 'title' in shown) return shown.title
  const room = visit.view.room ?? visit.view.within?.room
  return room?.words ?? (shown === null ? 'Loading' : refusedTitle(shown.reason))
}

/** New sessions are counted in the tab, where an analyst who does something else sees them. */
export const pageTitle = (): string => {
  const { me, visit } = state()
  if (me === null || me === 'unknown' || visit === null) return 'Log in – Anti Social Engine'
  const shown = visit.shown()
  const waiting = shown !== null && 'waiting' in shown ? shown.waiting : 0
  return `${waiting > 0 ? `(${waiting}) ` : ''}${visitTitle(visit)} – Anti Social Engine`
}
