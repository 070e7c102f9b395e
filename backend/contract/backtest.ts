import * as z from 'zod/mini'
import { environment } from './environment.ts'
import { outcome, reason, tier } from './outcome.ts'

/** What another policy would have made of past events. Counts are events; times on the wire are ISO 8601. */

const count = z.int().check(z.nonnegative())

/** Why an event could not be evaluated again. */
const skipReason = z.enum(['no_facts', 'test_instruction', 'unreadable'])
export type SkipReason = z.infer<typeof skipReason>

/**
 * What is known of an event by now. `reported`: the site said that it was a scam, or the person filed a report.
 * `genuine`: the site said that it was completed, and nobody reported it. `labelled_…`: what an analyst or the site says of
 * this session now. An event may be in several.
 */
export const aftermath = z.enum([
  'reported',
  'genuine',
  'labelled_risky',
  'labelled_legit',
  'incident',
  'contact_broken',
  'held',
])
export type Aftermath = z.infer<typeof aftermath>

/** `newly_stopped`: blocked now and not before. `newly_checked`: let through before, a checkpoint now. */
const overlapCounts = z.strictObject({
  events: count,
  newly_stopped: count,
  newly_checked: count,
  /** Let through now and not before. */
  newly_allowed: count,
  /** Not let through, before or now: the change costs nothing here. */
  still_met: count,
})
export type OverlapCounts = z.infer<typeof overlapCounts>

/** One event that changed: what it was, what it would be, and the reasons and rules of both. */
const backtestSample = z.strictObject({
  event_id: z.string(),
  session_id: z.string(),
  before: z.strictObject({ score: z.int(), tier, reasons: z.array(reason), rules: z.array(z.string()) }),
  after: z.strictObject({ score: z.int(), tier, reasons: z.array(reason), rules: z.array(z.string()) }),
  aftermath: z.array(aftermath),
})
export type BacktestSample = z.infer<typeof backtestSample>

export const samplesPerTransition = 20

const ruleTally = z.strictObject({
  rule_id: z.string(),
  name: z.string(),
  matched: count,
  /** Its outcome was the one that counted. */
  decided: count,
  /** It matched in preview: it would have had its effect if it were live. */
  would_have: count,
})
export type RuleTally = z.infer<typeof ruleTally>

const perTier = z.record(tier, count)
const beforeAndAfter = z.strictObject({ before: perTier, after: perTier })

/** What somebody would meet who asks from this tier on. Null: there is nothing that it could be a share of. */
const atTier = z.strictObject({
  tier,
  /** At this tier or a more severe one. */
  frauds_met: count,
  honest_met: count,
  /** Of all that were met, the share of frauds. */
  precision: z.nullable(z.number()),
  /** Of all frauds, the share that was met. */
  recall: z.nullable(z.number()),
})
export type AtTier = z.infer<typeof atTier>

/** How long a completed action must have stayed quiet before it counts as honest. */
export const quietDays = 30

const byOutcome = z.record(outcome, z.record(outcome, count))
const byTier = z.record(tier, z.record(tier, count))

export const backtestResult = z.strictObject({
  evaluated: count,
  changed: count,
  skipped: z.record(skipReason, count),
  /** Before → after. */
  outcomes: byOutcome,
  tiers: byTier,
  /** Points after minus points before, both ends of a bucket inside it. */
  score_shift: z.array(z.strictObject({ from: z.int(), to: z.int(), events: count })),
  rules: z.array(ruleTally),
  overlap: z.record(aftermath, overlapCounts),
  /**
   * By tier, of events whose truth is known when the backtest is asked for. `fraud`: the site’s `reported_scam`, or an incident
   * that was confirmed. `honest`: `completed` at least 30 days before, and quiet since.
   */
  truth: z.strictObject({ fraud: beforeAndAfter, honest: beforeAndAfter }),
  /** At most `samplesPerTransition` for each change of outcome, the earliest first. */
  samples: z.array(z.strictObject({ before: outcome, after: outcome, events: z.array(backtestSample) })),
})
export type BacktestResult = z.infer<typeof backtestResult>

export const backtestState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled'])
export type BacktestState = z.infer<typeof backtestState>

/** `stored`: what was decided at the time. `live`: what the live policy would decide now. */
export const backtestAgainst = z.enum(['stored', 'live'])
export type BacktestAgainst = z.infer<typeof backtestAgainst>

/** `GET /rules/backtest/{id}`. */
export const backtestAnswer = z.strictObject({
  id: z.string(),
  state: backtestState,
  environment,
  policy_version: z.string(),
  against: backtestAgainst,
  from: z.string(),
  to: z.string(),
  progress: z.strictObject({
    done: count,
    /** Known when it has ended. */
    total: z.nullable(count),
    /** How much of the time range has been read, 0 to 1. */
    share: z.number(),
  }),
  /** The range held more events than one backtest reads: the result ends at `read_to`. */
  truncated: z.boolean(),
  read_to: z.nullable(z.string()),
  created_at: z.string(),
  finished_at: z.nullable(z.string()),
  /** Why it failed; null otherwise. */
  fault: z.nullable(z.string()),
  /** Counted so far; final when the state is `done`. */
  result: backtestResult,
  /** Of `result.truth`, from each tier that asks on, the mildest first. */
  detection: z.strictObject({ before: z.array(atTier), after: z.array(atTier) }),
})
export type BacktestAnswer = z.infer<typeof backtestAnswer>

/** A backtest in a list: how far it has come and its totals, without the single counts. */
export const backtestHead = z.extend(z.omit(backtestAnswer, { result: true, detection: true }), {
  evaluated: count,
  changed: count,
})
export type BacktestHead = z.infer<typeof backtestHead>

export const backtestList = z.strictObject({ backtests: z.array(backtestHead) })
