import { customersOf90Days } from './friction.ts'
import { type Among, isHonest, isOrdinary, type Placed } from './payment.ts'
import { areaUnderCurve, type Ranked, recallAt } from './ranking.ts'

/** A way to rank payments: the engine's, or a rule that anybody could write. */
type Rule = { name: string; rank: (payment: Placed) => number }

export const rules: readonly Rule[] = [
  { name: 'score', rank: ({ score }) => score },
  { name: 'amount', rank: ({ amount }) => amount },
  {
    name: 'amount ÷ median to somebody new',
    rank: ({ amount, usual, payeePaid }) => (payeePaid ? 0 : Number.isNaN(usual) ? 1 : amount / usual),
  },
]

/** Honest payments and frauds, as a rule ranks them. */
export const rankedBy = (
  payments: readonly Placed[],
  { rank }: Rule,
  among: Among = customersOf90Days,
): Ranked => {
  const counted = payments.filter(among.includes)
  return {
    honest: counted.filter(isOrdinary).map(rank),
    frauds: counted.filter((one) => !isHonest(one)).map(rank),
  }
}

export type Ranking = { name: string; auc: number; recall: number; frauds: number }

/** The share of honest payments that a cut may meet. */
export const honestShareAtCut = 0.01

export const rankingsOf = (payments: readonly Placed[], among: Among = customersOf90Days): Ranking[] =>
  rules.map((rule) => {
    const ranked = rankedBy(payments, rule, among)
    return {
      name: rule.name,
      auc: areaUnderCurve(ranked),
      recall: recallAt(ranked, honestShareAtCut),
      frauds: ranked.frauds.length,
    }
  })
