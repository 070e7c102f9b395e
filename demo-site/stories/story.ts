import type { Customer } from '../bank/customer.ts'
import type { PersonId } from '../bank/people.ts'
import type { CallerFacts } from '../caller.ts'

export type Line = { who: 'caller' | 'you'; says: string }

/** What fills the bank's form when the visitor plays along. */
export type Prefill =
  | { page: 'transfer'; payee: 'new'; name: string; account: string; country: string; amount: string }
  | { page: 'transfer'; payee: 'first'; amount: string }
  | { page: 'settings'; email: string }

/** How a story ends when the visitor presses the bank's button: told beforehand, and kept every time. */
type Ending = 'nothing_asked' | 'one_click' | 'click_and_code' | 'asked_never_sent' | 'stopped_at_once'

export interface Part {
  lines: readonly Line[]
  prefill: Prefill
}

/** One thing that happens to a person. Its facts are what a real bank would learn from its app and its networks. */
export interface Story {
  id: string
  title: string
  gist: string
  facts: CallerFacts
  ends: Record<PersonId, Ending>
  /** Why this person meets more, or less, than the others. */
  because?: Partial<Record<PersonId, string>>
  begin(customer: Customer): Part
  /** What the caller tries next, with the same person: the checkpoint remembers them. */
  next?: { title: string; expect: string; begin(customer: Customer): Part }
}

const endingWords: Record<Ending, string> = {
  nothing_asked: 'Nothing is asked. It is simply done.',
  one_click: 'One question. Answer “No, this is my own idea”, and it is sent.',
  click_and_code: 'One question, then a code by e-mail. With both it is sent.',
  asked_never_sent: 'One question. Whatever you answer, nothing leaves the account.',
  stopped_at_once: 'It is stopped at once, without a question.',
}

/** What this customer will meet, in words. */
export const expectation = (story: Story, { person }: Customer): string =>
  [endingWords[story.ends[person.id]], story.because?.[person.id]].filter(Boolean).join(' ')

/** An amount as people say it: without the cents that there are none of. */
export const spoken = (amount: string): string => amount.replace(/\.00$/, '')
