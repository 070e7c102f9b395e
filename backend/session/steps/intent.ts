import type { Reason } from '#contract/outcome'
import type { IntentAnswer } from '#contract/step'
import type { Session } from '../document.ts'
import { byPerson, type StepDefinition } from '../move.ts'
import { raiseTier } from '../tier.ts'

/**
 * The one question: is anyone guiding you right now?
 *
 * The answer is evidence, never a gate. *Yes* and *not sure* break the contact. *No* lowers the score by a bounded amount,
 * never below the steps that the ingest chose, and stands against what the site observed: with remote access or a shared
 * screen, or with an active call when the payee is new and the amount high, it is a contradiction.
 */
export const intent: StepDefinition = {
  accepts: ['intent'],

  start: () => ({ kind: 'started', patch: {}, entries: [], effects: [] }),

  submit: (session, submit, { now, policy }) => {
    if (submit.action !== 'intent') return { kind: 'refused', error: 'out_of_sequence' }
    const { answer } = submit
    const answered = { intent: { answer, at: now } }
    const entries = [byPerson(session, 'intent.answered', { answer, variant: session.wording_variant })]

    if (answer !== 'no') {
      const trigger = answer === 'yes' ? 'answered_yes' : 'answered_not_sure'
      return {
        kind: 'end',
        outcome: trigger,
        resolution: 'contact_broken',
        cause: trigger,
        hold: trigger,
        patch: answered,
        entries,
      }
    }
    const contradiction = contradictedBy(session)
    if (contradiction !== null) {
      return {
        kind: 'end',
        outcome: 'contradicted',
        resolution: 'contradicted',
        cause: 'contradicted',
        hold: 'contradicted',
        patch: { ...answered, ...withReason(session, contradiction) },
        entries: [...entries, byPerson(session, 'answer.contradicted', { by: contradiction.detail })],
      }
    }
    const doubt = doubtOf(session)
    return {
      kind: 'done',
      outcome: 'answered_no',
      patch: {
        ...answered,
        ...withReason(session, doubt ?? independentReason(session)),
        ...(doubt === null ? {} : raiseTier(session, policy)),
      },
      entries,
    }
  },

  view: (session) => ({ screen: 'intent', answers: answerOrder(session), variant: session.wording_variant }),
}

/** Bounded on purpose: a coached *no* must not be worth much. */
const independentReason = (session: Session): Reason => ({
  code: 'ANSWER_INDEPENDENT',
  family: 'behaviour',
  points: -Math.min(10, session.score_after),
  detail: 'Said that nobody is guiding them.',
})

/** A fact that weighs against a *no* without contradicting it: bounded points and one tier up, or null. */
const doubtOf = (session: Session): Reason | null => {
  const doubt = (code: 'CALL_ACTIVE' | 'PAYEE_NAME_MISMATCH', fact: string): Reason => ({
    code,
    family: 'scam',
    points: Math.min(15, 100 - session.score_after),
    detail: `Said that nobody is guiding them while ${fact}.`,
  })
  if (session.context.call_active === true) return doubt('CALL_ACTIVE', 'the site reports an active call')
  return isOtherName(session)
    ? doubt('PAYEE_NAME_MISMATCH', 'the new payee’s account is in another name')
    : null
}

/** The bank of a payee never paid says that the account is somebody else's. Of one long paid it says nothing new. */
const isOtherName = ({ context, assessment }: Session): boolean =>
  context.payee_name_match === 'no_match' && assessment.payee_new === true

/** The answer's own reason, with the score that it leads to. */
export const withReason = (
  session: Session,
  reason: Reason,
): Pick<Session, 'reasons_after' | 'score_after'> => ({
  reasons_after: [...session.reasons_after, reason],
  score_after: session.score_after + reason.points,
})

/** The fact that a *no* can't stand beside, or null. The same whether it was known before the answer or came after it. */
export const contradictedBy = (session: Session): Reason | null => {
  const { call_active: call, remote_access: remote, screen_shared: shared } = session.context
  const facts: string[] = []
  if (remote === true) facts.push('remote access is active')
  if (shared === true) facts.push('the screen is shared')
  if (call === true && session.assessment.payee_new === true && session.assessment.amount_high === true) {
    facts.push('a call is active, the payee is new and the amount is high')
  } else if (call === true && isOtherName(session)) {
    facts.push('a call is active, and the new payee’s account is in another name')
  }
  if (facts.length === 0) return null
  return {
    code: 'ANSWER_CONTRADICTS_SIGNAL',
    family: 'scam',
    points: 100 - session.score_after,
    detail: `Said that nobody is guiding them, but ${facts.join(' and ')}.`,
  }
}

const orders: readonly (readonly IntentAnswer[])[] = [
  ['no', 'yes', 'not_sure'],
  ['yes', 'no', 'not_sure'],
  ['not_sure', 'yes', 'no'],
  ['yes', 'not_sure', 'no'],
  ['no', 'not_sure', 'yes'],
  ['not_sure', 'no', 'yes'],
]

/** The same for one session however often it is shown, different between sessions. */
const answerOrder = (session: Session): IntentAnswer[] => {
  const sum = [...session._id].reduce((total, character) => total + (character.codePointAt(0) ?? 0), 0)
  return [...(orders[sum % orders.length] ?? ['yes', 'not_sure', 'no'])]
}
