import { html } from '@lit-labs/ssr'
import { nothing } from 'lit/html.js'
import type { View } from './document.ts'
import { mailList, type ShownMessage } from './mail-list.ts'

/** One of the demo's two inboxes: what the customers get, and what the bank itself gets. */
export interface Box {
  name: 'customer' | 'bank'
  title: string
  about: string
  /** Said while it is empty. */
  empty: string
}

/** The inbox of whoever is signed in; without them, of all customers. */
export const customerBox = (customer: { name: string; email: string } | null): Box => ({
  name: 'customer',
  title: customer === null ? 'The customers’ mail' : `${customer.name}’s mail`,
  about:
    customer === null
      ? 'Nobody is signed in, so this is everybody’s, newest first.'
      : `What arrives at ${customer.email}, newest first.`,
  empty: 'No mail yet. When the check sends a code, it arrives here.',
})

export const bankBox: Box = {
  name: 'bank',
  title: 'The bank’s security desk',
  about: 'What Anti Social Engine tells the bank’s own people. Customers never see this.',
  empty: 'No mail yet. When somebody says that they are being guided, the bank’s people are told here.',
}

const boxes: readonly [path: string, name: Box['name'], words: string][] = [
  ['/mailbox', 'customer', 'Customer'],
  ['/mailbox/bank', 'bank', 'Security desk'],
]

export const mailboxPage = (box: Box, messages: readonly ShownMessage[]): View => html`
  <div class="phone">
    <header>
      <p><a class="way" href="/">← Back to the bank</a></p>
      <nav class="boxes" aria-label="Whose mail">
        ${boxes.map(([path, name, words]) => html`<a class="way" href=${path} aria-current=${name === box.name ? 'page' : nothing}>${words}</a>`)}
      </nav>
      <h1>${box.title}</h1>
      <p class="quiet">${box.about}</p>
      <p class="quiet" data-live role="status"><a href="">Look for new mail</a></p>
    </header>
    <main data-mails=${box.name} data-empty=${box.empty}>${mailList(messages, box.empty)}</main>
  </div>
`
