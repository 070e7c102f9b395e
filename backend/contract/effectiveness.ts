import * as z from 'zod/mini'
import { environment } from './environment.ts'
import { minorUnits } from './text.ts'

/** What checkpoints achieved: one row for each version of the texts, each rule, tier or action. */

export const effectivenessBy = z.enum(['text_version', 'rule', 'tier', 'action'])
export type EffectivenessBy = z.infer<typeof effectivenessBy>

/**
 * A session counts as confirmed legitimate when nobody reported it and either it was labelled so, or it was completed and
 * this much time has passed.
 */
export const confirmedAfterDays = 14

/** The longest range that one report covers. */
export const effectivenessDaysMax = 92

const count = z.int().check(z.nonnegative())

const effectivenessCounts = z.strictObject({
  events: count,
  /** Let through by the score, without a checkpoint. */
  allowed_at_once: count,
  /** Of those, because nothing is enforced for them: would have been sent to a checkpoint; would have been stopped. */
  would_have_asked: count,
  would_have_stopped: count,
  /** Stopped by the score or by a hold, without a checkpoint. */
  blocked_at_once: count,
  /** Sent to a checkpoint: the sum of the five endings and of those still open. */
  asked: count,
  /** Of those asked: the page gave a sign of itself, by its script or by a submit, so the question was on a screen. */
  shown: count,
  /** Milliseconds from the question's start to its answer; null when nobody answered. */
  median_dwell_ms: z.nullable(z.number()),
  proceeded: count,
  /** Cancelled, left behind, or run out of time. */
  abandoned: count,
  /** The person's answer, or what the site observed against it, broke the contact. */
  broken: count,
  /** Ended by *something is different*, wrong codes, undelivered mail or a late block. */
  stopped: count,
  open: count,
  /** Opened a hold, or fell under one. */
  held: count,
  /** Let through, at once or after a checkpoint: what the next two are parts of. */
  let_through: count,
  later_reported: count,
  later_confirmed: count,
  /** What holds kept back: of each hold the largest attempt in each currency, so that repeats don't add up. */
  money_held: z.array(z.strictObject({ currency: z.string(), amount: minorUnits })),
})
export type EffectivenessCounts = z.infer<typeof effectivenessCounts>

/** `key` is what the row is about: `en-2/0` (version of the texts, wording), a rule's id, a tier, an action. */
const effectivenessRow = z.extend(effectivenessCounts, { key: z.string(), name: z.string() })
export type EffectivenessRow = z.infer<typeof effectivenessRow>

/** `GET /reports/effectiveness`. */
export const effectivenessReport = z.strictObject({
  environment,
  by: effectivenessBy,
  from: z.string(),
  to: z.string(),
  confirmed_after_days: z.int(),
  rows: z.array(effectivenessRow),
  /** The whole range in one row. */
  total: effectivenessCounts,
  /** Those who would have met a checkpoint and were let through to compare with, beside those who met it. */
  holdout: z.strictObject({ control: effectivenessCounts, treated: effectivenessCounts }),
  /** Stored sessions that could not be read and are in no row. */
  unreadable: count,
  /** The range held more sessions than one report reads: it ends at `read_to`. */
  truncated: z.boolean(),
  read_to: z.nullable(z.string()),
})
export type EffectivenessReport = z.infer<typeof effectivenessReport>

/** How many days a report looks back, as an address writes it. */
export const reportDays = z.enum(['7', '30', '90'])
export type ReportDays = z.infer<typeof reportDays>

export const effectivenessQuery = z.strictObject({ environment, by: effectivenessBy, days: reportDays })
