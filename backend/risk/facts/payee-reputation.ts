import * as z from 'zod/mini'
import { unknownPayee } from '../payee-reports.ts'
import { count, factGroup, ms, orNull } from './fact-group.ts'

/** What the organisation remembers of the payee; null if the event names none. */
export const payeeReputationFacts = factGroup(
  {
    /** Distinct people whose unconfirmed report about this payee counts now. */
    'payee.reports': orNull(count),
    /** Whether the organisation has confirmed that this payee belongs to a scam. */
    'payee.confirmed': orNull(z.boolean()),
    /** When anybody of this organisation first tried to pay this payee; null when nobody has. */
    'payee.first_seen_in_org': orNull(ms),
    /** How many other people tried to within the last week; counted for payees of that week alone. */
    'payee.other_users_week': orNull(count),
  },
  ({ event, payee_reputation: reputation = unknownPayee }) => {
    const hasPayee = event.keys.payee !== null
    return {
      'payee.reports': hasPayee ? reputation.reports : null,
      'payee.confirmed': hasPayee ? reputation.confirmed : null,
      'payee.first_seen_in_org': hasPayee ? reputation.first_seen_at : null,
      'payee.other_users_week': hasPayee ? reputation.other_users_week : null,
    }
  },
)
