import * as z from 'zod/mini'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { ActiveLabel } from '../labels/active-labels.ts'
import type { PayeeReputation } from '../payee-reputation.ts'
import type { Policy } from '../policy.ts'
import type { Profile } from '../profile-document.ts'
import type { LookedUp } from './listed.ts'
import type { ActivityRead } from './totals.ts'

/** What facts are read from. */
export type FactsInput = {
  event: NormalisedEvent
  /** Leaves this event's own attempt out, if it was recorded before a crash and is evaluated again. */
  event_id: string
  profile: Profile
  /** What the organisation remembers of the payee, whoever pays; left out if it remembers nothing. */
  payee_reputation?: PayeeReputation
  policy: Policy
  now: number
  /** Left out if no label is active. */
  labels?: readonly ActiveLabel[]
  /** What went out to the payee, and from the device and the network; left out if no rule asks. */
  activity?: ActivityRead
  /** What was found in the lists that rules name; left out if they name none. */
  listed?: readonly LookedUp[]
}

/**
 * Facts about one subject: how they are stored, and how they are read from an event. Null means: not supplied, or there is
 * nothing to compare with. A session of before a fact was known does not have it, so a new one needs a default.
 */
export const factGroup = <Shape extends z.core.$ZodShape>(
  schema: Shape,
  read: (input: FactsInput) => z.infer<z.ZodMiniObject<Shape, z.core.$strict>>,
) => ({ schema, read })

export const ms = z.int()
export const count = z.int()
export const orNull = <T extends z.ZodMiniType>(schema: T) => z._default(z.nullable(schema), null)
