import { render } from 'lit/html.js'
import { mailList, type ShownMessage } from '../views/mail-list.ts'

/** Keeps the inbox fresh: a message appears when it arrives. Without script a link loads the page again. */

const list = document.querySelector<HTMLElement>('[data-mails]')
const live = document.querySelector<HTMLElement>('[data-live]')

const refresh = async (inbox: HTMLElement): Promise<void> => {
  const response = await fetch('/mailbox/messages.json')
  if (!response.ok) return
  const messages: ShownMessage[] = await response.json()
  render(mailList(messages), inbox)
}

if (list && live) {
  list.replaceChildren()
  await refresh(list)
  live.textContent = 'New mail appears by itself.'
  const stream = new EventSource('/mailbox/stream')
  stream.addEventListener('message', async ({ data }) => {
    await refresh(list)
    const message: ShownMessage = JSON.parse(data)
    live.textContent = `New: ${message.subject}`
  })
  // After a lost connection something may have been missed.
  stream.addEventListener('open', () => void refresh(list))
}
