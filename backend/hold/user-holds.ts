import * as z from 'zod/mini'
import { dayMs } from '#contract/durations'
import { callBackNumber, callBackOutcome, releaseHow } from '#contract/hold'
import { actionFamily, tier } from '#contract/outcome'
import { storedFields } from '../store/define-collection.ts'

/**
 * One document a user: the memory that outlives a session. It remembers the holds that broken contacts opened, the
 * answers of *not sure*, the checkpoints that were left after a question had been answered, and those that the person
 * stopped. Bounded in every list.
 */

const ms = z.int()

const holdReason = z.enum(['answered_yes', 'answered_not_sure', 'contradicted', 'abandoned', 'sharing'])
export type HoldReason = z.infer<typeof holdReason>

/** Whether a hold stands for a contact that was broken, and not for a checkpoint that was left or a screen that was shared. */
export const isBrokenContact = (reason: HoldReason): boolean =>
  reason === 'answered_yes' || reason === 'answered_not_sure' || reason === 'contradicted'

/** The call with the person that a release by hand rests on. */
const callBack = z.strictObject({
  at: ms,
  /** Whose word it is: the key or the account that released. */
  by: z.string(),
  /** Who spoke with the person, as the site named them; null when it was the analyst. */
  claimed_agent: z.nullable(z.string()),
  number_used: callBackNumber,
  outcome: callBackOutcome,
})

const released = z.strictObject({
  at: ms,
  /** `key:…`, an analyst's account, or the session that passed a reverification. */
  by: z.string(),
  how: releaseHow,
  reason: z.string(),
  /** Null for a reverification alone. */
  call_back: z.nullable(callBack),
})
export type Released = z.infer<typeof released>

const hold = z.strictObject({
  id: z.string(),
  session_id: z.string(),
  incident_id: z.nullable(z.string()),
  family: actionFamily,
  payee_key: z.nullable(z.string()),
  reason: holdReason,
  opened_at: ms,
  /** With `needs_release`: the earliest end. */
  ends_at: ms,
  /** It doesn't end by time, only by hand. */
  needs_release: z.boolean(),
  /** How it ended before or after its time: by a reverification, by an analyst or by the API. Null while it counts. */
  released: z.nullable(released),
})
export type Hold = z.infer<typeof hold>

/** A checkpoint that was not walked to its end, and what it leaves to the next. */
const leftCheckpoint = z.strictObject({
  session_id: z.string(),
  family: actionFamily,
  at: ms,
  tier,
  /** Wrong codes so far: leaving a session doesn't win new ones. */
  tries: z.int(),
  /** The wording of the question that was left: the next session uses another. */
  variant: z.int(),
})
export type LeftCheckpoint = z.infer<typeof leftCheckpoint>

export const userHoldsDocument = z.strictObject({
  ...storedFields,
  holds: z.array(hold),
  not_sure: z.array(z.strictObject({ session_id: z.string(), at: ms })),
  /** Left by closing, idling or not being sure: a third one within a day opens a hold. */
  abandonments: z.array(leftCheckpoint),
  /** Ended by the person's own *stop*, the newest of each family and tier: these open nothing, however many. */
  stops: z.array(leftCheckpoint),
})
export type UserHolds = z.infer<typeof userHoldsDocument>

/** How long an opened hold counts towards doubling the next one. */
export const repeatWindowMs = 30 * dayMs
/** How long a checkpoint that was left keeps tier, counters and wording for the next session. */
export const leftWindowMs = dayMs

const keptHolds = 20
const keptMarks = 20

/** The holds of a user nobody has had to protect yet. */
export const emptyUserHolds = (id: string, orgId: string): UserHolds => ({
  _id: id,
  org_id: orgId,
  version: 0,
  purge_at: null,
  holds: [],
  not_sure: [],
  abandonments: [],
  stops: [],
})

/** Longest first: those that only end by hand, then the one that ends last. */
export const byLength = (a: Hold, b: Hold): number =>
  Number(b.needs_release) - Number(a.needs_release) || b.ends_at - a.ends_at

/**
 * What to keep when there are too many, best first: holds that count before released ones, and of those the longest. So
 * no number of short holds pushes out a long one.
 */
const byPower = (a: Hold, b: Hold): number =>
  Number(a.released !== null) - Number(b.released !== null) || byLength(a, b)

/** Drops what no longer counts and leaves room for one more, so that the document stays bounded. */
export const prune = (userHolds: UserHolds, now: number): UserHolds => ({
  ...userHolds,
  holds: userHolds.holds
    .filter((entry) => entry.ends_at > now - repeatWindowMs || entry.released === null)
    .toSorted(byPower)
    .slice(0, keptHolds - 1)
    .toSorted((a, b) => a.opened_at - b.opened_at),
  not_sure: userHolds.not_sure.filter((mark) => mark.at > now - repeatWindowMs).slice(-keptMarks),
  abandonments: userHolds.abandonments.filter((mark) => mark.at > now - leftWindowMs).slice(-keptMarks),
  stops: userHolds.stops.filter((mark) => mark.at > now - leftWindowMs),
})
