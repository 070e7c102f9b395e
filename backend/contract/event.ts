import * as z from 'zod/mini'
import { outcome } from './outcome.ts'
import {
  country,
  currency,
  dateTime,
  fact,
  fitsInUtf8,
  identifier,
  mailboxAddress,
  minorUnits,
  text,
  visible,
} from './text.ts'

/**
 * The event that a site's backend sends to `POST /events/ingest`.
 * Only `action` and `user.id` are required. A fact that is missing makes the signals that need it *unknown*:
 * they add nothing, and the answer lists them.
 */

export const actionName = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9_]{0,63}$/, { error: 'must be lower_snake_case, at most 64 characters' }))

export const payee = z.strictObject({
  id: fact(identifier(128)),
  name: fact(text(140)),
  account: fact(text(64)),
  country: fact(country),
  added_at: fact(dateTime),
})

export const ipAddress = z.union([z.ipv4(), z.ipv6()], { error: 'must be an IPv4 or IPv6 address' })

/** How the payee's name fits the account, where somebody has looked. */
export const checkedNameMatch = z.enum(['match', 'close', 'no_match'])
export const nameMatch = z.enum([...checkedNameMatch.options, 'unknown'])

/** Objective signals: facts that the site's app or the phone network observed, never the person's answer. */
export const context = z.strictObject({
  call_active: fact(z.boolean()),
  remote_access: fact(z.boolean()),
  screen_shared: fact(z.boolean()),
  payee_name_match: fact(nameMatch),
  observed_at: fact(dateTime),
})

/** What the browser said about itself. Client-supplied: its effect on a score is bounded. */
export const telemetry = z.strictObject({
  device_id: fact(identifier(128)),
  language: fact(text(35)),
  time_zone: fact(text(64)),
  screen: fact(
    z.strictObject({
      width: z.int().check(z.nonnegative()),
      height: z.int().check(z.nonnegative()),
      pixel_ratio: z.number(),
    }),
  ),
  connection: fact(text(32)),
  payee_pasted: fact(z.boolean()),
  dwell_ms: fact(z.int().check(z.nonnegative())),
})

const metadataMaxBytes = 8192

const metadata = z.record(text(128), z.unknown()).check(
  z.refine((value) => fitsInUtf8(JSON.stringify(value), metadataMaxBytes), {
    error: `must be at most ${metadataMaxBytes} bytes of JSON`,
  }),
)

/** Test keys only: forces an outcome, so that a site can rehearse every path. */
const testInstruction = z.strictObject({
  outcome: z.optional(z.enum([...outcome.options, 'break_contact', 'expired'])),
  code: z.optional(z.string().check(z.regex(/^[0-9]{6}$/, { error: 'must be six digits' }))),
})

export const ingestEvent = z.strictObject({
  action: actionName,
  user: z.strictObject({
    id: identifier(128),
    email: fact(mailboxAddress),
    email_changed_at: fact(dateTime),
    previous_email: fact(mailboxAddress),
    phone: fact(text(32)),
    created_at: fact(dateTime),
    locale: fact(text(35)),
  }),
  amount: fact(
    z.strictObject({
      value: minorUnits,
      currency,
      /** The most that the site's own rules would let through now, for example what is left of the day. Same units. */
      limit: fact(minorUnits),
    }),
  ),
  payee: fact(payee),
  target: fact(visible(256)),
  device: fact(z.strictObject({ id: fact(identifier(128)), user_agent: fact(text(512)) })),
  network: fact(
    z.strictObject({
      ip: fact(ipAddress),
      type: fact(text(32)),
      public: fact(z.boolean()),
      anonymizer: fact(z.boolean()),
      id: fact(identifier(128)),
    }),
  ),
  place: fact(
    z.strictObject({
      country: fact(country),
      city: fact(text(100)),
      lat: fact(z.number().check(z.gte(-90), z.lte(90))),
      lon: fact(z.number().check(z.gte(-180), z.lte(180))),
    }),
  ),
  context: fact(context),
  telemetry: fact(telemetry),
  occurred_at: fact(dateTime),
  return_url: fact(z.string().check(z.maxLength(2048))),
  metadata: fact(metadata),
  test: z.optional(testInstruction),
})

export type IngestEvent = z.infer<typeof ingestEvent>
export type Context = z.infer<typeof context>
export type Telemetry = z.infer<typeof telemetry>
