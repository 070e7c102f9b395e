import type { ActionView } from '#contract/session-view'
import { formatAmount } from './amount.ts'
import type { ActionFacts, Texts } from './texts.ts'
import { plainLine } from './typed-name.ts'
import { wordingOf } from './wording.ts'

const nameMaxLength = 48
const targetMaxLength = 72

/** Keeps an initial and the name after it on one line. */
const unbroken = (name: string): string => name.replace(/(\b\p{L}\.) /gu, '$1\u00A0')

/** The facts of an action for a person: amounts in figures, typed text on one line of bounded length. */
export const actionFacts = (action: ActionView, texts: Texts): ActionFacts => ({
  name: plainLine(action.name, nameMaxLength),
  amount: action.amount && formatAmount(action.amount.value, action.amount.currency, texts.language),
  payee: action.payee?.name ? unbroken(plainLine(action.payee.name, nameMaxLength)) || null : null,
  ending: action.payee?.account_ending ?? null,
  target: action.target ? plainLine(action.target, targetMaxLength) || null : null,
})

/** What is about to happen, in one line: "Send 10,000.00 USD to J. Smith, account ending 5555". */
export const actionLine = (action: ActionView, texts: Texts): string =>
  texts.actionLine[wordingOf(action.wording)](actionFacts(action, texts))
