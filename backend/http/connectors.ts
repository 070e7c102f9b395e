import stableText from 'safe-stable-stringify'
import * as z from 'zod/mini'
import { secondMs } from '#contract/durations'
import { type IngestAnswer, ingestAnswer } from '#contract/ingest-answer'
import { mistakeWords } from '#contract/mistake'
import type { ProblemCode } from '#contract/problem'
import { identifier, text } from '#contract/text'
import { type Caller, connectorSecret, ingest, tokenOf, urlOf } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import type { Connector, Payload, Verify } from '../intake/connectors/connector.ts'
import { connectors } from '../intake/connectors/list.ts'
import { sha256 } from '../secrets.ts'
import type { Session } from '../session/document.ts'
import { sessionLifetimeSeconds } from '../session/endings.ts'
import { holdNoticeOf } from '../session/session-hold.ts'
import { usualActions } from './actions.ts'
import { AppError } from './app-error.ts'
import type { Limits } from './limits.ts'
import { ingestRefused } from './refusals.ts'
import { keyRoute, nothing, openRoute, type Route, type RouteAnswer, refuseBody } from './route.ts'
import { signedCaller } from './signed-caller.ts'

/** The ways in: one route for each connector. */
export const connectorRoutes = (deps: Deps, limits: Limits, list = connectors): Route[] =>
  list.map((connector) =>
    connector.verify === null
      ? keyedRoute(deps, connector)
      : signedRoute(deps, limits, connector, connector.verify),
  )

const documentation = ({ summary, description }: Connector) => ({
  summary,
  description: `${usualActions} ${description}`,
  tag: 'Events',
  whenLost:
    'No decision was given, so do not carry the action out. Repeat the request with the same Idempotency-Key, which is safe; without a key it counts as a second event.',
  problems,
  answers: { 200: { description: 'What to do with the action.', schema: ingestAnswer } },
})

/** What an event may be refused for, whoever brings it. */
const problems: ProblemCode[] = [
  'occurred_in_future',
  'action_unknown',
  'target_required',
  'return_url_not_registered',
  'test_requires_test_key',
  'idempotency_key_reused',
  'session_resolved',
]

const keyedRoute = (deps: Deps, connector: Connector): Route =>
  connector.withBody((body, payloadOf) =>
    keyRoute('events:write', {
      method: 'POST',
      path: connector.path,
      ...documentation(connector),
      request: { ...nothing, headers: headersOf(connector), body },
      handle: ({ body, headers, caller }) =>
        takeIn(deps, caller, payloadOf(body), headers[connector.idempotency_header] ?? null),
    }),
  )

const headersOf = (connector: Connector) =>
  z.object({ [connector.idempotency_header]: z.optional(identifier(255)) })

/** A delivery that another system signed: it can't send our key, so the path names one, and the signature is the proof. */
const signedRoute = (deps: Deps, limits: Limits, connector: Connector, verify: Verify): Route =>
  openRoute('public', {
    method: 'POST',
    path: `${connector.path}/:key_id`,
    ...documentation(connector),
    problems: [...problems, 'unauthenticated', 'forbidden_scope', 'rate_limited'],
    // The signature is checked before anything is said of the body.
    request: {
      ...nothing,
      params: z.strictObject({ key_id: text(64) }),
      headers: z.looseObject(headersOf(connector).shape),
      body: z.unknown(),
    },
    handle: async ({ body, headers, params, raw_body, address, log }) => {
      const delivery = { headers, raw_body: raw_body ?? Buffer.alloc(0), now: deps.clock() }
      const caller = await signedCaller(
        deps,
        limits,
        { route: connector.path, ...params, address, log },
        (caller) => verify(delivery, connectorSecret(deps, caller, connector.name)),
      )
      const payload = connector.withBody((schema, payloadOf) => {
        const said = schema.safeParse(body, { error: mistakeWords })
        if (!said.success) throw refuseBody(said.error.issues)
        return payloadOf(said.data)
      })
      return takeIn(deps, caller, payload, headers[connector.idempotency_header] ?? null)
    },
  })

/** RFC 8785 of what strict JSON let in, at half the time of the library that looks for what was refused there already. */
export const bodyText = (said: unknown): string => stableText(said) ?? ''

const takeIn = async (
  deps: Deps,
  caller: Caller,
  payload: Payload,
  idempotency_key: string | null,
): Promise<RouteAnswer> => {
  const ingested = await ingest(deps, caller, {
    payload,
    body_sha256: sha256(bodyText(payload.said)),
    idempotency_key,
  })
  if (!ingested.ok) throw ingestRefused(ingested)
  const { session, replayed } = ingested
  if (!deps.secrets.holds(session)) {
    throw new AppError(
      'session_resolved',
      'This event was answered before, and the key of its link is retired. Send it under a new Idempotency-Key.',
    )
  }
  return {
    status: 200,
    body: ingestAnswerOf(deps, session),
    ...(replayed ? { headers: { 'Idempotent-Replayed': 'true' } } : {}),
  }
}

/** Made from what never changes after the ingest, so that a replay says the same as the first answer. */
const ingestAnswerOf = (deps: Deps, session: Session): IngestAnswer => {
  const { assessment, answered, observed, shadow } = session.evaluation
  const { hold, incident_id } = session.consequences
  const wasBlocked = answered === 'block_escalate'
  const token = answered === 'delay_verify' ? null : tokenOf(deps, session)
  return {
    event_id: session.request.event_id,
    outcome: answered,
    score: assessment.score,
    reasons: assessment.reasons,
    unknown: assessment.unknown,
    rule_matches: assessment.rule_matches,
    policy_version: assessment.policy_version,
    ...(shadow === null ? {} : { shadow_evaluation: shadow }),
    session: {
      id: session._id,
      url: urlOf(deps, session),
      expires_at: new Date(session.created_at + sessionLifetimeSeconds * secondMs).toISOString(),
    },
    ...(token === null ? {} : { token }),
    ...(observed === null ? {} : { observed }),
    ...(assessment.warnings.length === 0 ? {} : { warnings: assessment.warnings }),
    ...(wasBlocked && hold !== null ? { hold: holdNoticeOf(hold) } : {}),
    ...(wasBlocked && incident_id !== null ? { incident_id } : {}),
    ...(session.environment === 'test' ? { test: true } : {}),
  }
}
