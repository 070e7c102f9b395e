import type { SubjectType } from '#contract/label'
import type { ExplainRefusal, Ingested, IngestRefusal, ResultRefusal } from '../checkpoint.ts'
import { resultChangesMax } from '../checkpoint.ts'
import type { ReleaseRefusal } from '../hold/release.ts'
import { dispositionsMax } from '../incident/add-disposition.ts'
import type { Busy, Contended } from '../repositories/lost-race.ts'
import { clearableFamilies, type LabelRefusal } from '../risk/labels/change-labels.ts'
import { AppError, busy } from './app-error.ts'
import { mistake, notFound, problemOf, type Refused, type Said } from './problem-of-refusal.ts'
import { wireTime } from './wire-time.ts'

/**
 * The core's refusals as problems: a closed reason in, a code and a sentence that says what to do out. A reason without its
 * words does not compile. What belongs to another organisation or environment and what nobody has are the same answer.
 */

// ---- lost races

const ofBusy: Record<Contended, string> = {
  answers: 'Too many answers at once. Wait a second and try again.',
  decision: 'This decision is being changed by others. Send the same call again.',
  disposition_trail:
    'The disposition stands; its trail is being changed by others. Send the same call again.',
  event: 'The same event is being taken in. Send it again in a second.',
  history: 'This history meets too many events at once. Send the same lines again.',
  hold_trail: 'The hold is released; its trail is being changed by others. Send the same call again.',
  incident: 'This incident is being changed by others. Read it again before you set its disposition.',
  label_trail: 'The label is written; its trail is being changed by others. Send the same call again.',
  payee: 'This payee is being reported by many at once. Try again in a second.',
  payment: 'This person has too many changes under way. Send the same call again.',
  person: 'This person has too many changes under way. Try again in a second.',
  session: 'This session has too many changes under way. Try again in a second.',
  subject: 'This subject has too many changes under way. Try again in a second.',
  tries: 'Too many tries at once. Wait a second and try again.',
  user: 'This user has too many events at once. Send it again in a second.',
}
export const busyRefused = ({ contended }: Busy): AppError => busy(ofBusy[contended])

/** For refusals that say no more than their reason. */
const refusedBy =
  <Reason extends string>(said: Record<Reason, Said>) =>
  (refused: { reason: Reason } | Busy): AppError =>
    'contended' in refused ? busyRefused(refused) : problemOf(said[refused.reason])

// ---- events

const ofIngest = (refused: IngestRefusal): Said => {
  switch (refused.reason) {
    case 'idempotency_key_reused':
      return {
        code: refused.reason,
        detail: 'This Idempotency-Key came with another body before. Use a new key for a new event.',
      }
    case 'test_requires_test_key':
      return { code: refused.reason, detail: 'Leave "test" out, or use an ase_test_ key.' }
    case 'not_normal': {
      const { reason, path, message } = refused.mistake
      return { code: reason, detail: `${path} ${message}.`, errors: [{ path, message }] }
    }
    case 'action_unknown': {
      // Nobody can say what it does, and letting it through would be a guess: a wrong name must not be a way past us.
      const { action, known } = refused
      return {
        code: refused.reason,
        detail: `The policy doesn't know the action ${action}. ${known} Correct the name (GET /actions lists all), or map your own: POST /policies with {"note": "…", "changes": {"actions": {"${action}": {"family": "…", "sensitivity": "…", "wording": "generic", "required": [], "floor": "low"}}}} and publish it, or npm run ase -- action map --name ${action} --family ….`,
        errors: [{ path: 'action', message: `is no action of the policy. ${known}` }],
      }
    }
    case 'target_required':
      return {
        code: refused.reason,
        detail: `Say in "target" what ${refused.action} changes, for example the new address, what is exported, or the account that is closed.`,
      }
    case 'return_url_not_registered':
      return {
        code: refused.reason,
        detail: `Register this return URL (npm run ase -- org allow --id ${refused.org_id} --return-url …), or leave it out.`,
      }
  }
}
export const ingestRefused = (refused: Refused<Ingested>): AppError =>
  refused.reason === 'busy' ? busyRefused(refused) : problemOf(ofIngest(refused))

