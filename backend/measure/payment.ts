import type { Outcome, Reason, Resolution, Tier } from '#contract/outcome'

/** What became of one payment when it was lived through, and what it really was: all that the measures need to know. */
export type Met = {
  /** Epoch milliseconds. */
  at: number
  customer: string
  /** What names the payee. */
  account: string
  /** Minor units of the one currency that is measured in. */
  amount: number
  /** Null: honest. `case`: what was done to one person; its payments are one fraud. */
  fraud: { kind: string; case: string } | null
  /** What it was for, where that is known. */
  purpose: string
  outcome: Outcome
  tier: Tier
  score: number
  /** Empty where nobody was met: they are kept to explain a checkpoint. */
  reasons: readonly Reason[]
  /** Whether the bank was told to carry it out, and did. */
  spent: boolean
  /** How the session ended. */
  resolution: Resolution | null
}

/** A payment beside what was known of it when it was made, by counting alone. */
export type Placed = Met & {
  /** How long the engine has been asked about this customer; history that was brought makes nobody older here. */
  knownMs: number
  /** Whether this customer had sent money to this account before. */
  payeePaid: boolean
  /** The median of what this customer sent before. NaN of a first payment. */
  usual: number
  /** Whether this customer had been sent after their money before: what such people meet is counted by itself. */
  robbedBefore: boolean
  /** Whether another case's victim was sent to this account within 30 days before. */
  sharedMule: boolean
  /** From the first day on, from 0. */
  week: number
}

export const isHonest = ({ fraud }: Pick<Met, 'fraud'>): boolean => fraud === null

/**
 * Honest, of somebody whom nobody has robbed. Where frauds are many, what follows victims around would weigh far too much among
 * the others.
 */
export const isOrdinary = (payment: Pick<Placed, 'fraud' | 'robbedBefore'>): boolean =>
  isHonest(payment) && !payment.robbedBefore

/** Whether it met a checkpoint, or was stopped at once. */
export const isMet = ({ outcome }: Pick<Met, 'outcome'>): boolean => outcome !== 'allow'

/** Whose payments a figure counts. */
export type Among = { name: string; includes: (payment: Pick<Placed, 'knownMs'>) => boolean }

export const everybody: Among = { name: 'everybody', includes: () => true }
