import * as z from 'zod/mini'
import { policyDraft, policyNote, policyPublication, policySummary, policyVersion } from '#contract/policy'
import type { Caller } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { builtInLine, lineOf, type Place } from '../policy/describe.ts'
import { makeDraft, patched } from '../policy/draft.ts'
import { listVersions } from '../policy/list.ts'
import { pointerTo } from '../policy/load.ts'
import { moveVersion } from '../policy/move.ts'
import type { MoveWish } from '../policy/pointers.ts'
import { removeVersion } from '../policy/remove.ts'
import { describedVersion, wholeVersion } from '../policy/whole.ts'
import {
  draftRefused,
  moveRefused,
  noSuchPolicy,
  policyWithHistory,
  removalRefused,
  wholePolicy,
} from './policy-answers.ts'
import { keyRoute, nothing, type Route, type RouteAnswer } from './route.ts'
import type { JsonLimits } from './strict-json.ts'

/** A policy is larger than an event, and conditions nest. What is too much of it, its own check says, with the place. */
export const policyJson: JsonLimits = { bytes: 2_000_000, depth: 40, keysOfObject: 1_000, keys: 60_000 }

const params = z.strictObject({ id: policyVersion })

/** Versions of the policy, as seen from the environment of the key that asks. */
const versionRoutes = (deps: Deps): Route[] => [
  keyRoute('policies:read', {
    method: 'GET',
    path: '/policies',
    summary: 'Every version of the policy, newest first',
    tag: 'Policies',
    request: { ...nothing, query: z.strictObject({ cursor: z.optional(policyVersion) }) },
    answers: {
      200: {
        description: 'One page. `next` is the cursor of the next one; null: this was the last.',
        schema: z.strictObject({ policies: z.array(policySummary), next: z.nullable(policyVersion) }),
      },
    },
    handle: async ({ query, caller }) => {
      const { versions, next } = await listVersions(deps, caller.org._id, query.cursor ?? null)
      const place = placeOf(deps, caller)
      const lines = versions.map((version) => lineOf(version, place))
      return {
        status: 200,
        body: { policies: next === null ? [...lines, builtInLine(place)] : lines, next },
      }
    },
  }),
  keyRoute('policies:write', {
    method: 'POST',
    path: '/policies',
    heavy: true,
    summary: 'Make a draft: a version with these changes over its base',
    tag: 'Policies',
    json: policyJson,
    request: { ...nothing, body: policyDraft },
    answers: { 201: { description: 'The draft. Nobody meets it yet.', schema: policySummary } },
    handle: async ({ body, caller }) => {
      const made = await makeDraft(deps, caller, {
        base: body.base,
        change: patched(body.changes),
        note: body.note,
        author: `key:${caller.key_id}`,
      })
      if (!made.ok) throw draftRefused(made)
      return { status: 201, body: lineOf(made.version, placeOf(deps, caller)) }
    },
  }),
  keyRoute('policies:read', {
    method: 'GET',
    path: '/policies/:id',
    heavy: true,
    summary: 'One version whole, with what it changes and who moved it',
    tag: 'Policies',
    request: { ...nothing, params },
    answers: { 200: { description: 'The version.', schema: wholePolicy } },
    handle: async ({ params: { id }, caller }) => {
      const version = await wholeVersion(deps, placeOf(deps, caller), id)
      if (version === null) throw noSuchPolicy()
      return { status: 200, body: version }
    },
  }),
  keyRoute('policies:write', {
    method: 'DELETE',
    path: '/policies/:id',
    heavy: true,
    summary: 'Remove a version that nobody needs',
    tag: 'Policies',
    request: { ...nothing, params },
    answers: {
      200: {
        description:
          'Gone. A version stays if it is live, in preview, the newest, one to roll back to, or one that decided an event that is still kept.',
        schema: z.strictObject({ id: policyVersion, removed: z.literal(true) }),
      },
    },
    handle: async ({ params: { id }, caller, log }) => {
      const answer = await removeVersion(deps, caller.org._id, id)
      if (!answer.ok) throw removalRefused(answer.reason)
      log.info({ org: caller.org._id, policy: id, key: caller.key_id }, 'a version was removed')
      return { status: 200, body: { id, removed: true } }
    },
  }),
]

