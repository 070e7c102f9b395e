import * as z from 'zod/mini'
import { policyNote, policySummary, policyVersion } from '#contract/policy'
import { explainedRules } from '#contract/policy-detail'
import { rule, ruleId } from '#contract/rule'
import { text } from '#contract/text'
import { type Caller, explainEvent, explainSession } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { withoutRule, withRule } from '../policy/change-rules.ts'
import { summaryOf } from '../policy/describe.ts'
import { type DraftCommand, makeDraft } from '../policy/draft.ts'
import { readPolicy } from '../policy/load.ts'
import { byPower } from '../risk/rules/compile.ts'
import { sessionAtDesk } from './at-desk.ts'
import { policyJson, seenByKey } from './policies.ts'
import { draftRefused } from './policy-refusals.ts'
import { explanationRefused } from './refusals.ts'
import { idParam as deskId } from './request-parts.ts'
import { analystRoute, keyRoute, nothing, type Route, type RouteAnswer } from './route.ts'

const rulesOfVersion = z.strictObject({
  policy_version: policyVersion,
  /** In the order of their power: the highest priority first. */
  rules: z.array(rule),
})

const changed = {
  201: { description: 'A draft with this change. Preview it, then publish it.', schema: policySummary },
}

const base = z.optional(policyVersion)

/** The rules that count, and what they had to say of one event. */
const readRoutes = (deps: Deps): Route[] => [
  keyRoute('policies:read', {
    method: 'GET',
    path: '/rules',
    summary: 'The rules of the live version, and of the one in preview',
    tag: 'Rules',
    request: nothing,
    answers: {
      200: {
        description: 'In the environment of the key that asks.',
        schema: z.strictObject({ live: rulesOfVersion, preview: z.nullable(rulesOfVersion) }),
      },
    },
    handle: async ({ caller: { org, environment } }) => {
      const { live, preview } = org.policies[environment]
      return {
        status: 200,
        body: {
          live: await rulesOf(deps, org._id, live ?? deps.policy.version),
          preview: preview === null ? null : await rulesOf(deps, org._id, preview),
        },
      }
    },
  }),
  // A condition that names a fact is told its value: whoever may read that may read what is stored of a person.
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/events/:id/rules',
    problems: ['not_found'],
    summary: 'Why each rule matched a stored event or did not, condition by condition',
    tag: 'Rules',
    request: {
      ...nothing,
      params: z.strictObject({ id: text(64) }),
      query: z.strictObject({ policy: z.optional(policyVersion) }),
    },
    answers: {
      200: {
        description: 'By the version that evaluated it, or by the one in `policy`.',
        schema: explainedRules,
      },
    },
    handle: async ({ params, query, caller }) =>
      explained(await explainEvent(deps, caller, params.id, query.policy ?? null)),
  }),
  analystRoute({
    method: 'GET',
    path: '/api/sessions/:id/rules',
    problems: ['not_found'],
    summary: 'Why each rule matched the event of a session or did not, condition by condition',
    request: { ...nothing, params: deskId },
    answers: { 200: { description: 'By the version that evaluated it.', schema: explainedRules } },
    handle: async ({ params, caller: { account } }) =>
      explained(await explainSession(deps, await sessionAtDesk(deps, account, params.id), null)),
  }),
]

const explained = (answer: Awaited<ReturnType<typeof explainSession>>) => {
  if (!answer.ok) throw explanationRefused(answer.reason)
  return { status: 200, body: answer.explained }
}

/** A change of one rule is a draft of the whole policy. */
const changeRoutes = (deps: Deps): Route[] => [
  keyRoute('policies:write', {
    method: 'POST',
    path: '/rules',
    problems: ['not_found', 'policy_invalid', 'too_many_kept'],
    heavy: true,
    summary: 'Make a draft in which this rule is added, or takes the place of the one with its id',
    tag: 'Rules',
    json: policyJson,
    request: {
      ...nothing,
      // The rule is judged with the policy it becomes part of, so that every mistake in it is named at once.
      body: z.strictObject({
        rule: z.record(z.string(), z.unknown()),
        base,
        note: z.optional(policyNote),
      }),
    },
    answers: changed,
    handle: ({ body, caller }) => {
      const given = body.rule['id']
      const id = given === undefined ? `rule_${deps.random(8).toString('hex')}` : String(given)
      return drafted(deps, caller, {
        base: body.base,
        change: withRule(id, body.rule),
        note: body.note ?? `Rule ${id}`,
      })
    },
  }),
  keyRoute('policies:write', {
    method: 'DELETE',
    path: '/rules/:id',
    problems: ['not_found', 'policy_invalid', 'too_many_kept'],
    heavy: true,
    summary: 'Make a draft without this rule',
    tag: 'Rules',
    request: { ...nothing, params: z.strictObject({ id: ruleId }), query: z.strictObject({ base }) },
    answers: changed,
    handle: ({ params: { id }, query, caller }) =>
      drafted(deps, caller, { base: query.base, change: withoutRule(id), note: `Without rule ${id}` }),
  }),
]

/** Rules live in versions of the policy: reading those that count, and drafts in which one of them is changed. */
export const ruleRoutes = (deps: Deps): Route[] => [...readRoutes(deps), ...changeRoutes(deps)]

const rulesOf = async (deps: Deps, orgId: string, id: string): Promise<z.infer<typeof rulesOfVersion>> => {
  const { version, rules } = await readPolicy(deps, orgId, id)
  return { policy_version: version, rules: rules.toSorted(byPower) }
}

const drafted = async (
  deps: Deps,
  caller: Caller,
  command: Omit<DraftCommand, 'author'>,
): Promise<RouteAnswer> => {
  const made = await makeDraft(deps, caller, { ...command, author: `key:${caller.key_id}` })
  if (!made.ok) throw draftRefused(made)
  return { status: 201, body: summaryOf(made.version, seenByKey(deps, caller)) }
}
