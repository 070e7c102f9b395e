import * as z from 'zod/mini'
import { eventResult, type NotTaughtReason, resultAnswer } from '#contract/event-result'
import { text } from '#contract/text'
import { reportResult } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { repeatIsSafe } from './open-outcome.ts'
import { resultRefused } from './refusals.ts'
import { keyRoute, nothing, type Route } from './route.ts'

/** Events: hearing what became of them. */
export const eventRoutes = (deps: Deps): Route[] => [
  keyRoute('results:write', {
    method: 'POST',
    path: '/events/:id/result',
    problems: ['not_found', 'result_refused'],
    summary: 'Say what became of an event',
    description:
      'A `reported_scam` weighs in full, for everybody who pays that payee, when the payment was spent or completed and the key has `labels:write` too; otherwise it is one report, a few points for 72 hours. `retracted`, by the same key, takes it back.',
    tag: 'Events',
    request: {
      ...nothing,
      params: z.strictObject({ id: text(64) }),
      body: z.strictObject({ result: eventResult }),
    },
    whenLost: repeatIsSafe,
    answers: {
      200: {
        description: 'Noted. `taught` is what is known by it; a repeat is answered in the same words.',
        schema: resultAnswer,
      },
    },
    handle: async ({ params, body, caller }) => {
      const reporter = { caller, mayLabel: caller.scopes.includes('labels:write'), retracts: 'own' } as const
      const reported = await reportResult(deps, reporter, params.id, body.result)
      if (!reported.ok) throw resultRefused(reported)
      const { session, said } = reported
      const { taught, not_taught, taken_back } = said
      const detail = not_taught === null ? null : whyNotTaught[not_taught]
      return {
        status: 200,
        body: {
          event_id: session.request.event_id,
          session_id: session._id,
          taught,
          not_taught,
          detail,
          taken_back,
        },
      }
    },
  }),
]

const whyNotTaught: Record<NotTaughtReason, string> = {
  still_open: 'The checkpoint is still under way. Report again once the decision is spent.',
  not_allowed: 'This action was not allowed, so it does not become what is usual for the person.',
  held: 'A hold stopped it at the last moment, so it does not become what is usual for the person.',
  did_not_happen: 'What did not happen teaches nothing about what is usual for the person.',
  reported_as_scam: 'It was reported as a scam. If that was wrong, the same key sends retracted first.',
  not_carried_out:
    'Nobody said that the payment went out: its token was not spent, and it was not reported as completed. So this counts as one report, a few points for 72 hours.',
  key_lacks_scope:
    'This key lacks labels:write, so this counts as one report, a few points for 72 hours. A key that has it, or an analyst’s disposition, confirms.',
  report_not_counted:
    'This counts nothing against a payee: there is none, this person spoke of them before, or their account is not known to be 30 days old. A key with labels:write, about a payment that went out, or an analyst’s disposition confirms.',
}
