import type { SubjectType } from '#contract/label'
import type { ProblemCode } from '#contract/problem'
import type { ReportRefusal } from '../analytics/analytics.ts'
import {
  type BacktestRefusal,
  backtestDaysMax,
  keptMax,
  unfinishedMax,
} from '../analytics/request-backtest.ts'
import { AppError, busy } from '../errors.ts'
import type { ReleaseRefusal } from '../hold/release.ts'
import { dispositionsMax } from '../incident/add-disposition.ts'
import { type DraftAnswer, versionsMax } from '../policy/draft.ts'
import type { MoveAnswer } from '../policy/move.ts'
import type { RemovalRefusal } from '../policy/remove.ts'
import { clearableFamilies, type LabelRefusal } from '../risk/labels/change-labels.ts'
import { wireTime } from './wire-time.ts'

/**
 * The core's refusals as problems: a closed reason in, a code and a sentence that says what to do out. A reason without its
 * words does not compile. What belongs to another organisation or environment and what nobody has are the same answer.
 */

type Said = { code: ProblemCode; detail: string; errors?: { path: string; message: string }[] }

const problemOf = ({ code, detail, errors }: Said): AppError =>
  code === 'busy' ? busy(detail) : new AppError(code, detail, errors === undefined ? {} : { errors })

/** One field that does not fit. */
const mistake = (path: string, message: string, field = path): Said => ({
  code: 'invalid_request',
  detail: `${field} ${message}.`,
  errors: [{ path, message }],
})

type Refused<Answer> = Extract<Answer, { ok: false }>

// ---- holds

const ofRelease: Record<ReleaseRefusal, Said> = {
  unknown_hold: {
    code: 'not_found',
    detail: 'This person has no hold of yours with this id. GET /holds lists theirs.',
  },
  call_before_hold: mistake(
    'call_back.at',
    'must not lie before the hold was opened',
    'The time of the call',
  ),
  call_in_future: mistake('call_back.at', 'must not lie in the future', 'The time of the call'),
}
export const releaseRefused = (reason: ReleaseRefusal): AppError => problemOf(ofRelease[reason])

// ---- incidents

type DispositionRefusal = 'unknown_incident' | 'too_many_dispositions'
const ofDisposition: Record<DispositionRefusal, Said> = {
  unknown_incident: {
    code: 'not_found',
    detail: 'No incident of yours has this id. Check the id and the environment.',
  },
  too_many_dispositions: {
    code: 'invalid_request',
    detail: `This incident has had ${dispositionsMax} dispositions. Agree with whoever gave them; the last one stands.`,
    errors: [{ path: 'disposition', message: 'was changed too often' }],
  },
}
export const dispositionRefused = (reason: DispositionRefusal): AppError => problemOf(ofDisposition[reason])

// ---- labels

const whyNot = (family: string): string =>
  family === 'scam'
    ? 'a scam is carried out by the genuine person, so nobody’s good name is evidence against one.'
    : 'it says nothing about that.'

const ofLabel = (
  refusal: LabelRefusal | { reason: 'unknown_subject' | 'origin_reused' },
  type: SubjectType,
): Said => {
  const clearable = clearableFamilies[type].join(', ')
  switch (refusal.reason) {
    case 'family_never_cleared':
      return {
        code: 'label_refused',
        detail: `known_legit on a ${type} can't speak of the family ${refusal.family}: ${whyNot(refusal.family)} Name a family that it may clear: ${clearable}.`,
        errors: [{ path: 'family', message: `must be one of ${clearable}` }],
      }
    case 'expires_in_past':
      return mistake('expires_at', 'must lie in the future')
    case 'expires_too_late':
      return mistake(
        'expires_at',
        `must not be later than ${wireTime(refusal.latest)}, given what it rests on`,
      )
    case 'unknown_subject':
      return type === 'session'
        ? { code: 'not_found', detail: 'No session of yours has this id. Check the id and the environment.' }
        : {
            code: 'invalid_request',
            detail: 'The value of the subject has nothing visible in it. Send the value that events have.',
            errors: [{ path: 'subject.value', message: 'must have something visible in it' }],
          }
    case 'origin_reused':
      return {
        code: 'idempotency_key_reused',
        detail:
          'This Idempotency-Key came with another label for this subject before. Use a new key for a new label.',
      }
  }
}
export const labelRefused = (refusal: Parameters<typeof ofLabel>[0], type: SubjectType): AppError =>
  problemOf(ofLabel(refusal, type))

export const noLabel = (): AppError =>
  new AppError('not_found', 'No label of yours has this id. GET /labels lists them.')

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
  unknown_base: {
    code: 'not_found',
    detail: 'There is no version with the id in "base"; GET /policies lists them.',
  },
  nothing_to_change: {
    code: 'not_found',
    detail: 'The base has no rule with this id; GET /rules lists those of the live one.',
  },
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
    'This version has judged events that are still kept, and explains them. Remove drafts instead.',
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
