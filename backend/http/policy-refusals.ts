import type { ReportRefusal } from '../analytics/analytics.ts'
import type { FitAnswer } from '../analytics/draft-fit.ts'
import {
  type BacktestRefusal,
  backtestDaysMax,
  keptMax,
  unfinishedMax,
} from '../analytics/request-backtest.ts'
import { type DraftAnswer, versionsMax } from '../policy/draft.ts'
import type { MoveAnswer } from '../policy/move.ts'
import type { RemovalRefusal } from '../policy/remove.ts'
import { AppError } from './app-error.ts'
import { mistake, notFound, problemOf, type Refused, type Said } from './problem-of-refusal.ts'

/** What policies, backtests and reports refuse, as problems. */

// ---- policies

export const noSuchPolicy = (): AppError =>
  new AppError('not_found', 'There is no such version; GET /policies lists them.')

/** Enough for whoever mends them one after the other. */
const problemsMax = 200

/** Every mistake of a policy, with its place. */
export const policyInvalid = (problems: { path: string; message: string }[]): AppError => {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more in errors)` : ''
  return new AppError('policy_invalid', `${first?.path || 'The policy'}: ${first?.message ?? ''}${more}`, {
    errors: problems.slice(0, problemsMax),
  })
}

const ofDraft: Record<Exclude<Refused<DraftAnswer>['reason'], 'invalid'>, Said> = {
  unknown_base: notFound('There is no version with the id in "base"; GET /policies lists them.'),
  nothing_to_change: notFound('The base has no rule with this id; GET /rules lists those of the live one.'),
  too_many: {
    code: 'too_many_kept',
    detail: `You keep ${versionsMax} versions, which is the most. Remove drafts that nobody needs, with DELETE /policies/{id}, then send this again.`,
  },
  busy: { code: 'busy', detail: 'Too many drafts are being made at once. Send it again in a second.' },
}
export const draftRefused = (refused: Refused<DraftAnswer>): AppError =>
  refused.reason === 'invalid' ? policyInvalid(refused.problems) : problemOf(ofDraft[refused.reason])

const conflict = (detail: string): Said => ({ code: 'policy_conflict', detail })

const ofRemoval: Record<Exclude<RemovalRefusal, 'unknown_version'>, Said> = {
  in_use: conflict(
    'This version judges, is in preview, or is what rolling back leads to. Publish another one or take it out of preview first.',
  ),
  newest: conflict('This is the newest version, and the next one is numbered after it. Remove an older one.'),
  has_judged: conflict(
    'This version was live within the time for which sessions are kept, and explains what it decided. Remove drafts instead.',
  ),
  moved_lately: conflict('This version was moved within the last hour. Wait, then remove it.'),
}
export const removalRefused = (reason: RemovalRefusal): AppError =>
  reason === 'unknown_version' ? noSuchPolicy() : problemOf(ofRemoval[reason])

const ofMove: Record<Exclude<Refused<MoveAnswer>['reason'], 'invalid' | 'unknown_version'>, Said> = {
  is_live: conflict('This version is live already. There is nothing to do.'),
  not_in_preview: conflict(
    'This version is not in preview, so there is nothing to withdraw. GET /policies says where it stands.',
  ),
  has_no_preview: conflict(
    'The policy that comes with the engine has no preview; publish it, or make a draft from it.',
  ),
  nothing_before: conflict(
    'Nothing was live before this version, so there is nothing to go back to. Publish another one instead.',
  ),
  other_live: conflict(
    'Another version is live than this call expects. Read GET /policies again, then decide.',
  ),
  keys_may_not_lower: conflict(
    'This version enforces less than the live one, and a key can’t make that live. An analyst can, on the admin page, or whoever runs the server, with npm run ase -- policy publish.',
  ),
  awaits_second: conflict(
    'This version enforces less than the live one, and that takes two analysts here. Your wish is noted: it goes live when another analyst makes the same move within 24 hours.',
  ),
  lost_race: conflict('Somebody else moved a version at this moment. Read GET /policies again, then decide.'),
  busy: {
    code: 'busy',
    detail: 'Others are changing the versions. Send the same call again in a second.',
  },
}
export const moveRefused = (refused: Refused<MoveAnswer>): AppError => {
  if (refused.reason === 'invalid') return policyInvalid(refused.problems)
  return refused.reason === 'unknown_version' ? noSuchPolicy() : problemOf(ofMove[refused.reason])
}

// ---- backtests

export const noBacktest = (): AppError =>
  new AppError('not_found', 'No backtest of yours has this id. GET /rules/backtest lists them.')

const ofBacktest: Record<BacktestRefusal, Said> = {
  too_many_waiting: {
    code: 'busy',
    detail: `${unfinishedMax} backtests of yours wait or run already. Call one off with DELETE /rules/backtest/{id}, or wait.`,
  },
  too_many_kept: {
    code: 'too_many_kept',
    detail: `You keep ${keptMax} backtests, which is the most. Remove one that nobody needs, on the analysts’ page or with DELETE /rules/backtest/{id}; GET /rules/backtest lists them.`,
  },
  range_empty: mistake('to', 'must be later than from'),
  range_too_long: mistake('to', `must be at most ${backtestDaysMax} days after from`),
}
export const backtestRefused = (reason: BacktestRefusal): AppError => problemOf(ofBacktest[reason])

// ---- reports

const ofReport: Record<ReportRefusal, Said> = {
  stopping: { code: 'busy', detail: 'This instance is about to stop. Ask again.' },
  others_first: {
    code: 'busy',
    detail: 'Other reports of yours are being made. Ask again when they have come.',
  },
}
export const reportRefused = (reason: ReportRefusal): AppError => problemOf(ofReport[reason])

// ---- weights from outcomes

export const fitRefused = (refused: Refused<FitAnswer>): AppError =>
  refused.reason === 'stopping' || refused.reason === 'others_first'
    ? reportRefused(refused.reason)
    : draftRefused(refused)
