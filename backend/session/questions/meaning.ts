import type { ActionFamily, ReasonCode } from '#contract/outcome'
import type { Claim, Said } from '../said.ts'

/** How a question set says what an answer means, and when a question is asked. */

export type Meaning = Said & {
  /** Evidence of its own: the reason's code and points, before the caps. */
  weighs: { code: ReasonCode; points: number } | null
  /** The contact is broken here, as after the same answer to the first question. */
  breaks: 'answered_yes' | 'answered_not_sure' | null
}

/** When a question fits; all of it must hold. */
export type AskedWhen = {
  families: readonly ActionFamily[]
  /** Null: for every action of those families. */
  wordings: readonly string[] | null
  needs: readonly ('payee' | 'no_payee' | 'amount' | 'payee_not_known' | 'amount_high' | 'wallet')[]
}

const nothing = { weighs: null, claims: null, denies: [], breaks: null }
export const plain = (says: string): Meaning => ({ ...nothing, says })
export const eases = (points: number, says: string): Meaning => ({
  ...nothing,
  says,
  weighs: { code: 'ANSWER_INDEPENDENT', points: -points },
})
export const fitsScam = (points: number, says: string): Meaning => ({
  ...nothing,
  says,
  weighs: { code: 'ANSWER_FITS_SCAM', points },
})
export const claims = (claim: Claim, says: string): Meaning => ({ ...nothing, says, claims: claim })
/** Somebody else is behind it: that can't stand beside "this is my own idea". */
export const guided = (points: number, says: string): Meaning => ({
  ...fitsScam(points, says),
  denies: ['own_idea'],
})
export const breaks = (code: ReasonCode, says: string): Meaning => ({
  ...nothing,
  says,
  weighs: { code, points: 100 },
  breaks: 'answered_yes',
})
export const withheld: Meaning = {
  ...nothing,
  says: 'Would rather not say.',
  weighs: { code: 'ANSWER_WITHHELD', points: 2 },
}
