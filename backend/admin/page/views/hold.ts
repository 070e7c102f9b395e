import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { HoldAnswer, ReleaseForm } from '#contract/hold'
import { callBackNumber, callBackOutcome } from '#contract/hold'
import { reasonMinLength } from '#contract/text'
import { exact, localMinute, msOf } from '../format.ts'
import { amendRelease, checkRelease, sendRelease } from '../release.ts'
import { state } from '../state.ts'
import { callBackNumberWords, callBackOutcomeWords } from '../words.ts'
import { fact, type Piece, when } from './parts.ts'

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

const textOf = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value.replace(/\s+/gu, ' ').trim() : ''
}

/** What was filled in; null while something is missing, which the browser has then said. */
const wishOf = (target: EventTarget | null, hold: HoldAnswer, held: Held): ReleaseForm | null => {
  if (!(target instanceof HTMLFormElement)) return null
  const form = new FormData(target)
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

const choice = <Value extends string>(
  id: string,
  name: string,
  label: string,
  words: Record<Value, string>,
  values: readonly Value[],
): TemplateResult => html`<label for=${id}>${label}</label>
  <select id=${id} name=${name} required>
    <option value="">Choose …</option>
    ${values.map((value) => html`<option value=${value}>${words[value]}</option>`)}
  </select>`

const form = (hold: HoldAnswer, held: Held, mistake: string | null, isHidden: boolean): TemplateResult => {
  const id = (name: string) => `${name}-${hold.id}`
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const wish = wishOf(event.target, hold, held)
    if (wish !== null) checkRelease(wish)
  }
  return html`<form @submit=${onSubmit} ?hidden=${isHidden}>
    <p>Speak with the person first, never on a number that came with this attempt.</p>
    ${mistake === null ? nothing : html`<p class="notice" role="alert">${mistake}</p>`}
    <label for=${id('reason')}>Why it may be released</label>
    <textarea id=${id('reason')} name="reason" required minlength=${reasonMinLength} maxlength="500" rows="2"></textarea>
    ${choice(id('number'), 'number_used', 'How you reached them', callBackNumberWords, callBackNumber.options)}
    ${choice(id('outcome'), 'outcome', 'What they said', callBackOutcomeWords, callBackOutcome.options)}
    <label for=${id('at')}>When you spoke</label>
    <input id=${id('at')} name="at" type="datetime-local" required value=${localMinute(Date.now())}>
    <div class="choices"><button type="submit">Look it over</button></div>
  </form>`
}

const secondLook = (hold: HoldAnswer, held: Held, wish: ReleaseForm): TemplateResult => {
  const { me, busy } = state()
  const titleId = `second-${hold.id}`
  return html`<div class="second" role="group" aria-labelledby=${titleId} tabindex="-1">
    <p id=${titleId}><strong>Release the hold on ${held.user}?</strong></p>
    <p>Unless another hold is open, their next attempt is judged as usual. This is written down and can't be taken back.</p>
    <dl class="facts">
      ${fact('Why', wish.reason)}
      ${fact('Reached', callBackNumberWords[wish.call_back.number_used])}
      ${fact('They said', callBackOutcomeWords[wish.call_back.outcome])}
      ${fact('Spoken', exact(wish.call_back.at))}
      ${fact('By', me === null || me === 'unknown' ? null : me.email)}
    </dl>
    <div class="choices">
      <button type="button" ?disabled=${busy} @click=${() => void sendRelease()}>${busy ? 'Releasing …' : 'Release it'}</button>
      <button type="button" ?disabled=${busy} @click=${() => amendRelease()}>Change something</button>
    </div>
  </div>`
}

const releaser = (hold: HoldAnswer, held: Held): Piece => {
  if (hold.released !== null) return nothing
  const { release } = state()
  const mine = release?.wish.hold_id === hold.id ? release : null
  const isChecking = mine?.stage === 'checking'
  return html`<details class="release"><summary>Release this hold</summary>
    ${form(hold, held, mine?.mistake ?? null, isChecking)}
    ${mine !== null && isChecking ? secondLook(hold, held, mine.wish) : nothing}
  </details>`
}

export const holdEntry = (hold: HoldAnswer, held: Held): TemplateResult =>
  html`<span>${hold.reason.replaceAll('_', ' ')}, ${hold.family.replaceAll('_', ' ')}, ${holdEnd(hold)} · reference ${hold.case_reference}</span>${releaser(hold, held)}`
