import * as z from 'zod/mini'
import { actionFamily, tier } from '#contract/outcome'
import { policyVersion } from '#contract/policy'
import { livePolicy } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { defaultPolicy } from '../risk/default-policy.ts'
import { actionLines } from '../risk/list-actions.ts'
import { demandableFact, sensitivity } from '../risk/policy.ts'
import { keyRoute, nothing, type Route } from './route.ts'

const knownActions = z.strictObject({
  policy_version: policyVersion,
  actions: z.array(
    z.strictObject({
      name: z.string(),
      /** What holds and signals treat alike. */
      family: actionFamily,
      sensitivity,
      /** Facts without which it meets at least the tier of missing facts; credentials and data refuse to go without `target`. */
      required: z.array(demandableFact),
      /** Which sentences the person reads. */
      wording: z.string(),
      /** The least tier that it meets, whatever the score and whatever rules allow. */
      floor: tier,
      /** Of how many people in a hundred its decisions are carried out; the others are allowed, with `observed`. */
      enforced_percent: z.int(),
    }),
  ),
})

/** The actions that come with the engine, for whoever reads the document alone. */
export const usualActions = `The policy that comes with the engine knows: ${actionLines(
  defaultPolicy,
  'enforce',
)
  .map(({ name, family, floor }) => `\`${name}\` (${family}${floor === 'none' ? '' : `, at least ${floor}`})`)
  .join(', ')}.`

/** What the live policy calls an action. Whoever may send actions may read their names. */
export const actionRoutes = (deps: Deps): Route[] => [
  keyRoute('events:write', {
    method: 'GET',
    path: '/actions',
    summary: 'The actions that the live policy knows, with what each must bring and the least that it meets',
    description: usualActions,
    tag: 'Events',
    request: nothing,
    answers: {
      200: {
        description:
          'In the order of the policy. Any other name is refused with `action_unknown`, or, with an amount or a payee, evaluated as `money_out` with a warning.',
        schema: knownActions,
      },
    },
    handle: async ({ caller }) => {
      const policy = await livePolicy(deps, caller)
      const { mode } = caller.org.enforcement[caller.environment]
      return { status: 200, body: { policy_version: policy.version, actions: actionLines(policy, mode) } }
    },
  }),
]
