import { createHash } from 'node:crypto'
import { chain, type EntryDraft } from '../../backend/audit/entry.ts'
import type { Incident, ScamReport } from '../../backend/incident/incident.ts'
import type { Session, SessionStep } from '../../backend/session/document.ts'
import { type SessionChange, sessionWith } from '../support/session-change.ts'

/** Stored documents as the spine writes them, with every secret-looking field filled by a word that a test can look for. */

export const secretWords = [
  'SECRET-key-digest',
  'SECRET-body-digest',
  'SECRET-act',
  'SECRET-jti',
  'SECRET-used-with',
  'SECRET-user-key',
  'SECRET-payee-key',
  'SECRET-device-key',
  'SECRET-mailbox-key',
  'SECRET-last-submit',
  'SECRET-test-code',
]

const entriesOf = (orgId: string, id: string, at: number): Session['audit'] => {
  const drafts: EntryDraft[] = [
    {
      actor: 'key:abc',
      actor_type: 'site',
      action: 'event.ingested',
      meta: { score: 62, reasons: ['BENEFICIARY_NEW 30'] },
    },
    { actor: 'person', actor_type: 'person', action: 'intent.answered', meta: { answer: 'no', variant: 0 } },
    { actor: 'key:abc', actor_type: 'site', action: 'decision.used', meta: { jti: 'SECRET-jti' } },
  ]
  return { ...chain({ org: orgId, stream: id, at, head: null }, drafts), refusals: 0 }
}

const event = (at: number): Session['event'] => ({
  action: 'transfer',
  user: {
    id: 'u_42',
    email: 'ana@example.com',
    email_changed_at: null,
    previous_email: null,
    phone: '+34600000000',
    created_at: Date.UTC(2019, 4, 1),
    locale: 'es',
  },
  amount: { value: 1_000_000, currency: 'USD' },
  amount_limit: null,
  payee: {
    typed: { id: 'p_9', name: 'J. Smith', account: 'GB33BUKB20201555555555', country: 'GB' },
    canonical: { id: 'p_9', name: 'j. smith', account: 'GB33BUKB20201555555555', country: 'GB' },
    added_at: at - 3_600_000,
  },
  target: null,
  device: { id: 'd_7f', user_agent: 'Mozilla/5.0 (Linux; Android 15) Firefox/142.0' },
  network: { ip: '203.0.113.7', type: 'wifi', public: true, anonymizer: false, id: 'cafe' },
  location: { country: 'ES', city: 'Sevilla', lat: 37.39, lon: -5.98 },
  context: {
    call_active: true,
    remote_access: false,
    screen_shared: null,
    payee_name_match: 'no_match',
    observed_at: at,
  },
  telemetry: {
    device_id: 'd_7f',
    language: 'es',
    time_zone: 'Europe/Madrid',
    connection: '4g',
    payee_pasted: true,
    dwell_ms: 8_000,
  },
  occurred_at: at,
  return_url: null,
  metadata: '{"branch":"web"}',
  keys: {
    user: 'SECRET-user-key',
    payee: 'SECRET-payee-key',
    device: 'SECRET-device-key',
    mailbox: 'SECRET-mailbox-key',
  },
})

const assessment: Session['evaluation']['assessment'] = {
  score: 62,
  outcome: 'delay_verify',
  tier: 'medium',
  steps: ['intent', 'email_code'],
  reasons: [
    { code: 'BENEFICIARY_NEW', family: 'payment', points: 30, detail: 'This payee was never paid before.' },
    { code: 'CALL_ACTIVE', family: 'scam', points: 20, detail: 'The site reports an active call.' },
    { code: 'NETWORK_WIFI_PUBLIC', family: 'network', points: 12, detail: 'A public network.' },
  ],
  unknown: ['context.screen_shared'],
  rule_matches: [],
  rule_errors: [],
  warnings: [],
  policy_version: 'default-1',
  family: 'money_out',
  wording: 'transfer',
  payee_new: true,
  amount_high: true,
}

/** The first question, answered with *no* after `ms`. */
export const answeredNo = (at: number, ms = 9_000): SessionStep => ({
  type: 'intent',
  started_at: at,
  finished_at: at + ms,
  outcome: 'answered_no',
  state: { answer: 'no', at: at + ms },
})

/** The same, left without an answer. */
export const unanswered = (at: number): SessionStep => ({
  type: 'intent',
  started_at: at,
  finished_at: at + 9_000,
  outcome: 'cancelled',
  state: null,
})

