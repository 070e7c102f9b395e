import { verifyAnswer, verifyRequest } from '#contract/decision'
import { redeem } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { busyRefused } from './refusals.ts'
import { keyRoute, nothing, type Route } from './route.ts'

/** Decisions: spent once, by the backend that is about to carry the action out. */
export const decisionRoutes = (deps: Deps): Route[] => [
  keyRoute('decisions:verify', {
    method: 'POST',
    path: '/decisions/verify',
    summary: 'Spend a decision token, or a session after a redirect, for exactly this action',
    tag: 'Decisions',
    description:
      'Always send an `idempotency_key` of your own, one for each action that you carry out, and the same one whenever you repeat the call: a decision is spent once, and only the key brings back an answer that was lost on its way. Without one, a repetition is told `already_used`, and nobody can tell whether it was you.',
    whenLost:
      'Do not carry the action out yet. Repeat the request with the same idempotency_key, which is safe and gets the answer that was lost; without one, a decision that was spent answers already_used.',
    request: { ...nothing, body: verifyRequest },
    answers: {
      200: { description: '`valid: true` means: carry this out now.', schema: verifyAnswer },
    },
    handle: async ({ body, caller }) => {
      const redeemed = await redeem(deps, caller, body)
      if (!redeemed.ok) throw busyRefused(redeemed)
      return { status: 200, body: redeemed.answer }
    },
  }),
]
