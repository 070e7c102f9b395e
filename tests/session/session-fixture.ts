import { createHash } from 'node:crypto'
import type { Assessment } from '../../backend/contract/assessment.ts'
import type { IngestEvent } from '../../backend/contract/event.ts'
import { normaliseEvent } from '../../backend/intake/normalise-event.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { createSession, type SessionOrigin } from '../../backend/session/create.ts'
import type { Session } from '../../backend/session/document.ts'
import type { MoveContext } from '../../backend/session/move.ts'

/** A session as the ingest makes it, without store and without HTTP: what the machine's tables start from. */

export const startOfTime = Date.UTC(2026, 10, 21, 10, 0, 0)
export const rightCode = '482913'

const digest = (purpose: string, value: string) =>
  createHash('sha256').update(`${purpose}:${value}`).digest('base64url')

export const eventOf = (change: Partial<IngestEvent> = {}, now = startOfTime) => {
  const normalised = normaliseEvent(
    {
      action: 'transfer',
      user: { id: 'u_1', email: 'ana@example.com' },
      amount: { value: 1_000_000, currency: 'USD' },
      payee: { name: 'J. Smith', account: 'GB33BUKB20201555555555' },
      ...change,
    },
    { now, digest },
  )
  if (!normalised.ok) throw new Error(normalised.message)
  return normalised.event
}

export const assessmentOf = (change: Partial<Assessment> = {}): Assessment => ({
  score: 80,
  outcome: 'delay_verify',
  tier: 'high',
  steps: ['intent', 'confirm_action', 'pause', 'email_code'],
  reasons: [{ code: 'ACTION_SENSITIVE', family: 'policy', points: 80, detail: 'A test.' }],
  unknown: [],
  rule_matches: [],
  rule_errors: [],
  warnings: [],
  policy_version: 'test-1',
  family: 'money_out',
  wording: 'transfer',
  payee_new: true,
  amount_high: true,
  ...change,
})

export const contextAt = (now: number, change: Partial<MoveContext> = {}): MoveContext => ({
  now,
  policy: defaultPolicy,
  codeMatches: (_binding, code) => code === rightCode,
  mayJudge: true,
  hasTries: true,
  maySend: true,
  isAlarmed: false,
  jti: 'jti',
  masterKid: 'm1',
  ...change,
})

/** What a session begins with, or what its evaluation says. */
type Change = Partial<
  Omit<SessionOrigin, 'evaluation'> & Pick<SessionOrigin['evaluation'], 'assessment' | 'context'>
>

const originOf = ({
  assessment = assessmentOf(),
  context = { call_active: null, remote_access: null, screen_shared: null, payee_name_match: null },
  ...change
}: Change): SessionOrigin => ({
  _id: 'ses_1',
  org_id: 'org_1',
  environment: 'live',
  keys: { master_kid: 'm1', pepper_kid: 'p1', url_sha256: 'key' },
  request: { event_id: 'evt_1', body_sha256: 'body', action_digest: 'act' },
  event: eventOf(),
  evaluation: {
    assessment,
    input: null,
    shadow: null,
    payee_exempt: false,
    payee_reputation: 'unreported',
    holdout: null,
    observed: null,
    context,
    test: null,
  },
  own_incident_id: 'inc_1',
  case_reference: 'K7-4Q9M',
  reverification_holds: [],
  prior_failed_attempts: 0,
  wording_variant: 0,
  texts_version: 'en-2',
  purge_at: startOfTime + 86_400_000,
  covered_by: null,
  blocked_by: null,
  asked_by: 'key_1',
  ...change,
})

export const sessionOf = (change: Change = {}, now = startOfTime): Session =>
  createSession(originOf(change), contextAt(now))
