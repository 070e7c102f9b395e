import * as z from 'zod/mini'
import { backtestAgainst, backtestResult, backtestState } from '#contract/backtest'
import { environment } from '#contract/environment'
import { storedPolicy } from '../policy/document.ts'
import { storedFields } from '../store/define-collection.ts'

/** What a list shows of a backtest: everything but the single counts. */
export const backtestLine = z.strictObject({
  _id: z.string(),
  org_id: z.string(),
  environment,
  /** Who asked: `key:<id>` or an analyst's account. */
  asked_by: z.string(),
  created_at: z.int(),
  /**
   * The policy under test: the name of a version, or of a draft that was sent with the call and is stored apart under this
   * id.
   */
  policy_version: z.string(),
  is_sent_draft: z.boolean(),
  against: backtestAgainst,
  /** The version that was live when it was asked for; null compares with what was decided. */
  against_version: z.nullable(z.string()),
  /** Epoch milliseconds, `to` exclusive. */
  from: z.int(),
  to: z.int(),
  state: backtestState,
  /** Nobody else takes it up before; 0 while it is queued. */
  lease_until: z.int(),
  /** The last event that is in the tally. */
  cursor: z.nullable(z.strictObject({ at: z.int(), _id: z.string() })),
  done: z.int(),
  truncated: z.boolean(),
  finished_at: z.nullable(z.int()),
  fault: z.nullable(z.string()),
  evaluated: z.int(),
  changed: z.int(),
})
export type BacktestLine = z.infer<typeof backtestLine>

/**
 * One backtest: the request, how far it has come, and the counts so far. Its runner writes cursor and tally together by
 * compare-and-set. So a dead process costs the events since the last write, and nothing is counted twice.
 */
export const backtestDocument = z.extend(z.omit(backtestLine, { evaluated: true, changed: true }), {
  version: z.int(),
  purge_at: z.nullable(z.int()),
  /** How often it was taken up since it last advanced: one that ends every runner is given up. */
  tries: z.int(),
  result: backtestResult,
})
export type Backtest = z.infer<typeof backtestDocument>

export const backtestLineOf = (backtest: Backtest): BacktestLine => {
  const { version: _, purge_at: __, tries: ___, result, ...line } = backtest
  return { ...line, evaluated: result.evaluated, changed: result.changed }
}

/** A draft that was sent with a backtest and is no version: under the backtest's id, kept as long as the backtest. */
export const sentDraftDocument = z.strictObject({
  ...storedFields,
  policy: storedPolicy,
})

/** Whether there is anything left to do. */
export const isUnfinished = ({ state }: Pick<Backtest, 'state'>): boolean =>
  state === 'queued' || state === 'running'
