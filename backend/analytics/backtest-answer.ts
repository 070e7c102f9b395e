import type { BacktestAnswer, BacktestHead } from '#contract/backtest'
import { atTiers } from '../measure/at-tiers.ts'
import { type Backtest, type BacktestLine, backtestLineOf } from './backtest-document.ts'

const iso = (at: number): string => new Date(at).toISOString()

/** As lists answer it. */
export const backtestHeadOf = (line: BacktestLine): BacktestHead => {
  const { state, from, to, cursor } = line
  return {
    id: line._id,
    state,
    environment: line.environment,
    policy_version: line.policy_version,
    against: line.against,
    from: iso(from),
    to: iso(to),
    progress: {
      done: line.done,
      total: state === 'done' ? line.done : null,
      share: state === 'done' ? 1 : cursor === null ? 0 : (cursor.at - from) / (to - from),
    },
    truncated: line.truncated,
    read_to: cursor === null ? null : iso(cursor.at),
    created_at: iso(line.created_at),
    finished_at: line.finished_at === null ? null : iso(line.finished_at),
    fault: line.fault,
    evaluated: line.evaluated,
    changed: line.changed,
  }
}

/** As the API answers one. */
export const backtestAnswerOf = (backtest: Backtest): BacktestAnswer => {
  const { evaluated: _, changed: __, ...head } = backtestHeadOf(backtestLineOf(backtest))
  const { result } = backtest
  const { fraud, honest } = result.truth
  const detectionOf = (side: 'before' | 'after') => atTiers({ frauds: fraud[side], honest: honest[side] })
  return { ...head, result, detection: { before: detectionOf('before'), after: detectionOf('after') } }
}
