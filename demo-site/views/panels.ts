import { html } from '@lit-labs/ssr'
import { nothing } from 'lit/html.js'
import {
  type CallerFacts,
  type NameCheck,
  nameChecks,
  type Scenario,
  scenarioById,
  scenarios,
} from '../caller.ts'
import type { HistoryState } from '../history.ts'
import { sourceLines } from '../source-lines.ts'
import type { Visit } from '../visits.ts'
import type { View } from './document.ts'
import { traceList } from './trace-list.ts'

/** The two panels beside the bank: what its backend says to Anti Social Engine, and who is on the phone. */

export const behindTheScenes = (visit: Visit, history: HistoryState, adminUrl: string | null): View => html`
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
    <p class="quiet small">${historyWords(history)}
      ${adminUrl === null ? nothing : html`The bank’s analysts work in <a href=${adminUrl}>the admin page</a>.`}</p>
  </aside>
`

const modeChoice = (mode: Visit['mode'], words: string, chosen: Visit['mode']): View => html`
  <label class="tick"><input type="radio" name="mode" value=${mode} ?checked=${mode === chosen}> ${words}</label>
`

const historyWords = ({ state, sent, total }: HistoryState): string => {
  if (state === 'done')
    return `The bank brought ${total} past events with it, so its people are no strangers.`
  if (state === 'failed')
    return `The bank could bring only ${sent} of ${total} past events: the API stayed out of reach.`
  return `The bank is bringing its history: ${sent} of ${total} past events so far. Known people may look new until then.`
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
  const scenario = visit.scenarioId === null ? undefined : scenarioById(visit.scenarioId)
  return html`
    <aside id="caller" aria-labelledby="caller-title">
      <h2 id="caller-title" class="panel-title">The caller</h2>
      <p class="quiet">Pick a story. It sets the scene and fills in the bank’s form; you only have to press its button.</p>
      <form method="post" action="/caller/scenario">
        <ul class="scenarios">${scenarios.map((item) => scenarioChoice(item, item.id === visit.scenarioId))}</ul>
      </form>
      ${scenario === undefined ? nothing : scriptOf(scenario)}
      <form method="post" action="/caller" class="facts">
        <fieldset>
          <legend>What the bank can observe</legend>
          ${toggles.map(
            ([
              name,
              title,
              detail,
            ]) => html`<label class="switch"><input type="checkbox" role="switch" name=${name} value="1" ?checked=${visit.caller[name]}>
              <span><strong>${title}</strong><span class="quiet">${detail}</span></span></label>`,
          )}
        </fieldset>
        <label>Payee’s name, checked with the other bank
          <select name="payee_name_match">
            ${nameChecks.map((check) => html`<option value=${check} ?selected=${check === visit.caller.payee_name_match}>${nameCheckWords[check]}</option>`)}
          </select></label>
        <button class="plain" data-without-script>Set</button>
        <p class="progress" role="status" aria-live="polite"></p>
      </form>
    </aside>
  `
}

const scenarioChoice = (scenario: Scenario, chosen: boolean): View => html`
  <li><button name="scenario" value=${scenario.id} aria-pressed=${chosen ? 'true' : 'false'}>
    <strong>${scenario.title}</strong><span class="quiet">${scenario.gist}</span></button></li>
`

const scriptOf = (scenario: Scenario): View => html`
  <section aria-labelledby="script-title">
    <h3 id="script-title">${scenario.facts.call_active ? 'On the line' : 'On your mind'}</h3>
    <ul class="script">${scenario.lines.map(
      ({ who, says }) =>
        html`<li class=${who}><span class="who">${who === 'caller' ? 'Caller' : 'You'}</span><p>${says}</p></li>`,
    )}</ul>
  </section>
`
