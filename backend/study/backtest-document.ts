import * as z from 'zod/mini'
import { backtestAgainst, backtestResult, backtestState } from '#contract/backtest'
import { storedPolicy } from '../policy/document.ts'

/**
 * One backtest: what was asked for, how far it has come, and what it counted so far. Whoever runs it writes cursor and
 * tally together by compare-and-set, so a dead process costs the events since the last such write and nothing is counted
 * twice.
 */
export const backtestDocument = z.strictObject({
  _id: z.string(),
  org_id: z.string(),
  version: z.int(),
  purge_at: z.nullable(z.int()),
  environment: z.enum(['live', 'test']),
  /** Who asked: `key:<id>` or an analyst's account. */
  asked_by: z.string(),
  created_at: z.int(),
  policy: storedPolicy,
  against: backtestAgainst,
  /** The policy that was live when it was asked for; null compares with what was decided. */
  against_policy: z.nullable(storedPolicy),
  /** Epoch milliseconds, `to` exclusive. */
  from: z.int(),
  to: z.int(),
  state: backtestState,
  /** Until then nobody else takes it up; 0 while it is queued. */
  lease_until: z.int(),
  /** How often it was taken up since it last came on: what kills every runner is given up. */
  tries: z.int(),
  /** The last event that is in the tally. */
  cursor: z.nullable(z.strictObject({ at: z.int(), _id: z.string() })),
  done: z.int(),
  truncated: z.boolean(),
  finished_at: z.nullable(z.int()),
  fault: z.nullable(z.string()),
  result: backtestResult,
})
export type Backtest = z.infer<typeof backtestDocument>

/** Whether there is anything left to do. */
export const isUnfinished = ({ state }: Pick<Backtest, 'state'>): boolean =>
  state === 'queued' || state === 'running'
