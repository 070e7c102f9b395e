import { html, nothing, type TemplateResult } from 'lit/html.js'
import {
  callBackNumber,
  callBackOutcome,
  type HoldAnswer,
  type ReleaseForm,
  releasedHold,
} from '#contract/hold'
import { reasonMinLength } from '#contract/text'
import { post } from '../app/api.ts'
import { focusOn } from '../app/focus.ts'
import { state } from '../app/state.ts'
import { isBusy, ofVisit, send } from '../app/visit.ts'
import { callBackNumberWords, callBackOutcomeWords } from '../words/holds.ts'
import { choice, fieldsOf, textOf } from './form.ts'
import { exact, localMinute, msOf } from './format.ts'
import { fact, mistakeNote, type Piece, when } from './pieces.ts'

/** One hold: how it stands, how it ended, and the human way out of it. */

/** Whose hold it is, and the session through which the analyst came to it. */
type Held = { user: string; session_id: string }

const howWords = { reverification: 'by a reverification', analyst: 'by', api: 'by the site, with' } as const

const releaseWords = (id: string, released: NonNullable<HoldAnswer['released']>): TemplateResult => {
  const { call_back: call } = released
  return html`<span id=${`released-${id}`} tabindex="-1">released ${when(released.at)} ${howWords[released.how]}${released.how === 'reverification' ? '' : ` ${released.by}`}: ${released.reason}</span>${
    call === null
      ? nothing
      : html` <span class="quiet">Call: ${callBackNumberWords[call.number_used]}, ${exact(call.at)}, by ${call.claimed_agent === null ? call.by : `“${call.claimed_agent}”, as the site says`}. ${callBackOutcomeWords[call.outcome]}.</span>`
  }`
}

/** When a hold ends, or how it ended. */
const holdEnd = (hold: HoldAnswer): TemplateResult => {
  if (hold.released !== null) return releaseWords(hold.id, hold.released)
  if (hold.needs_release)
    return html`covers until it is released here; its seven days are over ${when(hold.ends_at)}`
  if (msOf(hold.ends_at) > state().now) return html`ends ${when(hold.ends_at)}, then a reverification`
  return html`time over ${when(hold.ends_at)}; the next attempt is checked again`
}

/** A release: filled in, looked at once more, sent. */
type Release = { command: ReleaseForm; stage: 'filling' | 'checking'; mistake: string | null }

const release = ofVisit<Release | null>(null)

/** Shows what would be written, for a second look. */
const check = (command: ReleaseForm): void => {
  release.set({ command, stage: 'checking', mistake: null })
  focusOn('.second')
}

/** Back to the form, which still holds what was typed. */
const amend = (command: ReleaseForm, mistake: string | null = null): void => {
  release.set({ command, stage: 'filling', mistake })
  focusOn(`#reason-${CSS.escape(command.hold_id)}`)
}

/** Releases it, and reads the page again, which then says so. */
const sendRelease = (command: ReleaseForm): Promise<boolean> =>
  send(() => post(releasedHold, '/api/holds/release', command), {
    done: async () => {
      release.set(null)
      await state().visit?.read()
      focusOn(`#released-${CSS.escape(command.hold_id)}`)
    },
    refused: (why) => amend(command, why),
  })

/** What was filled in; null while something is missing, which the browser has then said. */
const commandOf = (target: EventTarget | null, hold: HoldAnswer, held: Held): ReleaseForm | null => {
  const form = fieldsOf(target)
  if (form === null) return null
  const number = callBackNumber.safeParse(form.get('number_used'))
  const outcome = callBackOutcome.safeParse(form.get('outcome'))
  const at = Date.parse(textOf(form, 'at'))
  const reason = textOf(form, 'reason')
  if (!number.success || !outcome.success || Number.isNaN(at) || reason === '') return null
  return {
    session_id: held.session_id,
    hold_id: hold.id,
    reason,
    call_back: { at, number_used: number.data, outcome: outcome.data },
  }
}

const form = (hold: HoldAnswer, held: Held, mistake: string | null, isHidden: boolean): TemplateResult => {
  const id = (name: string) => `${name}-${hold.id}`
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const command = commandOf(event.target, hold, held)
    if (command !== null) check(command)
  }
  return html`<form @submit=${onSubmit} ?hidden=${isHidden}>
    <p>Speak with the person first, never on a number that came with this attempt.</p>
    ${mistakeNote(mistake)}
    <label for=${id('reason')}>Why it may be released</label>
    <textarea id=${id('reason')} name="reason" required minlength=${reasonMinLength} maxlength="500" rows="2"></textarea>
    ${choice({ id: id('number'), name: 'number_used', label: 'How you reached them' }, callBackNumberWords, callBackNumber.options)}
    ${choice({ id: id('outcome'), name: 'outcome', label: 'What they said' }, callBackOutcomeWords, callBackOutcome.options)}
    <label for=${id('at')}>When you spoke</label>
    <input id=${id('at')} name="at" type="datetime-local" required value=${localMinute(Date.now())}>
    <div class="choices"><button type="submit">Look it over</button></div>
  </form>`
}

const secondLook = (hold: HoldAnswer, held: Held, command: ReleaseForm): TemplateResult => {
  const { me } = state()
  const titleId = `second-${hold.id}`
  return html`<div class="second" role="group" aria-labelledby=${titleId} tabindex="-1">
    <p id=${titleId}><strong>Release the hold on ${held.user}?</strong></p>
    <p>Unless another hold is open, their next attempt is judged as usual. This is written down and can't be taken back.</p>
    <dl class="facts">
      ${fact('Why', command.reason)}
      ${fact('Reached', callBackNumberWords[command.call_back.number_used])}
      ${fact('They said', callBackOutcomeWords[command.call_back.outcome])}
      ${fact('Spoken', exact(command.call_back.at))}
      ${fact('By', me === null || me === 'unknown' ? null : me.email)}
    </dl>
    <div class="choices">
      <button type="button" ?disabled=${isBusy()} @click=${() => void sendRelease(command)}>${isBusy() ? 'Releasing …' : 'Release it'}</button>
      <button type="button" ?disabled=${isBusy()} @click=${() => amend(command)}>Change something</button>
    </div>
  </div>`
}

const releaser = (hold: HoldAnswer, held: Held): Piece => {
  if (hold.released !== null) return nothing
  const current = release.get()
  const mine = current?.command.hold_id === hold.id ? current : null
  const isChecking = mine?.stage === 'checking'
  return html`<details class="release"><summary>Release this hold</summary>
    ${form(hold, held, mine?.mistake ?? null, isChecking)}
    ${mine !== null && isChecking ? secondLook(hold, held, mine.command) : nothing}
  </details>`
}

export const holdEntry = (hold: HoldAnswer, held: Held): TemplateResult =>
  html`<span>${hold.reason.replaceAll('_', ' ')}, ${hold.family.replaceAll('_', ' ')}, ${holdEnd(hold)} · reference ${hold.case_reference}</span>${releaser(hold, held)}`
