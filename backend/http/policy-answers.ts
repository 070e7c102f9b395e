import * as z from 'zod/mini'
import { policyChange, policyMove, policySummary } from '#contract/policy'
import { AppError, busy } from '../errors.ts'
import { type DraftAnswer, versionsMax } from '../policy/draft.ts'
import type { MoveAnswer } from '../policy/move.ts'
import type { RemovalRefusal } from '../policy/remove.ts'
import { policySchema } from '../risk/policy.ts'

/** What the routes of policies and rules answer, and how they refuse. */

/** A version without its content: what a list shows, and what a move answers. */
export const policyWithHistory = z.extend(policySummary, {
  /** Newest first, in both environments. */
  history: z.array(policyMove),
})

/** A version whole. `changes`: where it differs from its base; null when there is no base to compare with. */
export const wholePolicy = z.extend(policyWithHistory, {
  changes: z.nullable(z.array(policyChange)),
  policy: policySchema,
})

export const noSuchPolicy = (): AppError =>
  new AppError('not_found', 'There is no such version; GET /policies lists them.')

type Refused<Answer> = Extract<Answer, { ok: false }>
type Invalid = { reason: 'invalid'; problems: { path: string; message: string }[] }

/** Enough for whoever mends them one after the other. */
const problemsMax = 200

const invalid = ({ problems }: Invalid): AppError => {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more in errors)` : ''
  return new AppError('policy_invalid', `${first?.path || 'The policy'}: ${first?.message ?? ''}${more}`, {
    errors: problems.slice(0, problemsMax),
  })
}

export const draftRefused = (refused: Refused<DraftAnswer>): AppError => {
  switch (refused.reason) {
    case 'unknown_base':
      return new AppError('not_found', 'There is no version with the id in "base"; GET /policies lists them.')
    case 'nothing_to_change':
      return new AppError(
        'not_found',
        'The base has no rule with this id; GET /rules lists those of the live one.',
      )
    case 'too_many':
      return new AppError(
        'too_many_kept',
        `You keep ${versionsMax} versions, which is the most. Remove drafts that nobody needs, with DELETE /policies/{id}, then send this again.`,
      )
    case 'busy':
      return busy('Too many drafts are being made at once. Send it again in a second.')
    case 'invalid':
      return invalid(refused)
  }
}

const keptBecause: Record<Exclude<RemovalRefusal, 'unknown_version'>, string> = {
  in_use: 'This version judges, is in preview, or is what rolling back leads to.',
  newest: 'This is the newest version, and the next one is numbered after it. Remove an older one.',
  has_judged: 'This version has judged events that are still kept, and explains them. Remove drafts instead.',
  moved_lately: 'This version was moved within the last hour. Wait, then remove it.',
}

export const removalRefused = (reason: RemovalRefusal): AppError =>
  reason === 'unknown_version' ? noSuchPolicy() : new AppError('policy_conflict', keptBecause[reason])

const conflicts: Record<
  Exclude<Refused<MoveAnswer>['reason'], 'invalid' | 'unknown_version' | 'busy'>,
  string
> = {
  is_live: 'This version is live already.',
  not_in_preview: 'This version is not in preview, so there is nothing to withdraw.',
  has_no_preview:
    'The policy that comes with the engine has no preview; publish it, or make a draft from it.',
  nothing_before: 'Nothing was live before this version, so there is nothing to go back to.',
  other_live: 'Another version is live than this call expects. Read GET /policies again, then decide.',
  lost_race: 'Somebody else moved a version at this moment. Read GET /policies again, then decide.',
}

export const moveRefused = (refused: Refused<MoveAnswer>): AppError => {
  if (refused.reason === 'invalid') return invalid(refused)
  if (refused.reason === 'unknown_version') return noSuchPolicy()
  if (refused.reason === 'busy')
    return busy('Others are changing the versions. Send the same call again in a second.')
  return new AppError('policy_conflict', conflicts[refused.reason])
}
