import * as z from 'zod/mini'
import type { NormalisedEvent } from '#contract/normalised-event'
import { actionFamily } from '#contract/outcome'
import { actionPolicy, isMapped, type Policy, sensitivity } from '../policy.ts'
import { factGroup } from './fact-group.ts'

/** The fields of an event that the policy is still asked about once its facts are known. */
export type EvaluatedEvent = Pick<NormalisedEvent, 'action' | 'amount' | 'payee' | 'metadata'>

/** What the policy says of the event's action: the only facts that another policy reads anew. */
export const actionUnder = (event: EvaluatedEvent, policy: Policy) => {
  const { family, sensitivity } = actionPolicy(policy, event)
  return {
    'action.name': event.action,
    'action.mapped': isMapped(policy, event.action),
    'action.family': family,
    'action.sensitivity': sensitivity,
    'action.base': policy.base[family][sensitivity],
  }
}

export const actionFacts = factGroup(
  {
    'action.name': z.string(),
    /** Whether the policy knows this name; in facts of before it is true. */
    'action.mapped': z._default(z.boolean(), true),
    'action.family': actionFamily,
    'action.sensitivity': sensitivity,
    /** Share of ACTION_SENSITIVE's weight, from the policy. */
    'action.base': z.number(),
  },
  ({ event, policy }) => actionUnder(event, policy),
)
