import { verifyAnswer, verifyRequest } from '#contract/decision'
import { redeem } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { keyRoute, nothing, type Route } from './route.ts'

/** Decisions: spent once, by the backend that is about to carry the action out. */
export const decisionRoutes = (deps: Deps): Route[] => [
  keyRoute('decisions:verify', {
    method: 'POST',
    path: '/decisions/verify',
    summary: 'Spend a decision token, or a session after a redirect, for exactly this action',
    tag: 'Decisions',
    request: { ...nothing, body: verifyRequest },
    answers: {
      200: { description: '`valid: true` means: carry this out now.', schema: verifyAnswer },
    },
    handle: async ({ body, caller }) => ({ status: 200, body: await redeem(deps, caller, body) }),
  }),
]
