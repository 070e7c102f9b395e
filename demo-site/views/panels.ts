import { html } from '@lit-labs/ssr'
import { nothing } from 'lit/html.js'
import type { Customer } from '../bank/customer.ts'
import { type CallerFacts, type NameCheck, nameChecks } from '../caller.ts'
import type { Past } from '../history.ts'
import { sourceLines } from '../source-lines.ts'
import { stories } from '../stories/all-stories.ts'
import { expectation, type Line, type Part, type Story } from '../stories/story.ts'
import { isHeld, type Scene, type Visit } from '../visits.ts'
import type { View } from './document.ts'
import { traceList } from './trace-list.ts'

/** The two panels beside the bank: what its backend says to Anti Social Engine, and who is on the phone. */

export const behindTheScenes = (visit: Visit, adminUrl: string | null): View => html`
  <aside id="scenes" aria-labelledby="scenes-title">
    <h2 id="scenes-title" class="panel-title">Behind the scenes</h2>
    <p class="quiet">What the bank’s backend sent and received, as it happens. Secrets are masked.</p>
    <form method="post" action="/mode" class="mode">
      <fieldset>
        <legend>The check opens as</legend>
        ${modeChoice('popup', 'a popup', visit.mode)} ${modeChoice('redirect', 'a full page', visit.mode)}
      </fieldset>
      <button class="plain" data-without-script>Set</button>
    </form>
    <div data-trace>${traceList(visit.trace.entries, sourceLines)}</div>
    <p class="quiet small">${pastWords(visit.past)}
      ${
        adminUrl === null
          ? nothing
          : html`What was asked and stopped stays on <a href=${adminUrl} target="admin">the analysts’ page</a>, whoever starts over here.`
      }</p>
  </aside>
`

const modeChoice = (mode: Visit['mode'], words: string, chosen: Visit['mode']): View => html`
  <label class="tick"><input type="radio" name="mode" value=${mode} ?checked=${mode === chosen}> ${words}</label>
`

const pastWords = ({ state, events }: Past): string => {
  switch (state) {
    case 'waiting':
    case 'brought':
      return `Before it asks, the bank brings this customer’s past: ${events} events that teach and are not judged.`
    case 'refused':
      return 'The API did not take this customer’s past, so they are a stranger here and are asked rather more.'
    case 'none':
      return 'Nothing is known of this customer’s past.'
  }
}

const toggles: readonly [keyof Omit<CallerFacts, 'payee_name_match'>, string, string][] = [
  ['call_active', 'On a call', 'The phone says that a call is going on'],
  ['remote_access', 'Remote access', 'Somebody else can move the mouse'],
  ['screen_shared', 'Screen sharing', 'Somebody else sees the screen'],
]

const nameCheckWords: Record<NameCheck, string> = {
  match: 'Name matches the account',
  close: 'Nearly the same name',
  no_match: 'Belongs to somebody else',
  unknown: 'The other bank did not say',
}

export const callerPanel = (visit: Visit): View => {
  const { scene, caller, customer } = visit
  return html`
  <aside id="caller" aria-labelledby="caller-title">
    <h2 id="caller-title" class="panel-title">The caller</h2>
    <p class="quiet">Pick a story. It fills in the bank’s form; you only have to press its button. Each begins with a clean slate.</p>
    <form method="post" action="/story">
      <ul class="scenarios">${stories.map((story) => storyChoice(story, story.id === scene?.story.id))}</ul>
    </form>
    ${scene === null ? nothing : script(scene, isHeld(visit))}
    <form method="post" action="/caller" class="facts">
      <fieldset>
        <legend>What the bank can observe</legend>
        ${toggles.map(
          ([
            name,
            title,
            detail,
          ]) => html`<label class="switch"><input type="checkbox" role="switch" name=${name} value="1" ?checked=${caller[name]}>
            <span><strong>${title}</strong><span class="quiet">${detail}</span></span></label>`,
        )}
      </fieldset>
      <label>Payee’s name, checked with the other bank
        <select name="payee_name_match">
          ${nameChecks.map((check) => html`<option value=${check} ?selected=${check === caller.payee_name_match}>${nameCheckWords[check]}</option>`)}
        </select></label>
      <button class="plain" data-without-script>Set</button>
      <p class="progress" role="status" aria-live="polite"></p>
    </form>
    ${scene === null ? startOver(customer.name) : nothing}
  </aside>
`
}

const storyChoice = (story: Story, chosen: boolean): View => html`
  <li><button name="story" value=${story.id} aria-pressed=${chosen ? 'true' : 'false'}>
    <strong>${story.title}</strong><span class="quiet">${story.gist}</span></button></li>
`

/** The caller tries again where there is a hold to try it on. */
const script = ({ story, part, isNext }: Scene, held: boolean): View => html`
  <section aria-labelledby="script-title">
    <h3 id="script-title">${story.facts.call_active ? 'On the line' : 'On your mind'}</h3>
    <ul class="script">${part.lines.map(lineOf)}</ul>
    ${
      story.next === undefined || isNext || !held
        ? nothing
        : html`<form method="post" action="/story/next"><button class="plain">${story.next.title}</button></form>`
    }
  </section>
`

const lineOf = ({ who, says }: Line): View =>
  html`<li class=${who}><span class="who">${who === 'caller' ? 'Caller' : 'You'}</span><p>${says}</p></li>`

/** On a phone the caller's words lie further down; the last of them are what counts. */
const heard = ({ lines }: Part): View => {
  const last = lines.at(-1)
  return last?.who === 'caller'
    ? html` <span class="heard">The caller: “${last.says}” <a href="#caller">All of it</a></span>`
    : nothing
}

const startOver = (name: string): View => html`
  <form method="post" action="/start-over" class="over">
    <button class="plain">Start over</button> <span class="quiet small">${name} as if nothing had happened</span>
  </form>
`

const titleOf = ({ story, isNext }: Scene): string => (isNext && story.next ? story.next.title : story.title)

const expectationOf = ({ story, isNext }: Scene, customer: Customer): string =>
  isNext && story.next ? story.next.expect : expectation(story, customer)

/** Above everything while a story is played: which one, and what to expect of it. */
export const sceneStrip = ({ scene, customer }: Visit): View =>
  scene === null
    ? nothing
    : html`
        <section class="scene" aria-label="The story">
          <div class="scene-words"><strong>${titleOf(scene)}</strong> What to expect: ${expectationOf(scene, customer)}${heard(scene.part)}</div>
          <form method="post" action="/start-over"><button class="plain">Start over</button></form>
        </section>
      `
