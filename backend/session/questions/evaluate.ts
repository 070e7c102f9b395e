import { dayMs } from '#contract/durations'
import type { Reason } from '#contract/outcome'
import type { Session } from '../document.ts'
import type { Claim, Said } from '../said.ts'
import type { Meaning } from './meaning.ts'
import { contradictionPoints, mostAdded, mostEased } from './set.ts'

export type Evaluation = {
  /** What the answer adds to the checkpoint's reasons, whether or not it changes anything. */
  reasons: Reason[]
  /** `doubted`: it goes on, one tier up. `contradicted`: it ends here. A trigger: as that answer to the first question. */
  result: 'plain' | 'doubted' | 'contradicted' | NonNullable<Meaning['breaks']>
}

/** What was said in the session so far, and what earlier answers of this step added or took already. */
type Earlier = { said: readonly Said[]; before: readonly Reason[] }

/**
 * Compares one answer with what was said before it and with what the site knows. An answer that ends the session raises the
 * score to 100. Every other answer adds or takes points within the set's caps.
 */
export const evaluateAnswer = (session: Session, meaning: Meaning, { said, before }: Earlier): Evaluation => {
  const room = 100 - session.checkpoint.score
  if (meaning.breaks !== null && meaning.weighs !== null) {
    return { result: meaning.breaks, reasons: [scam(meaning.weighs.code, room, meaning.says)] }
  }
  const own = ownReason(session, meaning, before)
  const against = contradictionOf(session, meaning, said)
  if (against === null) return { result: 'plain', reasons: own }
  const left = room - sum(own)
  const ends = isFinal(session, meaning)
  const points = ends ? left : Math.min(contradictionPoints, left, mostAdded - added([...before, ...own]))
  return {
    result: ends ? 'contradicted' : 'doubted',
    reasons: [...own, scam(against.code, points, `${meaning.says} ${against.but}`)],
  }
}

const scam = (code: Reason['code'], points: number, detail: string): Reason => ({
  code,
  family: 'scam',
  points,
  detail,
})

const sum = (reasons: readonly Reason[]): number => reasons.reduce((total, { points }) => total + points, 0)
const added = (reasons: readonly Reason[]): number => sum(reasons.filter(({ points }) => points > 0))
const eased = (reasons: readonly Reason[]): number => -sum(reasons.filter(({ points }) => points < 0))

const ownReason = (session: Session, { weighs, says }: Meaning, before: readonly Reason[]): Reason[] => {
  if (weighs === null) return []
  const most = mostAdded - added(before)
  const least = 0 - Math.min(mostEased - eased(before), session.checkpoint.score)
  const points = Math.max(least, Math.min(weighs.points, most, 100 - session.checkpoint.score))
  const isGood = weighs.points < 0
  return [{ code: weighs.code, family: isGood ? 'behaviour' : 'scam', points, detail: says }]
}

type Against = { code: 'ANSWER_CONTRADICTS_ANSWER' | 'ANSWER_CONTRADICTS_SIGNAL'; but: string }

const contradictionOf = (session: Session, meaning: Meaning, said: readonly Said[]): Against | null => {
  const earlier = said.find(
    ({ claims, denies }) =>
      (claims !== null && meaning.denies.includes(claims)) ||
      (meaning.claims !== null && denies.includes(meaning.claims)),
  )
  if (earlier !== undefined)
    return { code: 'ANSWER_CONTRADICTS_ANSWER', but: `But before that: ${lowered(earlier.says)}` }
  const fact = meaning.claims === null ? null : factAgainst[meaning.claims](session)
  return fact === null ? null : { code: 'ANSWER_CONTRADICTS_SIGNAL', but: `But ${fact}.` }
}

const lowered = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1)

/** With this many remembered payments, it counts that none of them went to this payee. */
const paymentsRemembered = 5

/** What the site or our own memory knows that the claim can't stand beside; null when nothing does. */
const factAgainst: Record<Claim, (session: Session) => string | null> = {
  own_idea: () => null,
  known_person: ({ evaluation: { context } }) =>
    context.payee_name_match === 'no_match' ? 'the name does not belong to the account' : null,
  paid_before: ({ evaluation, event, created_at }) => {
    const { payee } = event
    if (payee?.added_at != null && created_at - payee.added_at < dayMs) return 'the payee was added today'
    const facts = evaluation.input?.facts
    const remembers = (facts?.['amount.usual']?.count ?? 0) >= paymentsRemembered
    return remembers && facts?.['payee.times'] === 0 ? 'none of their payments went to this payee' : null
  },
}

/**
 * In a reverification, a contradiction ends the session. Elsewhere it ends the session only if the answer names somebody who
 * would be on the line, and a call is active.
 */
const isFinal = (session: Session, { denies }: Meaning): boolean =>
  session.consequences.reverification_holds.length > 0 ||
  (denies.includes('own_idea') && session.evaluation.context.call_active === true)