export const resultRefused = refusedBy<ResultRefusal>({
  unknown_event: notFound('No event of yours has this id.'),
  too_many_changes: {
    code: 'result_refused',
    detail: `The result of this event was changed ${resultChangesMax} times; it stays.`,
  },
  not_reported_as_scam: {
    code: 'result_refused',
    detail: 'This event was not reported as a scam; there is nothing to take back.',
  },
  reported_by_another: {
    code: 'result_refused',
    detail:
      'Only the key that reported the scam takes it back. An analyst does so by the disposition false_alarm.',
  },
})

const ofExplanation: Record<ExplainRefusal, Said> = {
  unknown_event: notFound('No event of yours has this id.'),
  no_facts: notFound('This event is from before its facts were kept; it can not be explained.'),
  unknown_version: notFound('There is no such version of the policy; GET /policies lists them.'),
}
export const explanationRefused = (reason: ExplainRefusal): AppError => problemOf(ofExplanation[reason])

export const contextRefused = refusedBy({ unknown_session: notFound('No session of yours has this id.') })

// ---- holds

const ofCall = (message: string): Said => mistake('call_back.at', message, 'The time of the call')

export const releaseRefused = refusedBy<ReleaseRefusal>({
  unknown_hold: notFound('This person has no hold of yours with this id. GET /holds lists theirs.'),
  call_before_hold: ofCall('must not lie before the hold was opened'),
  call_in_future: ofCall('must not lie in the future'),
})

// ---- incidents

export const dispositionRefused = refusedBy({
  unknown_incident: notFound('No incident of yours has this id. Check the id and the environment.'),
  too_many_dispositions: {
    code: 'invalid_request',
    detail: `This incident has had ${dispositionsMax} dispositions. Agree with whoever gave them; the last one stands.`,
    errors: [{ path: 'disposition', message: 'was changed too often' }],
  },
})

// ---- labels

const whyNot = (family: string): string =>
  family === 'scam'
    ? 'a scam is carried out by the genuine person, so nobody’s good name is evidence against one.'
    : 'it says nothing about that.'

const ofLabel = (
  refusal: LabelRefusal | { reason: 'unknown_subject' | 'origin_reused' },
  type: SubjectType,
): Said => {
  const clearable = clearableFamilies[type].join(', ')
  switch (refusal.reason) {
    case 'family_never_cleared':
      return {
        code: 'label_refused',
        detail: `known_legit on a ${type} can't speak of the family ${refusal.family}: ${whyNot(refusal.family)} Name a family that it may clear: ${clearable}.`,
        errors: [{ path: 'family', message: `must be one of ${clearable}` }],
      }
    case 'expires_in_past':
      return mistake('expires_at', 'must lie in the future')
    case 'expires_too_late':
      return mistake(
        'expires_at',
        `must not be later than ${wireTime(refusal.latest)}, given what it rests on`,
      )
    case 'unknown_subject':
      return type === 'session'
        ? notFound('No session of yours has this id. Check the id and the environment.')
        : {
            code: 'invalid_request',
            detail: 'The value of the subject has nothing visible in it. Send the value that events have.',
            errors: [{ path: 'subject.value', message: 'must have something visible in it' }],
          }
    case 'origin_reused':
      return {
        code: 'idempotency_key_reused',
        detail:
          'This Idempotency-Key came with another label for this subject before. Use a new key for a new label.',
      }
  }
}
export const labelRefused = (
  refused: { refusal: Parameters<typeof ofLabel>[0] } | Busy,
  type: SubjectType,
): AppError => ('refusal' in refused ? problemOf(ofLabel(refused.refusal, type)) : busyRefused(refused))

export const noLabel = (): AppError =>
  new AppError('not_found', 'No label of yours has this id. GET /labels lists them.')
