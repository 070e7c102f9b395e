import * as z from 'zod/mini'
import { type Environment, environment } from '#contract/environment'
import { policyDraft, policySummary, policyVersion } from '#contract/policy'
import { policyDetail, policyPage } from '#contract/policy-detail'
import type { Caller } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import type { JsonLimits } from '../intake/strict-json.ts'
import type { AdminAccount } from '../org/admin-account.ts'
import { builtInSummary, type PolicyTenant, summaryOf } from '../policy/describe.ts'
import { makeDraft, patched } from '../policy/draft.ts'
import { listVersions } from '../policy/list.ts'
import { removeVersion } from '../policy/remove.ts'
import { wholeVersion } from '../policy/whole.ts'
import { organisationOf } from '../repositories/organisations.ts'
import { byPower } from '../risk/rules/compile.ts'
import { authorsOf } from './author-names.ts'
import { wholePolicy } from './policy-answers.ts'
import { draftRefused, noSuchPolicy, removalRefused } from './policy-refusals.ts'
import { analystRoute, keyRoute, nothing, type Route } from './route.ts'

/** Versions of the policy, as seen from one environment: that of the key, or the one that an analyst names. */
export const policyRoutes = (deps: Deps): Route[] => [...versionRoutes(deps), ...deskRoutes(deps)]

/** As the key that asks sees them. */
export const seenByKey = (deps: Deps, { org, environment }: Caller): PolicyTenant => ({
  org,
  environment,
  builtIn: deps.policy,
})

/** As an analyst sees them. */
export const seenAtDesk = async (
  deps: Deps,
  account: AdminAccount,
  environment: Environment,
): Promise<PolicyTenant> => ({
  org: await organisationOf(deps, account),
  environment,
  builtIn: deps.policy,
})

/** One page of versions; the last page ends with the policy that comes with the engine. */
const pageOf = async (deps: Deps, tenant: PolicyTenant, cursor: string | undefined) => {
  const { versions, next } = await listVersions(deps, tenant.org._id, cursor ?? null)
  const lines = versions.map((version) => summaryOf(version, tenant))
  return { policies: next === null ? [...lines, builtInSummary(tenant)] : lines, next }
}

/** A policy is larger than an event, and conditions nest. What is too much of it, its own check says, with the path. */
export const policyJson: JsonLimits = { bytes: 2_000_000, depth: 40, keysOfObject: 1_000, keys: 60_000 }

const params = z.strictObject({ id: policyVersion })

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
    handle: async ({ query, caller }) => ({
      status: 200,
      body: await pageOf(deps, seenByKey(deps, caller), query.cursor),
    }),
  }),
  keyRoute('policies:write', {
    method: 'POST',
    path: '/policies',
    problems: ['not_found', 'policy_invalid', 'too_many_kept'],
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
      return { status: 201, body: summaryOf(made.version, seenByKey(deps, caller)) }
    },
  }),
  keyRoute('policies:read', {
    method: 'GET',
    path: '/policies/:id',
    problems: ['not_found'],
    heavy: true,
    summary: 'One version whole, with what it changes and who moved it',
    tag: 'Policies',
    request: { ...nothing, params },
    answers: { 200: { description: 'The version.', schema: wholePolicy } },
    handle: async ({ params: { id }, caller }) => {
      const version = await wholeVersion(deps, seenByKey(deps, caller), id)
      if (version === null) throw noSuchPolicy()
      return { status: 200, body: version }
    },
  }),
  keyRoute('policies:write', {
    method: 'DELETE',
    path: '/policies/:id',
    problems: ['not_found', 'policy_conflict'],
    heavy: true,
    summary: 'Remove a version that nobody needs',
    tag: 'Policies',
    request: { ...nothing, params },
    answers: {
      200: {
        description:
          'Gone. A version stays if it is live, in preview, the newest, one to roll back to, or if it was live within the time for which sessions are kept.',
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

/** Where the versions stand in one environment; `before`: what going back leads to. */
const pointersOf = ({ org, environment, builtIn }: PolicyTenant) => {
  const { live, preview, before } = org.policies[environment]
  const newest = before.at(-1)
  return {
    live: live ?? builtIn.version,
    preview,
    before: newest === undefined ? null : (newest ?? builtIn.version),
  }
}

const deskRoutes = (deps: Deps): Route[] => [
  analystRoute({
    method: 'GET',
    path: '/api/policies',
    summary: 'Every version of the policy, newest first, and where they stand',
    request: { ...nothing, query: z.strictObject({ environment, cursor: z.optional(policyVersion) }) },
    answers: {
      200: {
        description: 'One page. `next` is the cursor of the next one; null: this was the last.',
        schema: policyPage,
      },
    },
    handle: async ({ query, caller: { account } }) => {
      const tenant = await seenAtDesk(deps, account, query.environment)
      const { policies, next } = await pageOf(deps, tenant, query.cursor)
      const authors = policies.map(({ author }) => author)
      const nameOf = await authorsOf(deps, tenant.org._id, authors)
      const named = policies.map((line) => ({ ...line, author: nameOf(line.author) }))
      return { status: 200, body: { ...pointersOf(tenant), policies: named, next } }
    },
  }),
  analystRoute({
    method: 'GET',
    path: '/api/policies/:id',
    problems: ['not_found'],
    summary: 'One version, with its rules, what it changes and who moved it',
    request: { ...nothing, params, query: z.strictObject({ environment }) },
    answers: { 200: { description: 'The version.', schema: policyDetail } },
    handle: async ({ params, query, caller: { account } }) => {
      const tenant = await seenAtDesk(deps, account, query.environment)
      const whole = await wholeVersion(deps, tenant, params.id)
      if (whole === null) throw noSuchPolicy()
      const { history, changes, policy, ...line } = whole
      const authors = [line.author, ...history.map(({ by }) => by)]
      const nameOf = await authorsOf(deps, tenant.org._id, authors)
      return {
        status: 200,
        body: {
          ...pointersOf(tenant),
          summary: { ...line, author: nameOf(line.author) },
          history: history.map((move) => ({ ...move, by: nameOf(move.by) })),
          changes,
          rules: policy.rules.toSorted(byPower),
        },
      }
    },
  }),
]
