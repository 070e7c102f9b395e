import { dayMs, type Span } from '../calendar.ts'
import type { Chance } from '../chance.ts'
import type { Customer } from '../customer.ts'
import type { Payee, Town } from '../payees.ts'

/** Why honest people pay, as the table of purposes in the README names it. */
export const purposes = [
  'rent',
  'deposit',
  'bill',
  'card',
  'savings',
  'broker',
  'friend',
  'seller',
  'shop',
  'tradesperson',
  'carer',
  'club',
  'family_abroad',
  'big_purchase',
  'home',
  'travel',
  'charity',
  'tax',
  'payroll',
  'supplier',
] as const
export type Purpose = (typeof purposes)[number]

/** A payment that somebody means to make. */
export type Payment = { at: number; payee: Payee; euros: number; purpose: Purpose }

/** What a habit is lived with. `span` begins when the customer does. */
type Life = { customer: Customer; chance: Chance; town: Town; span: Span }

/** One habit: what it makes of a life in payments, none for whoever doesn't have it. */
export type Habit = (life: Life) => Payment[]

/** The same payee on a day of each month, or of every nth month. */
export const dayOfMonth = (month: number, day: number): number => month + (day - 1) * dayMs
