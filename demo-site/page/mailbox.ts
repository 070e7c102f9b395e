import { render } from 'lit/html.js'
import { mailList, type ShownMessage } from '../views/mail-list.ts'

/** Keeps an inbox fresh: a message appears when it arrives. Without script a link loads the page again. */

const list = document.querySelector<HTMLElement>('[data-mails]')
const live = document.querySelector<HTMLElement>('[data-live]')

/** Shows what is there now and answers the newest message's number; 0 without any. */
const refresh = async (inbox: HTMLElement): Promise<number> => {
  const response = await fetch(`/mailbox/${inbox.dataset['mails']}.json`)
  if (!response.ok) return 0
  const messages: ShownMessage[] = await response.json()
  render(mailList(messages, inbox.dataset['empty'] ?? ''), inbox)
  return messages[0]?.id ?? 0
}

if (list && live) {
  list.replaceChildren()
  let newest = await refresh(list)
  live.textContent = 'New mail appears by itself.'
  const look = async () => {
    const found = await refresh(list)
    // Another inbox's mail is no news here.
    if (found > newest) live.textContent = 'New mail.'
    newest = Math.max(newest, found)
  }
  const stream = new EventSource('/mailbox/stream')
  stream.addEventListener('message', () => void look())
  // After a lost connection something may have been missed.
  stream.addEventListener('open', () => void look())
}
