import { repeat } from 'lit/directives/repeat.js'
import { html, nothing, type TemplateResult } from 'lit/html.js'

export interface ShownMessage {
  id: number
  to: string
  subject: string
  text: string
  html: string
  received_at: string
}

/** Shared by the server's first page and the browser's live view. Text is shown as text; HTML only inside a sandbox. */
export const mailList = (messages: readonly ShownMessage[], empty: string): TemplateResult =>
  messages.length === 0
    ? html`<p class="empty">${empty}</p>`
    : html`<ol class="mails">
        ${repeat(messages, ({ id }) => id, mailItem)}
      </ol>`

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })

const mailItem = (message: ShownMessage): TemplateResult => html`
  <li>
    <details name="mail">
      <summary class="mail-head">
        <span class="to">To ${message.to}</span>
        <time datetime=${message.received_at}>${clock.format(new Date(message.received_at))}</time>
        <strong>${message.subject === '' ? '(no subject)' : message.subject}</strong>
        <span class="start">${message.text.slice(0, 90)}</span>
      </summary>
      <div class="text">${message.text}</div>
      ${
        message.html === ''
          ? nothing
          : html`<details class="as-html">
              <summary>As it was designed</summary>
              <iframe sandbox="" loading="lazy" title="The message as it was designed" src="/mailbox/messages/${message.id}/html"></iframe>
            </details>`
      }
    </details>
  </li>
`
