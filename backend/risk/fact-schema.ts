import * as z from 'zod/mini'
import { actionFamily } from '#contract/outcome'
import { activeLabel, labelFact } from './labels/active-labels.ts'
import { sensitivity } from './policy.ts'

/**
 * Everything that a signal or a rule may read, under the dotted name that an answer's `unknown` list uses. Null means:
 * nobody told us, or there is nothing to compare with. Stored with the session that they decided, so that a decision can
 * be explained, and judged again by another policy, when the profile has long moved on.
 *
 * Plain JSON, so that it can be stored. A session of before a fact was known does not have it: a new one needs a default.
 */

const ms = z.int()
const orNull = <T extends z.ZodMiniType>(schema: T) => z._default(z.nullable(schema), null)
const bool = z.boolean()
const count = z.int()

/** The person's own payments in a currency: how many are remembered, their median and median absolute deviation. */
const usualAmount = z.strictObject({ count: z.int(), median: z.number(), deviation: z.number() })
export type UsualAmount = z.infer<typeof usualAmount>

/**
 * One attempt of the last 24 hours. `value` is in minor units of this event's currency, or of its own when this event has
 * no amount; `known_payee`: known now, by the profile that judged.
 */
const recentAttempt = z.strictObject({
  at: ms,
  family: actionFamily,
  value: z.nullable(z.number()),
  known_payee: bool,
  /** Whether it is money: it went out or still may, and is the one try of its payment that stands for all. */
  counts: z._default(bool, true),
})
export type RecentAttempt = z.infer<typeof recentAttempt>

export const facts = z.strictObject({
  now: ms,
  /** When it was done: never later than now, whatever a clock ahead of ours says. */
  occurred_at: ms,
  'action.name': z.string(),
  /** Whether the policy knows this name; facts of before were all taken for known. */
  'action.mapped': z._default(bool, true),
  'action.family': actionFamily,
  'action.sensitivity': sensitivity,
  /** Share of ACTION_SENSITIVE's weight, from the policy. */
  'action.base': z.number(),
  'user.email': orNull(z.string()),
  'user.created_at': orNull(ms),
  'user.email_changed_at': orNull(ms),
  target: orNull(z.string()),
  /** Of the device that the site named: what a browser says of itself is no such fact. Facts of before were either's. */
  'device.id': orNull(z.string()),
  'device.known': bool,
  'profile.devices': count,
  /** Whether this person's browsers have named it before; null when the site named one, or nobody did. */
  'telemetry.device_id.known': orNull(bool),
  'profile.browser_devices': z._default(count, 0),
  payee: orNull(z.string()),
  'payee.known': bool,
  'payee.times': count,
  'payee.added_at': orNull(ms),
  'payee.country': orNull(z.string()),
  /** The largest amount ever paid to this payee in this currency, minor units. */
  'payee.largest': orNull(z.int()),
  /** Distinct people whose unconfirmed report about this payee counts now. */
  'payee.reports': orNull(count),
  /** Whether the organisation has confirmed that this payee is a scam's. */
  'payee.confirmed': orNull(bool),
  /** When anybody of this organisation first tried to pay this payee; null when nobody has. */
  'payee.first_seen_in_org': orNull(ms),
  /** How many other people tried to within the last week; counted for payees of that week alone. */
  'payee.other_users_week': orNull(count),
  amount: orNull(z.int()),
  'amount.currency': orNull(z.string()),
  /** The amount as it is judged: to a payee not known, with what 24 hours sent, or still may send, to such payees. */
  'amount.judged': orNull(z.number()),
  /** The most that the site would let through now, minor units. */
  'amount.limit': orNull(z.int()),
  'amount.usual': orNull(usualAmount),
  /** How many payments that sum holds beside this one. */
  'amount.earlier_count': count,
  /** The largest of them, minor units of this currency. */
  'amount.earlier_largest': z.number(),
  'place.country': orNull(z.string()),
  'place.city': orNull(z.string()),
  'place.lat': orNull(z.number()),
  'place.lon': orNull(z.number()),
  /** Where the person last really acted, coarse coordinates and time. */
  'profile.last_position': orNull(z.strictObject({ lat: z.number(), lon: z.number(), at: ms })),
  'place.country_known': bool,
  'place.city_known': bool,
  'profile.places': orNull(count),
  'network.type': orNull(z.string()),
  'network.public': orNull(bool),
  'network.anonymizer': orNull(bool),
  'context.call_active': orNull(bool),
  'context.remote_access': orNull(bool),
  'context.screen_shared': orNull(bool),
  'context.payee_name_match': orNull(z.enum(['match', 'close', 'no_match'])),
  'telemetry.payee_pasted': orNull(bool),
  /** Milliseconds between the first sight of the form and its sending. */
  'telemetry.dwell_ms': orNull(count),
  /** Hour of the day in UTC, and by the clock of the person's time zone. */
  'time.hour': count,
  'time.local_hour': orNull(count),
  /** Hours of the day that the person is used to act in: bit 0 is midnight. */
  'profile.hours': orNull(z.int()),
  'profile.local_hours': orNull(z.int()),
  'velocity.hour': count,
  'velocity.day': count,
  /** What rules count in windows of their own, this attempt not among them; bounded as the profile's attempts are. */
  'velocity.recent': z._default(z.array(recentAttempt), []),
  /** What each subject is labelled as, the most severe of all families; null without such a subject. */
  'label.user': orNull(labelFact),
  'label.device': orNull(labelFact),
  'label.ip': orNull(labelFact),
  'label.network': orNull(labelFact),
  'label.payee': orNull(labelFact),
  'label.email_domain': orNull(labelFact),
  'label.session': orNull(labelFact),
  /** All labels that count, in the order of their subjects. */
  labels: z._default(z.array(activeLabel), []),
})
export type Facts = Readonly<z.infer<typeof facts>>
export type FactName = keyof Facts
