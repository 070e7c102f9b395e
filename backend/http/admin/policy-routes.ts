import * as z from 'zod/mini'
import { type Environment, environment } from '#contract/environment'
import { policyVersion } from '#contract/policy'
import {
  explainedRules,
  movedPolicy,
  policyDetail,
  policyMoveForm,
  policyPage,
} from '#contract/policy-detail'
import { explainSession } from '../../checkpoint.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { builtInLine, lineOf, type Place } from '../../policy/describe.ts'
import { listVersions } from '../../policy/list.ts'
import { pointerTo } from '../../policy/load.ts'
import { moveVersion } from '../../policy/move.ts'
import { wholeVersion } from '../../policy/whole.ts'
import { byPower } from '../../risk/rules/compile.ts'
import { authorsOf } from '../author-names.ts'
import { moveRefused, noSuchPolicy } from '../policy-answers.ts'
import { type AdminRoute, analystRoute, nothing } from './admin-route.ts'
import { idParam } from './request-parts.ts'

const placeOf = async (deps: Deps, orgId: string, environment: Environment): Promise<Place> => {
  const org = await deps.collections.organisations.get(orgId, orgId)
  if (org === null) throw new Error(`${orgId} has no organisation`)
  return { org, environment, builtIn: deps.policy }
}

const standingOf = ({ org, environment, builtIn }: Place) => {
  const { live, preview, before } = org.policies[environment]
  const newest = before.at(-1)
  return {
    live: live ?? builtIn.version,
    preview,
    before: newest === undefined ? null : (newest ?? builtIn.version),
  }
}

const list = analystRoute({
  method: 'GET',
  path: '/api/policies',
  request: { ...nothing, query: z.strictObject({ environment, cursor: z.optional(policyVersion) }) },
  answer: policyPage,
  handle: async ({ query, analyst }, deps) => {
    const place = await placeOf(deps, analyst.account.org_id, query.environment)
    const { versions, next } = await listVersions(deps, place.org._id, query.cursor ?? null)
    const lines = versions.map((version) => lineOf(version, place))
    const all = next === null ? [...lines, builtInLine(place)] : lines
    const nameOf = await authorsOf(
      deps,
      place.org._id,
      all.map(({ author }) => author),
    )
    const policies = all.map((line) => ({ ...line, author: nameOf(line.author) }))
    return { status: 200, body: { ...standingOf(place), policies, next } }
  },
})

const one = analystRoute({
  method: 'GET',
  path: '/api/policies/:id',
  request: {
    ...nothing,
    params: z.object({ id: policyVersion }),
    query: z.strictObject({ environment }),
  },
  answer: policyDetail,
  handle: async ({ params, query, analyst }, deps) => {
    const place = await placeOf(deps, analyst.account.org_id, query.environment)
    const whole = await wholeVersion(deps, place, params.id)
    if (whole === null) throw noSuchPolicy()
    const { history, changes, policy, ...line } = whole
    const authors = [line.author, ...history.map(({ by }) => by)]
    const nameOf = await authorsOf(deps, place.org._id, authors)
    return {
      status: 200,
      body: {
        ...standingOf(place),
        summary: { ...line, author: nameOf(line.author) },
        history: history.map((move) => ({ ...move, by: nameOf(move.by) })),
        changes,
        rules: policy.rules.toSorted(byPower),
      },
    }
  },
})

const move = analystRoute({
  method: 'POST',
  path: '/api/policies/move',
  request: { ...nothing, body: policyMoveForm },
  answer: movedPolicy,
  handle: async ({ body, analyst, log }, deps) => {
    const { _id: account, org_id } = analyst.account
    const { org } = await placeOf(deps, org_id, body.environment)
    const answer = await moveVersion(deps, org, body.environment, {
      kind: body.kind,
      version: pointerTo(deps, body.policy),
      expected_live: pointerTo(deps, body.expected_live),
      at: deps.clock(),
      by: account,
      note: body.note,
    })
    if (!answer.ok) throw moveRefused(answer)
    log.info({ account, org: org_id, ...answer.move }, 'a policy was moved')
    const { live } = answer.organisation.policies[body.environment]
    return { status: 200, body: { live: live ?? deps.policy.version } }
  },
})

const explain = analystRoute({
  method: 'GET',
  path: '/api/sessions/:id/rules',
  request: { ...nothing, params: idParam },
  answer: explainedRules,
  handle: async ({ params, analyst }, deps) => {
    const session = await deps.collections.sessions.get(analyst.account.org_id, params.id)
    if (session === null)
      throw new AppError('not_found', 'There is no such session, or its data has been erased.')
    return { status: 200, body: await explainSession(deps, session, null) }
  },
})

export const policyRoutes: readonly AdminRoute[] = [list, one, move, explain]