/** A reverification that was told two things: one would rather not be said, the other can't stand beside the *no*. */
export const askedSpecifically = (at: number): SessionChange => {
  const withheld = {
    code: 'ANSWER_WITHHELD',
    family: 'scam',
    points: 2,
    detail: 'Would rather not say.',
  } as const
  const against = {
    code: 'ANSWER_CONTRADICTS_ANSWER',
    family: 'scam',
    points: 36,
    detail:
      'Said that somebody phoned them about the payee. But before that: said that nobody is guiding them.',
  } as const
  return {
    status: 'resolved',
    ending: { outcome: 'block_escalate', resolution: 'contradicted', cause: 'contradicted' },
    consequences: { reverification_holds: ['hold_earlier'] },
    checkpoint: {
      steps: [
        answeredNo(at),
        {
          type: 'questions',
          started_at: at + 9_000,
          finished_at: at + 27_000,
          outcome: 'contradicted',
          state: {
            set: 'questions-1',
            asked: [
              { question: 'purpose', variant: 1, options: ['purchase', 'keep_safe', 'other'] },
              { question: 'first_heard', variant: 0, options: ['caller', 'bill', 'rather_not'] },
            ],
            answers: [
              { question: 'purpose', answer: 'other', at: at + 14_000, reasons: [withheld] },
              { question: 'first_heard', answer: 'caller', at: at + 27_000, reasons: [against] },
            ],
          },
        },
      ],
      position: 1,
      reasons: [withheld, against],
      score: 100,
    },
  }
}

/** An allowed transfer, its token spent; `id` without prefix. */
export const sessionFixture = (
  of: { org_id: string; id: string; at: number },
  change: SessionChange = {},
): Session => {
  const { org_id: orgId, at } = of
  const id = `ses_${of.id}`
  const session: Session = {
    _id: id,
    org_id: orgId,
    version: 1,
    purge_at: null,
    environment: 'live',
    erased: false,
    created_at: at,
    updated_at: at,
    keys: {
      master_kid: 'm1',
      pepper_kid: 'p1',
      url_sha256: `SECRET-key-digest ${createHash('sha256').update(id).digest('base64url')}`,
    },
    request: {
      event_id: `evt_${of.id}`,
      body_sha256: 'SECRET-body-digest',
      action_digest: 'SECRET-act',
    },
    event: event(at),
    evaluation: {
      assessment,
      input: null,
      shadow: null,
      answered: 'delay_verify',
      payee_exempt: false,
      payee_reputation: 'unreported',
      holdout: null,
      observed: null,
      context: { call_active: true, remote_access: false, screen_shared: null, payee_name_match: null },
      test: { outcome: null, code: 'SECRET-test-code' },
    },
    consequences: {
      hold: null,
      incident_id: null,
      own_incident_id: `inc_${of.id}`,
      case_reference: 'K7-4Q9M',
      reverification_holds: [],
      report: null,
      outbox: [],
      outbox_seq: 1,
    },
    status: 'resolved',
    ending: { outcome: 'allow', resolution: 'allowed', at: at + 40_000, cause: null },
    checkpoint: {
      deadline_at: at + 900_000,
      turn: 2,
      last_submit: 'SECRET-last-submit',
      refused_turn: null,
      shown_error: null,
      tier: 'medium',
      steps: [
        answeredNo(at),
        {
          type: 'email_code',
          started_at: at + 9_000,
          finished_at: at + 40_000,
          outcome: 'verified',
          state: {
            generation: 1,
            digits: 6,
            sent_at: at + 9_000,
            expires_at: at + 309_000,
            tries: 1,
            sends: 1,
            delivery: 'sent',
          },
        },
      ],
      position: 2,
      opened_at: at,
      wording_variant: 0,
      texts_version: 'en-2',
      reasons: [
        {
          code: 'ANSWER_INDEPENDENT',
          family: 'behaviour',
          points: -10,
          detail: 'Said that nobody is guiding them.',
        },
      ],
      score: 52,
      prior_failed_attempts: 0,
    },
    results: [],
    decision: {
      kid: 'm1',
      jti: 'SECRET-jti',
      outcome: 'allow',
      issued_at: at + 40_000,
      expires_at: at + 640_000,
      used_at: at + 41_000,
      used_with: 'SECRET-used-with',
      redemption: 'valid',
      revoked_at: null,
    },
    audit: entriesOf(orgId, id, at),
  }
  return sessionWith(session, change)
}

export const incidentFixture = (
  of: { org_id: string; id: string; at: number; session_id: string },
  change: Partial<Incident> = {},
): Incident => ({
  _id: `inc_${of.id}`,
  org_id: of.org_id,
  version: 1,
  purge_at: null,
  environment: 'live',
  session_id: of.session_id,
  case_reference: 'K7-4Q9M',
  cause: 'answered_yes',
  user_id: 'u_42',
  user_key: 'user-digest',
  erased: false,
  action: 'transfer',
  family: 'money_out',
  score: 62,
  hold_id: null,
  status: 'open',
  dispositions: [],
  created_at: of.at,
  updated_at: of.at,
  ...change,
})

export const reportFixture = (
  of: { org_id: string; id: string; at: number; session_id: string },
  change: Partial<ScamReport> = {},
): ScamReport => ({
  _id: `rpt_${of.id}`,
  org_id: of.org_id,
  version: 1,
  purge_at: null,
  environment: 'live',
  session_id: of.session_id,
  incident_id: 'inc_1',
  case_reference: 'K7-4Q9M',
  user_id: 'u_42',
  user_key: 'user-digest',
  erased: false,
  details: 'They said they were from the bank.',
  created_at: of.at,
  ...change,
})
