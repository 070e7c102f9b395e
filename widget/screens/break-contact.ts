import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { Texts } from '../texts/texts.ts'
import { wordingOf } from '../texts/wording.ts'
import { backLink } from './back-link.ts'
import { defineScreen, type ViewOf } from './define-screen.ts'
import { heading } from './heading.ts'
import { moment } from './moment.ts'
import { reportForm } from './report-form.ts'

type BreakContactView = ViewOf<'break_contact'>

/** Actions behind which a payment card usually stands; for the others "the number on your card" would mean nothing. */
const cardWordings = new Set(['transfer', 'large_transfer', 'add_payee'])

const callBack = (view: BreakContactView, texts: Texts): TemplateResult => {
  const { steps } = texts.breakContact
  const phone = view.brand.support_phone
  const known = cardWordings.has(wordingOf(view.action.wording)) ? steps.cardNumber : steps.knownNumber
  return html`${steps.callBack} ${known}${phone ? html`${steps.or} <b class="phone">${phone}</b>` : nothing}.`
}

const instructions = (view: BreakContactView, texts: Texts): TemplateResult => {
  const { steps } = texts.breakContact
  const sharing = view.screen.cause === 'stop_sharing'
  return html`<ol class="steps">
    <li>${sharing ? steps.stopSharing : steps.hangUp}</li>
    <li>${sharing ? steps.hangUp : steps.stopSharing}</li>
    <li>${callBack(view, texts)}</li>
    <li>${sharing ? steps.comeBack : steps.reference}</li>
  </ol>`
}

/**
 * When the action may be started again, and who alone can make that earlier. The heading has said that nothing happened; no
 * word here may sound as if waiting carried it out.
 */
const holdSentence = (view: BreakContactView, texts: Texts): TemplateResult | typeof nothing => {
  const { hold_ends_at: until, hold_needs_release: needsRelease } = view.screen
  if (until === null) return nothing
  const { startAgain, after, onlyEarlier, afterSpeaking, onlyUs } = texts.breakContact
  const company = view.brand.name
  const start = startAgain[wordingOf(view.action.wording)]
  return needsRelease
    ? html`<p class="small" id="hold">${start} <b>${afterSpeaking(company)}</b>. ${onlyUs}</p>`
    : html`<p class="small" id="hold">
        ${start} ${after} <b>${moment(until, view.region)}</b>. ${onlyEarlier(company)}
      </p>`
}

const reference = (view: BreakContactView, texts: Texts): TemplateResult => {
  const { referenceLabel } = texts.breakContact
  return html`<section class="case">
    <p class="label">${referenceLabel}</p>
    <p class="reference" dir="ltr">${view.screen.case_reference}</p>
    ${holdSentence(view, texts)}
  </section>`
}

/**
 * What a person needs whose line to the caller may still be open: that nothing happened, what to do in order, the only
 * number that is ours, and a reference that our support desk can look up.
 */
export const breakContact = defineScreen('break_contact', (view, texts) => {
  const { nothingHappened, lead, reported, print } = texts.breakContact
  const title = nothingHappened[wordingOf(view.action.wording)]
  const body = html`<div class="ask urgent">
    ${heading(title, 'lead')}
    <p id="lead">${lead[view.screen.cause]}</p>
    ${instructions(view, texts)} ${reference(view, texts)}
    ${view.screen.reported ? html`<p class="quiet" role="status">${reported}</p>` : reportForm(view, texts)}
    <button type="button" class="plain" data-print hidden>${print}</button>
    ${backLink(view, texts)}
  </div>`
  return { title, body }
})
