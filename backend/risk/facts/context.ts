import * as z from 'zod/mini'
import { secondMs } from '#contract/durations'
import { checkedNameMatch } from '#contract/event'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { Limits } from '../policy.ts'
import { factGroup, orNull } from './fact-group.ts'

/**
 * Objective facts that say something about now; null if unknown. A phone call of ten minutes ago does not: an observation
 * older than the policy's freshness is unknown. One without a time was made at receipt.
 */
export const freshContext = (
  { call_active, remote_access, screen_shared, payee_name_match, observed_at }: NormalisedEvent['context'],
  { context_fresh_seconds }: Limits,
  now: number,
) => {
  const isFresh = observed_at === null || now - observed_at <= context_fresh_seconds * secondMs
  return {
    call_active: isFresh ? call_active : null,
    remote_access: isFresh ? remote_access : null,
    screen_shared: isFresh ? screen_shared : null,
    // *Unknown* is what a bank says that does not answer: it takes nothing back.
    payee_name_match: isFresh && payee_name_match !== 'unknown' ? payee_name_match : null,
  }
}

export const contextFacts = factGroup(
  {
    'context.call_active': orNull(z.boolean()),
    'context.remote_access': orNull(z.boolean()),
    'context.screen_shared': orNull(z.boolean()),
    'context.payee_name_match': orNull(checkedNameMatch),
  },
  ({ event, policy, now }) => {
    const fresh = freshContext(event.context, policy.limits, now)
    return {
      'context.call_active': fresh.call_active,
      'context.remote_access': fresh.remote_access,
      'context.screen_shared': fresh.screen_shared,
      'context.payee_name_match': fresh.payee_name_match,
    }
  },
)
