import * as z from 'zod/mini'
import { type GuidanceAnswer, guidanceAnswer } from '#contract/guidance'
import type { Reason } from '#contract/outcome'
import { intent as contract } from '#contract/steps/intent'
import { contradictedBy, isOtherName } from '../contradiction.ts'
import type { Session } from '../document.ts'
import { byPerson, type MoveContext } from '../move.ts'
import { oneAnswer } from '../one-answer.ts'
import { withReasons } from '../reasons.ts'
import { shuffled } from '../shuffled.ts'
import { lifeOfType, type StepDefinition, type StepResult } from '../step-definition.ts'
import { storedStep } from '../stored-step.ts'
import { raiseTier } from '../tier.ts'

const stored = storedStep(contract, z.strictObject({ answer: guidanceAnswer, at: z.int() }))
type Intent = z.infer<typeof stored>

/**
 * The one question: is anyone guiding you right now?
 *
 * The answer is evidence, never a gate. *Yes* and *not sure* break the contact. *No* lowers the score by a bounded amount,
 * never below the steps that the ingest chose, and stands against what the site observed: with remote access or a shared
 * screen, or with an active call when the payee is new and the amount well above what is usual, it is a contradiction. Any
 * other call adds the steps of the high tier, and no hold.
 */
export const intent: StepDefinition<typeof stored> = {
  stored,
  life: lifeOfType<Intent>('intent', (own) => ({
    start: () => ({ kind: 'started', step: own, entries: [], effects: [] }),

    submit: (submit, session, context) =>
      submit.action === 'intent'
        ? answered(own, submit.answer, session, context)
        : { kind: 'refused', error: 'out_of_sequence' },

    view: (session) => ({
      screen: 'intent',
      // The same for one session however often it is shown, different between sessions.
      answers: shuffled(guidanceAnswer.options, `${session._id} guidance`),
      variant: session.checkpoint.wording_variant,
    }),

    guidance: own.state?.answer ?? null,
    secondThought: (submit) => (submit.action === 'intent' && submit.answer !== 'no' ? submit.answer : null),
    withGuidance: (answer, at): Intent => ({ ...own, state: { answer, at } }),
    said:
      own.state?.answer === 'no'
        ? [{ says: 'Said that nobody is guiding them.', claims: 'own_idea', denies: [] }]
        : [],

    answers: (_session, beside) => oneAnswer(own, beside),
  })),
}

const answered = (
  own: Intent,
  answer: GuidanceAnswer,
  session: Session,
  { now, policy }: MoveContext,
): StepResult => {
  const state = { answer, at: now }
  const entries = [
    byPerson(session, 'intent.answered', { answer, variant: session.checkpoint.wording_variant }),
  ]
  if (answer !== 'no') {
    const trigger = answer === 'yes' ? 'answered_yes' : 'answered_not_sure'
    const step: Intent = { ...own, state, outcome: trigger }
    return {
      kind: 'end',
      step,
      resolution: 'contact_broken',
      cause: trigger,
      hold: trigger,
      patch: {},
      entries,
    }
  }
  const contradiction = contradictedBy(session)
  if (contradiction !== null) {
    const step: Intent = { ...own, state, outcome: 'contradicted' }
    return {
      kind: 'end',
      step,
      resolution: 'contradicted',
      cause: 'contradicted',
      hold: 'contradicted',
      patch: withReasons(session, [contradiction]),
      entries: [...entries, byPerson(session, 'answer.contradicted', { by: contradiction.detail })],
    }
  }
  const doubt = doubtOf(session)
  const step: Intent = { ...own, state, outcome: 'answered_no' }
  return {
    kind: 'done',
    step,
    patch: {
      ...withReasons(session, [doubt ?? independentReason(session)]),
      ...(doubt === null ? {} : raiseTier(session, policy, doubt.code === 'CALL_ACTIVE' ? 'high' : 'none')),
    },
    entries,
  }
}

/** Bounded on purpose: a coached *no* must not be worth much. */
const independentReason = (session: Session): Reason => ({
  code: 'ANSWER_INDEPENDENT',
  family: 'behaviour',
  // Not a minus sign: JSON would not keep -0.
  points: 0 - Math.min(10, session.checkpoint.score),
  detail: 'Said that nobody is guiding them.',
})

/** A fact that weighs against a *no* without contradicting it: bounded points and a higher tier, or null. */
const doubtOf = (session: Session): Reason | null => {
  const doubt = (code: 'CALL_ACTIVE' | 'PAYEE_NAME_MISMATCH', fact: string): Reason => ({
    code,
    family: 'scam',
    points: Math.min(15, 100 - session.checkpoint.score),
    detail: `Said that nobody is guiding them while ${fact}.`,
  })
  if (session.evaluation.context.call_active === true)
    return doubt('CALL_ACTIVE', 'the site reports an active call')
  return isOtherName(session)
    ? doubt('PAYEE_NAME_MISMATCH', 'the new payee’s account is in another name')
    : null
}
