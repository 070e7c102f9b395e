import * as z from 'zod/mini'
import { nameMatch } from './event.ts'
import { money } from './money.ts'

/**
 * The one shape that everything behind the intake sees, whichever connector an event came through.
 * Absent is null. Times are epoch milliseconds. Payee and target are held twice: as typed (for screens and mail)
 * and canonical (for digests and comparisons).
 */

const ms = z.int()
const orNull = <T extends z.ZodMiniType>(schema: T) => z.nullable(schema)

/** Objective facts about the person's situation; null is unknown. */
export const situation = z.strictObject({
  call_active: orNull(z.boolean()),
  remote_access: orNull(z.boolean()),
  screen_shared: orNull(z.boolean()),
  payee_name_match: orNull(nameMatch),
})

/** Canonical spelling, after NFKC, case and space folding: what digests and comparisons read. */
export const canonicalPayee = z.strictObject({
  id: orNull(z.string()),
  name: orNull(z.string()),
  account: orNull(z.string()),
  country: orNull(z.string()),
})

/** Keyed digests under the organisation's own key: equal within one organisation, meaningless outside it. */
const subjectKeys = z.strictObject({
  user: z.string(),
  payee: orNull(z.string()),
  device: orNull(z.string()),
  mailbox: orNull(z.string()),
})

export const normalisedEvent = z.strictObject({
  action: z.string(),
  user: z.strictObject({
    id: z.string(),
    email: orNull(z.string()),
    email_changed_at: orNull(ms),
    previous_email: orNull(z.string()),
    phone: orNull(z.string()),
    created_at: orNull(ms),
    locale: orNull(z.string()),
  }),
  amount: orNull(money),
  /** The most that the site's own rules would let through, in the amount's minor units. */
  amount_limit: orNull(z.int()),
  payee: orNull(
    z.strictObject({
      typed: canonicalPayee,
      canonical: canonicalPayee,
      added_at: orNull(ms),
    }),
  ),
  target: orNull(z.string()),
  device: z.strictObject({ id: orNull(z.string()), user_agent: orNull(z.string()) }),
  network: z.strictObject({
    ip: orNull(z.string()),
    type: orNull(z.string()),
    public: orNull(z.boolean()),
    anonymizer: orNull(z.boolean()),
    id: orNull(z.string()),
  }),
  location: z.strictObject({
    country: orNull(z.string()),
    city: orNull(z.string()),
    lat: orNull(z.number()),
    lon: orNull(z.number()),
  }),
  context: z.extend(situation, { observed_at: orNull(ms) }),
  telemetry: z.strictObject({
    device_id: orNull(z.string()),
    language: orNull(z.string()),
    time_zone: orNull(z.string()),
    connection: orNull(z.string()),
    payee_pasted: orNull(z.boolean()),
    dwell_ms: orNull(z.int()),
  }),
  occurred_at: ms,
  return_url: orNull(z.string()),
  /** Canonical JSON text of the site's own metadata: never parsed by us. */
  metadata: orNull(z.string()),
  keys: subjectKeys,
})

export type NormalisedEvent = z.infer<typeof normalisedEvent>
export type CanonicalPayee = z.infer<typeof canonicalPayee>
