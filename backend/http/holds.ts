import * as z from 'zod/mini'
import { holdAnswer, releaseRequest } from '#contract/hold'
import { identifier, text } from '#contract/text'
import { holdsOf, personOf, releaseHold } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import type { ReleaseRefusal } from '../hold/release.ts'
import { holdAnswersOf } from './hold-answer.ts'
import { repeatIsSafe } from './open-outcome.ts'
import { keyRoute, nothing, type Route } from './route.ts'

/** Holds: reading those of one person, and the way out of one after somebody has spoken with them. */
export const holdRoutes = (deps: Deps): Route[] => [
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/holds',
    summary: 'The holds of one person, newest first',
    tag: 'Holds',
    request: { ...nothing, query: z.strictObject({ user_id: identifier(128) }) },
    answers: {
      200: {
        description: 'Running, waiting and released holds; a person without any has an empty list.',
        schema: z.strictObject({ holds: z.array(holdAnswer) }),
      },
    },
    handle: async ({ query, caller }) => {
      const holds = await holdsOf(deps, personOf(deps, caller, query.user_id))
      return { status: 200, body: { holds: holdAnswersOf(deps, caller.org, holds) } }
    },
  }),
  keyRoute('holds:write', {
    method: 'POST',
    path: '/holds/:id/release',
    summary: 'Release a hold after a call with the person, with the reason and the record of the call',
    tag: 'Holds',
    request: { ...nothing, params: z.strictObject({ id: text(64) }), body: releaseRequest },
    whenLost: repeatIsSafe,
    answers: {
      200: {
        description: 'Released. A hold that was released before stays as it was released then.',
        schema: holdAnswer,
      },
    },
    handle: async ({ params, body, caller }) => {
      const { reason, call_back: call } = body
      // Who released is who holds the key: no word of the body says otherwise.
      const by = `key:${caller.key_id}`
      const answer = await releaseHold(deps, personOf(deps, caller, body.user_id), params.id, {
        by,
        how: 'api',
        reason,
        call_back: { ...call, by, at: Date.parse(call.at) },
      })
      if (!answer.ok) throw releaseRefused(answer.reason)
      const [released] = holdAnswersOf(deps, caller.org, [answer.hold])
      return { status: 200, body: released }
    },
  }),
]

const callMistakes: Record<Exclude<ReleaseRefusal, 'unknown_hold'>, string> = {
  call_before_hold: 'must not lie before the hold was opened',
  call_in_future: 'must not lie in the future',
}

/** A hold of another person, organisation or environment, and none at all, are the same answer. */
export const releaseRefused = (reason: ReleaseRefusal): AppError =>
  reason === 'unknown_hold'
    ? new AppError('not_found', 'This person has no hold of yours with this id.')
    : new AppError('invalid_request', `The time of the call ${callMistakes[reason]}.`, {
        errors: [{ path: 'call_back.at', message: callMistakes[reason] }],
      })
