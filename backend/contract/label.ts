import * as z from 'zod/mini'
import { ipAddress, payee } from './event.ts'
import { riskFamily } from './outcome.ts'
import { dateTime, identifier, readable, statedReason } from './text.ts'

/**
 * What somebody found out about a subject of past events, so that later events meet it: a label, the family of risk that
 * it speaks of, who says so and on what ground, and how long it holds.
 */

export const subjectType = z.enum(['user', 'device', 'ip', 'network', 'payee', 'email_domain', 'session'])
export type SubjectType = z.infer<typeof subjectType>

/** What a label can state. */
export const statedLabel = z.enum(['known_legit', 'suspected_risky', 'known_risky'])

/** `unknown`: somebody looked and can't tell; what was said before no longer counts. */
export const labelName = z.enum([...statedLabel.options, 'unknown'])
export type LabelName = z.infer<typeof labelName>

/** The families of risk that a label may speak of. */
export const labelFamily = riskFamily
export type LabelFamily = z.infer<typeof labelFamily>

/** What a label rests on. */
export const labelProvenance = z.enum([
  /** Somebody looked into it, with more than the person's own word. */
  'analyst_investigation',
  'law_enforcement',
  /** Another institution, or a shared list. */
  'partner_report',
  /** What the site reported of an event's end. */
  'site_result',
  /** The person said so: they may be coached, or be somebody else. */
  'customer_confirmed',
  'not_stated',
])
export type LabelProvenance = z.infer<typeof labelProvenance>

const labelReason = readable(500)

/** Why a label is taken back: evidence that stood is gone afterwards. */
export const labelUndoReason = statedReason(500)

const domain = z.string().check(
  z.maxLength(253),
  z.regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i, {
    error: 'must be the part of an address behind the @, for example example.com',
  }),
)

const payeeNames = z.omit(payee, { added_at: true }).check(
  z.refine(({ id, name, account }) => [id, name, account].some((one) => one != null), {
    error: 'must have an account, an id or a name',
  }),
)

/** A subject as events name it. A payee is found by its account, else its id, else its name, as in an event. */
export const labelSubject = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('user'), value: identifier(128) }),
  z.strictObject({ type: z.literal('device'), value: identifier(128) }),
  z.strictObject({ type: z.literal('ip'), value: ipAddress }),
  z.strictObject({ type: z.literal('network'), value: identifier(128) }),
  z.strictObject({ type: z.literal('payee'), value: payeeNames }),
  z.strictObject({ type: z.literal('email_domain'), value: domain }),
  z.strictObject({ type: z.literal('session'), value: identifier(64) }),
])
export type LabelSubject = z.infer<typeof labelSubject>

export const labelRequest = z.strictObject({
  subject: labelSubject,
  label: labelName,
  /** Default: the one that is usual for the subject's type. */
  family: z.optional(labelFamily),
  reason: labelReason,
  provenance: z._default(labelProvenance, 'not_stated'),
  /** Default and latest: by provenance. */
  expires_at: z.optional(dateTime),
})

/**
 * - `active`: later events meet it.
 * - `replaced`: a newer label of the same family says otherwise.
 * - `expired`, `undone`.
 */
const labelState = z.enum(['active', 'replaced', 'expired', 'undone'])
export type LabelState = z.infer<typeof labelState>

const labelled = z.strictObject({
  type: subjectType,
  /** The session that it is about, which may be an earlier one of the same person. */
  session_id: z.nullable(z.string()),
})

/** A label as analysts see it. */
export const deskLabel = z.strictObject({
  id: z.string(),
  subject: labelled,
  label: labelName,
  family: labelFamily,
  reason: z.string(),
  provenance: labelProvenance,
  /** The id of a key or of an analyst; analysts are told addresses. */
  author: z.string(),
  created_at: z.string(),
  expires_at: z.string(),
  state: labelState,
  undone: z.nullable(z.strictObject({ at: z.string(), by: z.string(), reason: z.string() })),
})
export type DeskLabel = z.infer<typeof deskLabel>

/** A label as the site's backend sees it. Of what was named a keyed digest is kept, of a session its id. */
export const labelAnswer = z.extend(deskLabel, { subject: z.extend(labelled, { digest: z.string() }) })
export type LabelAnswer = z.infer<typeof labelAnswer>

/** What an analyst sends to label a subject of a session. Who says so is whoever is logged in. */
export const labelForm = z.strictObject({
  session_id: z.string().check(z.minLength(1), z.maxLength(64)),
  subject: subjectType,
  label: labelName,
  /** Null: the one that is usual for the subject. */
  family: z.nullable(labelFamily),
  provenance: labelProvenance,
  reason: labelReason,
  /** Null: what is usual for the provenance. */
  expires_at: z.nullable(z.int()),
})
export type LabelForm = z.infer<typeof labelForm>

/** What an analyst sends to take one back. */
export const labelUndoForm = z.strictObject({
  session_id: z.string().check(z.minLength(1), z.maxLength(64)),
  label_id: z.string().check(z.minLength(1), z.maxLength(80)),
  reason: labelUndoReason,
})
export type LabelUndoForm = z.infer<typeof labelUndoForm>

export const writtenLabel = z.strictObject({ label: deskLabel })
