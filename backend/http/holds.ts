import * as z from 'zod/mini'
import { holdAnswer, releasedHold, releaseForm, releaseRequest } from '#contract/hold'
import { identifier, text } from '#contract/text'
import { holdsOf, personOf, releaseHold } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { sessionAtDesk } from './at-desk.ts'
import { holdAnswersOf } from './hold-answer.ts'
import { namedHoldsOf } from './named-holds.ts'
import { repeatIsSafe } from './open-outcome.ts'
import { releaseRefused } from './refusals.ts'
import { analystRoute, keyRoute, nothing, type Route } from './route.ts'

/** Holds: reading those of one person, and the way out of one after somebody has spoken with them, for a site and an analyst. */
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
    problems: ['not_found'],
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
      if (!answer.ok) throw releaseRefused(answer)
      const [released] = holdAnswersOf(deps, caller.org, [answer.hold])
      return { status: 200, body: released }
    },
  }),
  // The person is named by a session of theirs: what the analyst has in front of them.
  analystRoute({
    method: 'POST',
    path: '/api/holds/release',
    problems: ['not_found'],
    summary: 'Release a hold after a call with the person, with the reason and the record of the call',
    request: { ...nothing, body: releaseForm },
    whenLost: repeatIsSafe,
    answers: {
      200: { description: 'Released. The first release stands.', schema: releasedHold },
    },
    handle: async ({ body, caller: { account }, log }) => {
      const { _id: by, org_id } = account
      const session = await sessionAtDesk(deps, account, body.session_id)
      const answer = await releaseHold(deps, { org_id, user_key: session.event.keys.user }, body.hold_id, {
        by,
        how: 'analyst',
        reason: body.reason,
        call_back: { ...body.call_back, by, claimed_agent: null },
      })
      if (!answer.ok) throw releaseRefused(answer)
      const { hold } = answer
      log.info(
        { account: by, org: org_id, hold: hold.id, session: hold.session_id },
        'analyst released a hold',
      )
      const [released] = await namedHoldsOf(deps, org_id, [hold])
      return { status: 200, body: { hold: released } }
    },
  }),
]
