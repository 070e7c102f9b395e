import { html } from '@lit-labs/ssr'
import type { View } from './document.ts'
import { mailList, type ShownMessage } from './mail-list.ts'

export const mailboxPage = (messages: readonly ShownMessage[]): View => html`
  <div class="phone">
    <header>
      <h1>Inbox</h1>
      <p class="quiet">Mail of everybody at Harbour Bank, newest first. Kept in memory until the next start.</p>
      <p class="quiet" data-live role="status"><a href="/mailbox">Look for new mail</a></p>
    </header>
    <main data-mails>${mailList(messages)}</main>
  </div>
`
