import { html } from '@lit-labs/ssr'
import { nothing } from 'lit/html.js'
import type { Customer } from '../bank/customer.ts'
import type { Visit } from '../visits.ts'
import { wordmark } from './bank-pages.ts'
import type { View } from './document.ts'

const pages: readonly [string, string][] = [
  ['/', 'Account'],
  ['/transfer', 'Send money'],
  ['/settings', 'Your details'],
]

/** The bank on the left, the two panels beside it; one below the other on a phone. */
export const signedIn = (
  visit: Visit,
  customer: Customer,
  path: string,
  page: View,
  strip: View,
  scenes: View,
  caller: View,
): View => html`
  <a class="skip" href="#bank">Skip to the bank</a>
  <nav class="jump" aria-label="Parts of this demo">
    <a href="#bank">The bank</a><a href="#caller">The caller</a><a href="#scenes">Behind the scenes</a>
  </nav>
  <div class="stage" data-mode=${visit.mode}>
    ${strip}
    <div id="bank" class="bank">
      <header class="brand">
        ${wordmark}
        <form method="post" action="/sign-out"><span class="quiet">${customer.name}</span> <button class="plain">Sign out</button></form>
      </header>
      <nav class="pages" aria-label="Bank">
        ${pages.map(([href, name]) => html`<a href=${href} aria-current=${href === path ? 'page' : nothing}>${name}</a>`)}
        <a href="/mailbox" target="mailbox">Mailbox</a>
      </nav>
      <main>${page}</main>
      <footer class="quiet small">A make-believe bank. We will never phone you and ask you to move money.</footer>
    </div>
    ${scenes} ${caller}
  </div>
`
