import * as z from 'zod/mini'
import { policyNote, policyPublication, policyVersion } from '#contract/policy'
import { movedPolicy, policyMoveForm } from '#contract/policy-detail'
import type { ProblemCode } from '#contract/problem'
import type { Deps } from '../deps.ts'
import { pointerTo } from '../policy/load.ts'
import { moveVersion } from '../policy/move.ts'
import type { MoveCommand } from '../policy/pointers.ts'
import { describedVersion } from '../policy/whole.ts'
import type { KeyCaller } from './key-caller.ts'
import { seenAtDesk, seenByKey } from './policies.ts'
import { policyWithHistory } from './policy-answers.ts'
import { moveRefused, noSuchPolicy } from './policy-refusals.ts'
import { analystRoute, keyRoute, nothing, type Route, type RouteAnswer } from './route.ts'

/** Moves of a version. Each is written into its history, with who made it and why. */
export const policyMoveRoutes = (deps: Deps): Route[] => [...byKey(deps), atDesk(deps)]

const params = z.strictObject({ id: policyVersion })
const optionalNote = z.strictObject({ note: z.optional(policyNote) })

const problems: ProblemCode[] = ['not_found', 'policy_conflict', 'policy_invalid']

/** What the moves of the API have in common. */
const move = (path: string, description: string) => ({
  method: 'POST' as const,
  path: `/policies/:id/${path}`,
  problems,
  heavy: true,
  tag: 'Policies',
  answers: { 200: { description, schema: policyWithHistory } },
})

const byKey = (deps: Deps): Route[] => [
  keyRoute('policies:write', {
    ...move('preview', 'In preview. One that was there before is a draft again.'),
    summary: 'Let a version evaluate every event beside the live one, without consequences',
    request: { ...nothing, params, body: optionalNote },
    handle: ({ params: { id }, body, caller }) => moved(deps, caller, { kind: 'preview', id, ...body }),
  }),
  keyRoute('policies:write', {
    ...move('withdraw', 'Not in preview any more.'),
    summary: 'Take a version out of preview',
    request: { ...nothing, params, body: optionalNote },
    handle: ({ params: { id }, body, caller }) => moved(deps, caller, { kind: 'withdraw', id, ...body }),
  }),
  keyRoute('policies:write', {
    ...move('publish', 'Live. Sessions under way keep the version they began with.'),
    summary: 'Make a version live: the next event is evaluated by it',
    request: { ...nothing, params, body: policyPublication },
    handle: ({ params: { id }, body, caller }) => moved(deps, caller, { kind: 'publish', id, ...body }),
  }),
  keyRoute('policies:write', {
    ...move('rollback', 'The version that is live now.'),
    summary: 'Make the version live again that was live before this one',
    // The version to go back from stands in the path: the same call sent twice does not go back twice.
    request: { ...nothing, params, body: z.strictObject({ note: policyNote }) },
    handle: ({ params: { id }, body, caller }) =>
      moved(deps, caller, { kind: 'roll_back', id, ...body, expected_live: id }),
  }),
]

type AskedMove = Pick<MoveCommand, 'kind'> & {
  id: string
  note?: string | undefined
  expected_live?: string | undefined
}

const moved = async (deps: Deps, caller: KeyCaller, asked: AskedMove): Promise<RouteAnswer> => {
  const answer = await moveVersion(deps, caller.org, caller.environment, {
    kind: asked.kind,
    version: pointerTo(deps, asked.id),
    expected_live: asked.expected_live === undefined ? undefined : pointerTo(deps, asked.expected_live),
    at: deps.clock(),
    by: `key:${caller.key_id}`,
    note: asked.note ?? null,
  })
  if (!answer.ok) throw moveRefused(answer)
  const { organisation: org, move } = answer
  deps.log.info({ org: org._id, key: caller.key_id, ...move }, 'a policy was moved')
  const version = await describedVersion(deps, { ...seenByKey(deps, caller), org }, move.policy)
  if (version === null) throw noSuchPolicy()
  return { status: 200, body: version }
}

const atDesk = (deps: Deps): Route =>
  analystRoute({
    method: 'POST',
    path: '/api/policies/move',
    problems,
    summary: 'Move a version: preview it, take it out, publish it, roll back from it',
    request: { ...nothing, body: policyMoveForm },
    answers: { 200: { description: 'The version that is live now.', schema: movedPolicy } },
    handle: async ({ body, caller: { account }, log }) => {
      const { org } = await seenAtDesk(deps, account, body.environment)
      const answer = await moveVersion(deps, org, body.environment, {
        kind: body.kind,
        version: pointerTo(deps, body.policy),
        expected_live: pointerTo(deps, body.expected_live),
        at: deps.clock(),
        by: account._id,
        note: body.note,
      })
      if (!answer.ok) throw moveRefused(answer)
      log.info({ account: account._id, org: org._id, ...answer.move }, 'a policy was moved')
      const { live } = answer.organisation.policies[body.environment]
      return { status: 200, body: { live: live ?? deps.policy.version } }
    },
  })
