import type { AuditEntry } from '../audit/entry.ts'
import type { Facts } from '../risk/facts/all-facts.ts'
import {
  type Derived,
  each,
  fieldOf,
  noEntries,
  noFields,
  sameAs,
  sparse,
  type Usual,
} from '../store/sparse.ts'
import type { Session, SessionStep } from './document.ts'
import type { SessionLine } from './line.ts'

/**
 * What a stored session needn't say, because it is so in most of them or stands elsewhere in the same document. What is
 * sealed refers only to what is sealed with it or never changes: a change that leaves the person's part alone doesn't seal
 * it anew.
 */

const event: Usual<Session['event']> = {
  user: {
    email: null,
    email_changed_at: null,
    previous_email: null,
    phone: null,
    created_at: null,
    locale: null,
  },
  amount_limit: null,
  payee: {
    typed: { id: null, name: null, account: null, country: null },
    canonical: {
      id: sameAs('event.payee.typed.id'),
      name: sameAs('event.payee.typed.name'),
      account: sameAs('event.payee.typed.account'),
      country: sameAs('event.payee.typed.country'),
    },
    added_at: null,
  },
  target: null,
  device: { id: null, user_agent: null },
  network: { ip: null, type: null, public: null, anonymizer: null, id: null },
  location: { country: null, city: null, lat: null, lon: null },
  context: {
    call_active: null,
    remote_access: null,
    screen_shared: null,
    payee_name_match: null,
    observed_at: null,
  },
  telemetry: {
    device_id: null,
    language: null,
    time_zone: null,
    connection: null,
    payee_pasted: null,
    dwell_ms: null,
  },
  occurred_at: sameAs('created_at'),
  return_url: null,
  metadata: null,
  keys: { payee: null, device: null, mailbox: null },
}

/** Nothing else went out in thirty days. */
const ofThisPayment: Derived = ({ event: paid }) => {
  const amount = fieldOf(paid, 'amount')
  const value = fieldOf(amount, 'value')
  return value === null ? {} : { user: { sums: [value, value, value], payments: [1, 1, 1] } }
}

/** The event says half of them, and what nobody knows anything of says the most of the rest. */
const facts: Usual<Facts> = {
  payee: sameAs('event.keys.payee'),
  'payee.known': false,
  'payee.times': 0,
  'payee.added_at': sameAs('event.payee.added_at'),
  'payee.country': sameAs('event.payee.canonical.country'),
  'payee.country_known': null,
  'payee.largest': null,
  amount: sameAs('event.amount.value'),
  'amount.currency': sameAs('event.amount.currency'),
  'amount.judged': sameAs('event.amount.value'),
  'amount.limit': sameAs('event.amount_limit'),
  'amount.usual': null,
  'amount.earlier_count': 0,
  'amount.earlier_largest': 0,
  'payee.opened_at': null,
  'payee.first_amount': null,
  'payee.month_sum': null,
  'user.email': sameAs('event.user.email'),
  'user.created_at': sameAs('event.user.created_at'),
  'user.email_changed_at': sameAs('event.user.email_changed_at'),
  target: sameAs('event.target'),
  'network.type': sameAs('event.network.type'),
  'network.public': sameAs('event.network.public'),
  'network.anonymizer': sameAs('event.network.anonymizer'),
  'telemetry.payee_pasted': sameAs('event.telemetry.payee_pasted'),
  'telemetry.dwell_ms': sameAs('event.telemetry.dwell_ms'),
  now: sameAs('created_at'),
  occurred_at: sameAs('event.occurred_at'),
  'time.local_hour': null,
  'profile.hours': null,
  'profile.local_hours': null,
  'action.name': sameAs('event.action'),
  'action.mapped': true,
  'action.family': sameAs('evaluation.assessment.family'),
  'device.id': sameAs('event.keys.device'),
  'device.known': false,
  'profile.devices': 0,
  'telemetry.device_id.known': null,
  'profile.browser_devices': 0,
  'payee.reports': 0,
  'payee.confirmed': false,
  'payee.first_seen_in_org': null,
  'payee.days_seen': 0,
  'payee.other_payers': 0,
  'payee.long_standing_payers': 0,
  'payee.paid_by_user': false,
  'payee.other_users_week': 0,
  'place.country': sameAs('event.location.country'),
  'place.city': sameAs('event.location.city'),
  'place.lat': sameAs('event.location.lat'),
  'place.lon': sameAs('event.location.lon'),
  'profile.last_position': null,
  'place.country_known': false,
  'place.city_known': false,
  'profile.places': null,
  'context.call_active': sameAs('event.context.call_active'),
  'context.remote_access': sameAs('event.context.remote_access'),
  'context.screen_shared': sameAs('event.context.screen_shared'),
  'context.payee_name_match': sameAs('event.context.payee_name_match'),
  'velocity.hour': 0,
  'velocity.day': 0,
  'velocity.recent': noEntries,
  'label.user': 'none',
  'label.device': 'none',
  'label.ip': 'none',
  'label.network': 'none',
  'label.payee': 'none',
  'label.email_domain': 'none',
  'label.session': 'none',
  labels: noEntries,
  metadata: noFields,
  'metadata.mistyped': noEntries,
  totals: ofThisPayment,
  listed: noEntries,
}

