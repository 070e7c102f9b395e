import * as z from 'zod/mini'
import { unknownPayee } from '../payee-reputation.ts'
import { count, factGroup, ms, orNull } from './fact-group.ts'

/**
 * What the organisation remembers of the payee; null if the event names none. Nobody makes a payee old or gives them payers
 * by attempts: those facts rest on what was spent, reported as completed, or brought as history.
 */
export const payeeReputationFacts = factGroup(
  {
    /** Distinct people whose unconfirmed report about this payee counts now. */
    'payee.reports': orNull(count),
    /** Whether the organisation has confirmed that this payee belongs to a scam. */
    'payee.confirmed': orNull(z.boolean()),
    /** When anybody of this organisation first paid this payee; null when nobody has. Of it rules read `payee.age_days`. */
    'payee.first_seen_in_org': orNull(ms),
    /** Distinct days on which anybody paid; 64 means 64 or more. */
    'payee.days_seen': orNull(count),
    /** Distinct other people who paid: exact to 64, above that an estimate with a standard error of 13 %. */
    'payee.other_payers': orNull(count),
    /** Other people who first paid 30 days ago or earlier and have not reported the payee; estimated likewise. */
    'payee.long_standing_payers': orNull(count),
    /** Whether this person is among the payers; null too where more than 64 are known by a sample that they are not in. */
    'payee.paid_by_user': orNull(z.boolean()),
    /** Other people who paid within the last seven days, or tried to and are no long-standing payers; 64 means 64 or more. */
    'payee.other_users_week': orNull(count),
  },
  ({ event, payee_reputation: reputation = unknownPayee }) => {
    const known = event.keys.payee === null ? null : reputation
    return {
      'payee.reports': known?.reports ?? null,
      'payee.confirmed': known?.confirmed ?? null,
      'payee.first_seen_in_org': known?.first_paid_at ?? null,
      'payee.days_seen': known?.days_seen ?? null,
      'payee.other_payers': known?.other_payers ?? null,
      'payee.long_standing_payers': known?.long_standing_payers ?? null,
      'payee.paid_by_user': known?.paid_by_user ?? null,
      'payee.other_users_week': known?.other_users_week ?? null,
    }
  },
)
