import * as z from 'zod/mini'
import { channel } from './channel.ts'
import { actionFamily } from './outcome.ts'
import { dateTime, identifier, readable, statedReason } from './text.ts'

/**
 * A hold as the site's backend sees it, and what it takes to release one by hand: a reason, and the record of a call with
 * the person that was made on a way known before the attempt.
 */

/** How the person was reached: never on a number that came with the attempt itself. */
export const callBackNumber = z.enum([
  /** We called the number that was on file before the attempt. */
  'on_file',
  /** They called the number on their card, or the support number that the checkpoint shows. */
  'card',
  /** They stood in front of us, with a document. */
  'in_person',
])
export type CallBackNumber = z.infer<typeof callBackNumber>

/** What the call came to. Anything else is no reason to release. */
export const callBackOutcome = z.enum([
  /** It was their own idea, and nobody had told them what to answer. */
  'own_decision',
  /** Somebody had been guiding them; they know it now, and that contact is over. */
  'contact_ended',
])
export type CallBackOutcome = z.infer<typeof callBackOutcome>

/** Why a hold is released, in words. */
const releaseReason = statedReason(500)

/**
 * Who spoke with the person, as the site names its employee: a claim, which nobody here can check. Who released is the key.
 */
const claimedAgent = readable(80).check(
  z.refine((value) => /[\p{L}\p{N}].*[\p{L}\p{N}]/u.test(value), {
    error: 'must name who spoke with the person, for example "Ana, desk 4"',
  }),
)

export const releaseRequest = z.strictObject({
  /** The site's own id of the person: holds are kept by person. */
  user_id: identifier(128),
  reason: releaseReason,
  call_back: z.strictObject({
    /** When they spoke: after the hold was opened, not in the future. */
    at: dateTime,
    claimed_agent: claimedAgent,
    number_used: callBackNumber,
    outcome: callBackOutcome,
  }),
})

/**
 * - `running`: it covers attempts until `ends_at`.
 * - `waiting_for_reverification`: its time is over; the next attempt takes a reverification, and passing that releases it.
 * - `waiting_for_release`: its time is over, and it doesn't end by time: it covers until somebody releases it.
 * - `released`.
 */
const holdState = z.enum(['running', 'waiting_for_reverification', 'waiting_for_release', 'released'])
export type HoldState = z.infer<typeof holdState>

export const releaseHow = z.enum(['reverification', ...channel.options])

/** What a site is told of a hold beside an answer: enough to tell its customer when to come back. */
export const holdNotice = z.strictObject({
  id: z.string(),
  /** From then on the action can be started again; it is never carried out by itself. */
  ends_at: z.string(),
  reason: z.string(),
  /** It ends by a release alone: `ends_at` is the earliest. */
  needs_release: z.boolean(),
})
export type HoldNotice = z.infer<typeof holdNotice>

export const holdAnswer = z.strictObject({
  id: z.string(),
  session_id: z.string(),
  /** What the person was told to quote when it opened. */
  case_reference: z.string(),
  incident_id: z.nullable(z.string()),
  family: actionFamily,
  reason: z.string(),
  opened_at: z.string(),
  /** With `needs_release`: the earliest end. */
  ends_at: z.string(),
  needs_release: z.boolean(),
  state: holdState,
  released: z.nullable(
    z.strictObject({
      at: z.string(),
      /** The key or the analyst who released it, or the session that passed a reverification. Analysts are told addresses. */
      by: z.string(),
      how: releaseHow,
      reason: z.string(),
      call_back: z.nullable(
        z.strictObject({
          at: z.string(),
          /** Whose word it is: the same as who released. */
          by: z.string(),
          /** Who spoke with the person, as the site named them; null for an analyst, who did it in person. */
          claimed_agent: z.nullable(z.string()),
          number_used: callBackNumber,
          outcome: callBackOutcome,
        }),
      ),
    }),
  ),
})
export type HoldAnswer = z.infer<typeof holdAnswer>

/** What an analyst sends to release a hold. Who made the call is whoever is logged in. */
export const releaseForm = z.strictObject({
  /** Any session of the person whose hold it is. */
  session_id: z.string().check(z.minLength(1), z.maxLength(64)),
  hold_id: z.string().check(z.minLength(1), z.maxLength(64)),
  reason: releaseReason,
  call_back: z.strictObject({ at: z.int(), number_used: callBackNumber, outcome: callBackOutcome }),
})
export type ReleaseForm = z.infer<typeof releaseForm>

export const releasedHold = z.strictObject({ hold: holdAnswer })
