import type { Upgrade } from '../store/port.ts'
import { grouped, inTurn, isLoose, list, object, words } from './shape.ts'
import { endings, reasons, ruleMatches } from './words-of-before.ts'

/** What a step remembered stood in the session, one field for each kind. */
const stateOf: Readonly<Record<string, (session: Readonly<Record<string, unknown>>) => unknown>> = {
  intent: ({ intent }) => intent,
  confirm_action: ({ confirm }) => confirm,
  questions: ({ questions }) => questions,
  pause: ({ pause_until: until }) => (typeof until === 'number' ? { until } : null),
  email_code: ({ code }) => code,
}

/** Each step keeps its own state. What a session remembered of a step that it doesn't have is left behind. */
const withStatesInSteps: Upgrade = (stored) => {
  if (!isLoose(stored)) return stored
  const { intent: _, confirm: __, questions: ___, pause_until: ____, code: _____, ...session } = stored
  const steps = list((step) => {
    if (!isLoose(step)) return step
    const state = stateOf[String(step['type'])]?.(stored) ?? null
    return { ...step, outcome: endings(step['outcome']), state }
  })
  return { ...session, steps: steps(stored['steps']) }
}

const codeMail: Upgrade = (effect) =>
  isLoose(effect) && effect['kind'] === 'code_mail'
    ? { ...effect, kind: 'step_message', step: 'email_code' }
    : effect

export const effectOfBefore: Upgrade = inTurn(
  object({ inside: { kind: words({ clean_check: 'reverification' }) } }),
  codeMail,
)

const assessment = object({
  added: { rule_errors: [], warnings: [] },
  inside: { reasons, rule_matches: ruleMatches },
})

/** The names of fields; a step's state is still where it was. */
const underTodaysNames = object({
  renamed: {
    act: 'action_digest',
    carried_tries: 'prior_failed_attempts',
    clean_check_holds: 'reverification_holds',
    ingest_outcome: 'answered',
    judged: 'input',
    key_sha256: 'url_sha256',
    payee_judged_as: 'payee_reputation',
    preview: 'shadow',
    reasons_after: 'reasons',
    resolved_at: 'at',
    score_after: 'score',
  },
  added: {
    input: null,
    shadow: null,
    payee_reputation: 'unreported',
    opened_at: null,
    texts_version: null,
    holdout: null,
    results: [],
  },
  inside: {
    event: object({ renamed: { place: 'location' }, added: { amount_limit: null } }),
    assessment,
    input: object({
      renamed: { standing: 'constraints' },
      inside: { constraints: reasons },
    }),
    shadow: object({ inside: { rule_matches: ruleMatches } }),
    hold: object({ added: { needs_release: false }, inside: { reason: endings } }),
    resolution: endings,
    cause: endings,
    context: object({ added: { payee_name_match: null } }),
    reasons,
    questions: object({ inside: { answers: list(object({ inside: { reasons } })) } }),
    decision: object({ renamed: { verdict: 'redemption' } }),
    outbox: list(object({ inside: { effect: effectOfBefore } })),
  },
})

/** Whose each field is today. What no group owns stays where it was. */
const groups: Readonly<Record<string, readonly string[]>> = {
  keys: ['master_kid', 'pepper_kid', 'url_sha256'],
  request: ['event_id', 'body_sha256', 'action_digest'],
  evaluation: [
    'assessment',
    'input',
    'shadow',
    'answered',
    'payee_exempt',
    'payee_reputation',
    'holdout',
    'context',
    'test',
  ],
  checkpoint: [
    'tier',
    'steps',
    'position',
    'turn',
    'last_submit',
    'refused_turn',
    'shown_error',
    'opened_at',
    'wording_variant',
    'texts_version',
    'deadline_at',
    'reasons',
    'score',
    'prior_failed_attempts',
  ],
  ending: ['outcome', 'resolution', 'at', 'cause'],
  consequences: [
    'hold',
    'incident_id',
    'own_incident_id',
    'case_reference',
    'reverification_holds',
    'report',
    'outbox',
    'outbox_seq',
  ],
}

export const sessionUpgrades: readonly Upgrade[] = [
  inTurn(underTodaysNames, withStatesInSteps, grouped(groups)),
  object({ inside: { evaluation: object({ added: { observed: null } }) } }),
  // From here on a text leaves out what is usual; one of before says everything.
  (stored) => stored,
]