/** Moves of a version. Each is written into its history, with who made it and why. */
const moveRoutes = (deps: Deps): Route[] => [
  keyRoute('policies:write', {
    method: 'POST',
    path: '/policies/:id/preview',
    heavy: true,
    summary: 'Let a version judge beside the live one, without consequences',
    tag: 'Policies',
    request: { ...nothing, params, body: z.strictObject({ note: z.optional(policyNote) }) },
    answers: {
      200: {
        description: 'In preview. One that was there before is a draft again.',
        schema: policyWithHistory,
      },
    },
    handle: ({ params: { id }, body, caller }) => moved(deps, caller, { kind: 'preview', id, ...body }),
  }),
  keyRoute('policies:write', {
    method: 'POST',
    path: '/policies/:id/withdraw',
    heavy: true,
    summary: 'Take a version out of preview',
    tag: 'Policies',
    request: { ...nothing, params, body: z.strictObject({ note: z.optional(policyNote) }) },
    answers: { 200: { description: 'Not in preview any more.', schema: policyWithHistory } },
    handle: ({ params: { id }, body, caller }) => moved(deps, caller, { kind: 'withdraw', id, ...body }),
  }),
  keyRoute('policies:write', {
    method: 'POST',
    path: '/policies/:id/publish',
    heavy: true,
    summary: 'Make a version live: the next event is judged by it',
    tag: 'Policies',
    request: { ...nothing, params, body: policyPublication },
    answers: {
      200: {
        description: 'Live. Sessions under way keep the version they began with.',
        schema: policyWithHistory,
      },
    },
    handle: ({ params: { id }, body, caller }) => moved(deps, caller, { kind: 'publish', id, ...body }),
  }),
  keyRoute('policies:write', {
    method: 'POST',
    path: '/policies/:id/rollback',
    heavy: true,
    summary: 'Make the version live again that was live before this one',
    tag: 'Policies',
    // The version to go back from stands in the path: the same call sent twice does not go back twice.
    request: { ...nothing, params, body: z.strictObject({ note: policyNote }) },
    answers: { 200: { description: 'The version that is live now.', schema: policyWithHistory } },
    handle: ({ params: { id }, body, caller }) =>
      moved(deps, caller, { kind: 'roll_back', id, ...body, expected_live: id }),
  }),
]

/** Versions of the policy, and which of them judges in the environment of the key that asks. */
export const policyRoutes = (deps: Deps): Route[] => [...versionRoutes(deps), ...moveRoutes(deps)]

/** Versions as seen from the environment of the key that asks. */
export const placeOf = (deps: Deps, { org, environment }: Caller): Place => ({
  org,
  environment,
  builtIn: deps.policy,
})

type Wished = Pick<MoveWish, 'kind'> & {
  id: string
  note?: string | undefined
  expected_live?: string | undefined
}

const moved = async (deps: Deps, caller: Caller, wished: Wished): Promise<RouteAnswer> => {
  const answer = await moveVersion(deps, caller.org, caller.environment, {
    kind: wished.kind,
    version: pointerTo(deps, wished.id),
    expected_live: wished.expected_live === undefined ? undefined : pointerTo(deps, wished.expected_live),
    at: deps.clock(),
    by: `key:${caller.key_id}`,
    note: wished.note ?? null,
  })
  if (!answer.ok) throw moveRefused(answer)
  const { organisation: org, move } = answer
  deps.log.info({ org: org._id, key: caller.key_id, ...move }, 'a policy was moved')
  const version = await describedVersion(deps, { ...placeOf(deps, caller), org }, move.policy)
  if (version === null) throw noSuchPolicy()
  return { status: 200, body: version }
}
