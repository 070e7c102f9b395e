import * as z from 'zod/mini'

/**
 * What a rule may read, by kind. `risk/README.md` says what each one means. What a policy declares of an event's `metadata`
 * is a fact too, of the type that the policy says.
 */

/**
 * Payments of a subject that went out, with this one, in windows that end now: their sum in minor units of the event's
 * currency, and how many they are.
 */
const totalFact = z.enum([
  'user.sum_24h',
  'user.sum_7d',
  'user.sum_30d',
  'user.payments_24h',
  'user.payments_7d',
  'user.payments_30d',
  'payee.sum_24h',
  'payee.sum_7d',
  'payee.sum_30d',
  'payee.payments_24h',
  'payee.payments_7d',
  'payee.payments_30d',
  'device.sum_24h',
  'device.sum_7d',
  'device.sum_30d',
  'device.payments_24h',
  'device.payments_7d',
  'device.payments_30d',
  'network.sum_24h',
  'network.sum_7d',
  'network.sum_30d',
  'network.payments_24h',
  'network.payments_7d',
  'network.payments_30d',
])
export type TotalFact = z.infer<typeof totalFact>
export const isTotalFact = (fact: string): fact is TotalFact => totalFact.safeParse(fact).success

/** Facts that are numbers. Amounts are minor units of the event's currency; counts of attempts leave this one out. */
export const numberFact = z.enum([
  'score',
  'amount',
  'amount.judged',
  'amount.limit',
  'amount.earlier_count',
  'amount.earlier_largest',
  'payee.times',
  'payee.largest',
  'payee.added_minutes',
  'payee.age_days',
  'payee.days_seen',
  'payee.other_payers',
  'payee.long_standing_payers',
  'payee.other_users_week',
  'user.age_days',
  'user.email_changed_hours',
  'profile.devices',
  'profile.places',
  'telemetry.dwell_ms',
  'time.hour',
  'time.local_hour',
  'velocity.hour',
  'velocity.day',
  'amount.times_usual',
  ...totalFact.options,
])
export type NumberFact = z.infer<typeof numberFact>

/** What a number counts. Two numbers are compared with each other only if they count the same. */
export type Unit =
  | 'points'
  | 'amount'
  | 'times'
  | 'count'
  | 'ms'
  | 'minutes'
  | 'hours'
  | 'days'
  | 'hour of the day'

const named: Record<Exclude<NumberFact, TotalFact>, Unit> = {
  score: 'points',
  amount: 'amount',
  'amount.judged': 'amount',
  'amount.limit': 'amount',
  'amount.earlier_count': 'count',
  'amount.earlier_largest': 'amount',
  'amount.times_usual': 'times',
  'payee.times': 'count',
  'payee.largest': 'amount',
  'payee.added_minutes': 'minutes',
  'payee.age_days': 'days',
  'payee.days_seen': 'count',
  'payee.other_payers': 'count',
  'payee.long_standing_payers': 'count',
  'payee.other_users_week': 'count',
  'user.age_days': 'days',
  'user.email_changed_hours': 'hours',
  'profile.devices': 'count',
  'profile.places': 'count',
  'telemetry.dwell_ms': 'ms',
  'time.hour': 'hour of the day',
  'time.local_hour': 'hour of the day',
  'velocity.hour': 'count',
  'velocity.day': 'count',
}

export const unitOf = (fact: NumberFact): Unit =>
  isTotalFact(fact) ? (fact.includes('.sum_') ? 'amount' : 'count') : named[fact]

export const booleanFact = z.enum([
  'device.known',
  'payee.known',
  'place.country_known',
  'place.city_known',
  'network.public',
  'network.anonymizer',
  'context.call_active',
  'context.remote_access',
  'context.screen_shared',
  'telemetry.payee_pasted',
])

/** Compared without regard to case, Unicode spelling and blanks at the ends. */
export const textFact = z.enum([
  'action.name',
  'action.family',
  'action.sensitivity',
  'amount.currency',
  'target',
  'user.email_domain',
  'payee.country',
  'place.country',
  'place.city',
  'network.type',
  'context.payee_name_match',
  'label.user',
  'label.device',
  'label.ip',
  'label.network',
  'label.payee',
  'label.email_domain',
  'label.session',
])

/** Who or what an event is about: rules look them up in lists, and read nothing else of them. */
export const subjectFact = z.enum(['payee', 'user', 'device', 'network'])
export type SubjectFact = z.infer<typeof subjectFact>
export const isSubjectFact = (fact: string): fact is SubjectFact => subjectFact.safeParse(fact).success

/** What can be looked up in a list of the organisation. */
export const listableFact = z.enum([
  ...subjectFact.options,
  'user.email_domain',
  'payee.country',
  'place.country',
])
export type ListableFact = z.infer<typeof listableFact>

/** Every fact that a rule may read. The names are those of an answer's `unknown` list where both have one. */
export const ruleFact = z.enum([...numberFact.options, ...booleanFact.options, ...textFact.options])
export type RuleFact = z.infer<typeof ruleFact>

/** The most fields of `metadata` that a policy may declare. */
export const metadataFieldsMax = 50
export const metadataField = z.string().check(
  z.regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, {
    error: 'must be a letter and up to 63 letters, digits, _ or -, as the field is called in metadata',
  }),
)

/** What a policy says of a field of `metadata`. A `date` (RFC 3339) is read as the whole minutes since, below 0 if ahead. */
export const metadataType = z.enum(['string', 'number', 'boolean', 'date'])
export type MetadataType = z.infer<typeof metadataType>

/** The longest text of `metadata` that a rule reads. */
export const metadataTextMax = 256

/** A declared field as a fact. */
export const metadataFact = z.templateLiteral(['metadata.', metadataField])
export type MetadataFact = z.infer<typeof metadataFact>
export const isMetadataFact = (name: string): name is MetadataFact => name.startsWith('metadata.')
