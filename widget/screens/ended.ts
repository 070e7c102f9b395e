import { html, nothing } from 'lit/html.js'
import { wordingOf } from '../texts/wording.ts'
import { defineScreen } from './define-screen.ts'
import { heading } from './heading.ts'

/** Over, and nothing was done: that first, then what to do next. */
export const ended = defineScreen('ended', (view, texts) => {
  const { resolution, case_reference } = view.screen
  const company = view.brand.name
  const { nothingHappened, referenceLabel } = texts.breakContact
  const title = texts.ended.heading[resolution]
  const body = html`<div class="ask">
    ${heading(title, 'outcome')}
    <p id="outcome"><b>${nothingHappened[wordingOf(view.action.wording)]}</b>
      ${view.return_url || resolution !== 'cancelled' ? texts.ended.next[resolution](company) : texts.allowed.done}</p>
    ${
      view.brand.support_phone
        ? html`<p class="quiet">${texts.ended.call} <b class="phone">${view.brand.support_phone}</b>.</p>`
        : nothing
    }
    ${
      case_reference
        ? html`<section class="case">
            <p class="label">${referenceLabel}</p>
            <p class="reference" dir="ltr">${case_reference}</p>
          </section>`
        : nothing
    }
    ${
      view.return_url
        ? html`<p class="answers"><a class="button" href=${view.return_url} data-leave>${texts.ended.back(company)}</a></p>`
        : nothing
    }
  </div>`
  return { title, body }
})
