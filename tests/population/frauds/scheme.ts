import type { IngestEvent } from '#contract/event'
import type { Conduct } from '../../../backend/replay/answer-checkpoint.ts'
import type { Span } from '../calendar.ts'
import type { Chance } from '../chance.ts'
import type { Customer } from '../customer.ts'
import {
  accountEvent,
  type NameMatch,
  quietScene,
  type Scene,
  type Surroundings,
  surroundingsOf,
  transferEvent,
} from '../event-of.ts'
import type { Payment } from '../lives/habit.ts'
import type { Payee, Town } from '../payees.ts'
import type { Mules } from './mules.ts'

/** The ways in which people are robbed here. */
export const fraudKinds = [
  'account_takeover',
  'remote_access',
  'impersonation_call',
  'impersonation_message',
  'purchase',
  'invoice',
  'investment',
  'romance',
  'recovery',
] as const
export type FraudKind = (typeof fraudKinds)[number]

/** One thing done within a case; `euros` is null for what is no payment. */
export type Act = { at: number; event: IngestEvent; conduct: Conduct; euros: number | null }

/** What a scheme plays with. */
export type Stage = {
  victim: Customer
  at: number
  chance: Chance
  mules: Mules
  town: Town
  /** What the victim paid before, the latest last. */
  paid: readonly Payment[]
  span: Span
  /** Accounts that were paid in this case: a bank checks the name at the first payment alone. */
  checked: Set<string>
}

export type Scheme = {
  kind: FraudKind
  /** Cases for each hundred customers in 26 weeks: far more than in life, so that there is something to count. */
  per100: number
  /** How likely a customer is to be its victim, beside others. */
  suits: (customer: Customer) => number
  /** What is done, in the order of time; nothing if it doesn't fit this victim. */
  play: (stage: Stage) => Act[]
  /** Days from the last act until the bank hears of it, and the share that it never hears of. */
  heard: { days: [low: number, high: number]; never: number }
}

/** How a name check ends at a mule's account: mostly well, because the victim is told which name to type. */
const mulesNameMatch = (chance: Chance): NameMatch =>
  chance.weighted(['match', 'close', 'no_match', 'unknown'], (match) =>
    match === 'match' ? 0.62 : match === 'close' ? 0.08 : match === 'unknown' ? 0.18 : 0.12,
  )

/** What the name check says at this payment, null where there is none. */
const checkedName = (
  { chance, checked }: Stage,
  { account }: Payee,
  told: NameMatch | null,
): NameMatch | null => {
  if (checked.has(account)) return null
  checked.add(account)
  return told ?? mulesNameMatch(chance)
}

/** A victim's own payment, from where they always are. */
export const coachedPayment = (
  stage: Stage,
  at: number,
  payee: Payee,
  euros: number,
  scene: Partial<Scene> = {},
): Act => {
  const { victim, chance } = stage
  const surroundings = surroundingsOf(victim, at, chance)
  const nameMatch = checkedName(stage, payee, scene.nameMatch ?? null)
  const seen = { ...quietScene, ...scene, nameMatch }
  const acted = { at, customer: victim, surroundings, chance, scene: seen }
  return { at, event: transferEvent(acted, payee, euros), conduct: 'coached', euros }
}

type Intrusion = { surroundings: Surroundings; mailboxTaken: boolean; mailbox?: Mailbox }
type Mailbox = { email: string; changed_at: number; previous: string }

/** A payment by somebody who has got in. */
export const intrudersPayment = (
  stage: Stage,
  { surroundings, mailboxTaken, mailbox }: Intrusion,
  at: number,
  payee: Payee,
  euros: number,
): Act => {
  const { victim, chance } = stage
  const scene = { ...quietScene, nameMatch: checkedName(stage, payee, null) }
  const acted = {
    at,
    customer: victim,
    surroundings,
    chance,
    scene,
    ...(mailbox === undefined ? {} : { mailbox }),
  }
  return {
    at,
    event: transferEvent(acted, payee, euros),
    conduct: mailboxTaken ? 'intruder_with_mailbox' : 'intruder',
    euros,
  }
}

/** Something else that an intruder does with the account. */
export const intrudersAct = (
  { victim, chance }: Pick<Stage, 'victim' | 'chance'>,
  { surroundings, mailboxTaken }: Intrusion,
  at: number,
  action: 'login' | 'change_email' | 'change_password',
  target: string | null,
): Act => ({
  at,
  event: accountEvent({ at, customer: victim, surroundings, chance }, action, target),
  conduct: mailboxTaken ? 'intruder_with_mailbox' : 'intruder',
  euros: null,
})

/** What can be had of somebody: never more than most of what they have. */
export const within = (victim: Customer, euros: number): number =>
  Math.max(20, Math.min(victim.means * 0.9, euros))

/** A sum in unequal parts. */
export const inParts = (chance: Chance, euros: number, parts: number): number[] => {
  const weights = Array.from({ length: parts }, () => chance.between(0.6, 1.4))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => Math.max(15, (euros * weight) / all))
}
