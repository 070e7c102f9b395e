import type { Payee } from './payee-document.ts'
import { paymentReputation } from './payee-payments.ts'
import { reportReputation } from './payee-reports.ts'

/**
 * What the organisation remembers of a payee, as it stands for one person's attempt to pay them. Age and payers rest on what
 * was spent, reported as completed, or brought as history; `other_users_week` counts attempts as well.
 */
export type PayeeReputation = {
  /** Distinct people whose unconfirmed report counts now. */
  reports: number
  confirmed: boolean
  /** When anybody first paid this payee, epoch milliseconds; null when nobody has. */
  first_paid_at: number | null
  /** Distinct days on which anybody paid; 64 means 64 or more. */
  days_seen: number
  /** Distinct other people who paid: exact to 64, above that an estimate with a standard error of 13 %. */
  other_payers: number
  /** Those of them who first paid 30 days ago or earlier and have not reported the payee; estimated likewise. */
  long_standing_payers: number
  /** Whether this person is among the payers; null where payers are a sample that they are not in. */
  paid_by_user: boolean | null
  /** Other people who paid within the last seven days, or tried to and are no long-standing payers; 64 means 64 or more. */
  other_users_week: number
}

/** A payee of whom nothing is known. */
export const unknownPayee: PayeeReputation = {
  reports: 0,
  confirmed: false,
  first_paid_at: null,
  days_seen: 0,
  other_payers: 0,
  long_standing_payers: 0,
  paid_by_user: false,
  other_users_week: 0,
}

/**
 * What is remembered of a payee as it counts at `now` for an attempt of `payer`, by their digest for this payee. `reporters`:
 * the digests of those who reported this payee: what they paid for long speaks for nobody.
 */
export const reputationOf = (
  memory: Payee | null,
  payer: string,
  now: number,
  reporters: ReadonlySet<string> = new Set(),
): PayeeReputation =>
  memory === null
    ? unknownPayee
    : { ...reportReputation(memory, now), ...paymentReputation(memory, payer, now, reporters) }