const evaluation: Usual<Session['evaluation']> = {
  assessment: {
    steps: noEntries,
    reasons: noEntries,
    unknown: noEntries,
    rule_matches: noEntries,
    rule_errors: noEntries,
    warnings: noEntries,
    wording: sameAs('event.action'),
    payee_new: null,
    amount_high: null,
  },
  input: { facts, constraints: noEntries, override: null },
  shadow: null,
  answered: sameAs('evaluation.assessment.outcome'),
  payee_exempt: false,
  payee_reputation: 'unreported',
  holdout: null,
  observed: null,
  context: {
    call_active: sameAs('event.context.call_active'),
    remote_access: sameAs('event.context.remote_access'),
    screen_shared: sameAs('event.context.screen_shared'),
    payee_name_match: sameAs('event.context.payee_name_match'),
  },
  test: null,
}

/** What the first entry says of the event stands in the session. Null, which no entry says, for every other. */
const ofIngest: Derived = ({ event: said, request, evaluation: found }, { list, index }) => {
  if (fieldOf(list[index], 'action') !== 'event.ingested') return null
  const judged = fieldOf(found, 'assessment')
  const reasons = fieldOf(judged, 'reasons')
  return {
    event: fieldOf(request, 'event_id'),
    action: fieldOf(said, 'action'),
    score: fieldOf(judged, 'score'),
    outcome: fieldOf(judged, 'outcome'),
    tier: fieldOf(judged, 'tier'),
    policy: fieldOf(judged, 'policy_version'),
    reasons: Array.isArray(reasons) ? reasons.map(({ code, points }) => `${code} ${points}`) : [],
    hold: null,
  }
}

const entries = each<AuditEntry>({
  seq: (_, { index }) => index + 1,
  org: sameAs('org_id'),
  stream: sameAs('_id'),
  at: sameAs('created_at'),
  actor: 'anti-social-engine',
  actor_type: 'system',
  meta: ofIngest,
  prev: (_, { list, index }) => fieldOf(list[index - 1], 'hash') ?? 'genesis',
})
export const sparseSession = sparse<Session>({
  erased: false,
  updated_at: sameAs('created_at'),
  request: { event_id: ({ _id }) => String(_id).replace('ses_', 'evt_') },
  event,
  evaluation,
  checkpoint: {
    tier: sameAs('evaluation.assessment.tier'),
    steps: each<SessionStep>({ started_at: null, finished_at: null, outcome: null, state: null }),
    position: 0,
    turn: 0,
    last_submit: null,
    refused_turn: null,
    shown_error: null,
    opened_at: null,
    reasons: noEntries,
    score: sameAs('evaluation.assessment.score'),
    prior_failed_attempts: 0,
  },
  ending: { outcome: sameAs('evaluation.assessment.outcome'), resolution: null, at: null, cause: null },
  consequences: {
    hold: null,
    incident_id: null,
    reverification_holds: noEntries,
    report: null,
    outbox: noEntries,
    outbox_seq: 0,
  },
  decision: {
    kid: sameAs('keys.master_kid'),
    outcome: 'allow',
    used_at: null,
    used_with: null,
    redemption: null,
    revoked_at: null,
  },
  results: noEntries,
  audit: { entries, refusals: 0 },
})

export const sparseSessionLine = sparse<SessionLine>({
  summary: {
    updated_at: sameAs('summary.created_at'),
    score_after: sameAs('summary.score'),
    ingest_outcome: 'allow',
    observed_outcome: null,
    outcome: 'allow',
    resolution: null,
    step: null,
    top_reasons: noEntries,
    contradicted: false,
    held: false,
    incident_id: null,
  },
})
