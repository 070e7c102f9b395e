import * as z from 'zod/mini'
import type { Policy } from '../policy.ts'
import { actionFacts, actionUnder, type EvaluatedEvent } from './action.ts'
import { contextFacts } from './context.ts'
import { deviceFacts } from './device.ts'
import type { FactsInput } from './fact-group.ts'
import { labelFacts } from './labels.ts'
import { listedFacts } from './listed.ts'
import { metadataFacts, metadataUnder } from './metadata.ts'
import { openingFacts } from './opening.ts'
import { payeeReputationFacts } from './payee-reputation.ts'
import { paymentFacts } from './payment.ts'
import { placeFacts } from './place.ts'
import { suppliedFacts } from './supplied.ts'
import { timeFacts } from './time.ts'
import { totalFacts } from './totals.ts'
import { velocityFacts } from './velocity.ts'

/**
 * Everything that a signal or a rule may read, under the dotted name that an answer's `unknown` list uses. Stored with the
 * session that they decided, so that a decision can be explained, and evaluated again by another policy, when the profile
 * has long moved on. Plain JSON, so that it can be stored.
 */
export const facts = z.strictObject({
  ...paymentFacts.schema,
  ...openingFacts.schema,
  ...suppliedFacts.schema,
  ...timeFacts.schema,
  ...actionFacts.schema,
  ...deviceFacts.schema,
  ...payeeReputationFacts.schema,
  ...placeFacts.schema,
  ...contextFacts.schema,
  ...velocityFacts.schema,
  ...labelFacts.schema,
  ...metadataFacts.schema,
  ...totalFacts.schema,
  ...listedFacts.schema,
})
export type Facts = Readonly<z.infer<typeof facts>>
export type FactName = keyof Facts

/** The facts of one event, beside what the profile remembers of its user. */
export const factsOf = (input: FactsInput): Facts => ({
  ...paymentFacts.read(input),
  ...openingFacts.read(input),
  ...suppliedFacts.read(input),
  ...timeFacts.read(input),
  ...actionFacts.read(input),
  ...deviceFacts.read(input),
  ...payeeReputationFacts.read(input),
  ...placeFacts.read(input),
  ...contextFacts.read(input),
  ...velocityFacts.read(input),
  ...labelFacts.read(input),
  ...metadataFacts.read(input),
  ...totalFacts.read(input),
  ...listedFacts.read(input),
})

/**
 * Stored facts as another policy sees the same event: what the policy says of its action, and the metadata that it declares,
 * are read anew. Sums over currencies and the age of observations stay as they were evaluated then.
 */
export const factsUnder = (stored: Facts, event: EvaluatedEvent, policy: Policy): Facts => ({
  ...stored,
  ...actionUnder(event, policy),
  ...metadataUnder(event, policy, stored.now),
})
