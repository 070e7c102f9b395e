import { atTiers, type ByTier } from '../measure/at-tiers.ts'
import { type Detection, detectionsOf } from '../measure/detection.ts'
import { type Friction, ratio, type Share, worstTreated } from '../measure/friction.ts'
import { type Among, isHonest, type Placed } from '../measure/payment.ts'
import { honestShareAtCut, rankingsOf } from '../measure/rules.ts'
import { formatAmount } from '../risk/currency.ts'

/** The figures as tables and sentences, which are printed as Markdown and drawn as HTML. A figure of nothing is a dash. */

export type Table = { head: readonly string[]; rows: readonly (readonly string[])[] }

export const markdownOf = ({ head, rows }: Table): string[] => {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

export const percent = (value: number | null): string =>
  value === null || Number.isNaN(value) ? '–' : `${(100 * value).toFixed(1)} %`

export const told = (share: Share): string => `${percent(ratio(share))} (${share.met} of ${share.of})`

export const auc = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(3))

export const cutName = `${100 * honestShareAtCut} % of honest payments met`

const plain = (amount: number, currency: string): string =>
  formatAmount(amount, currency).replace(` ${currency}`, '').replace(/\.0+$/, '')

export const frictionTable = (found: Friction, among: Among, currency: string): Table => ({
  head: [`Honest payments of ${among.name}`, 'met'],
  rows: [
    ...found.byBand.map(({ below, share }, nth) => {
      const from = found.byBand[nth - 1]?.below
      if (from === undefined) return [`< ${plain(below, currency)} ${currency}`, told(share)]
      if (below === Number.POSITIVE_INFINITY) return [`≥ ${plain(from, currency)} ${currency}`, told(share)]
      return [`${plain(from, currency)}–${plain(below, currency)} ${currency}`, told(share)]
    }),
    ['to an account that this customer paid before', told(found.payeeKnown)],
    ['to an account that this customer never paid', told(found.payeeNew)],
    ['counted by itself: people who were robbed before', told(found.robbed)],
  ],
})

export const detectionTable = (payments: readonly Placed[], kinds: readonly string[]): Table => ({
  head: ['Fraud, at the thresholds of the policy', 'payments met', 'cases met', 'money met', 'money kept'],
  rows: detectionsOf(payments, kinds).map((one: Detection) => [
    one.kind,
    told(one.payments),
    told(one.cases),
    percent(one.money),
    percent(one.kept),
  ]),
})

export const tierTable = (payments: readonly Placed[]): Table => {
  const byTier = (of: readonly Placed[]): ByTier => {
    const counts = { none: 0, low: 0, medium: 0, high: 0, critical: 0 }
    for (const { tier } of of) counts[tier] += 1
    return counts
  }
  const frauds = byTier(payments.filter((one) => !isHonest(one)))
  const honest = byTier(payments.filter(isHonest))
  return {
    head: ['From this tier on', 'frauds', 'honest payments', 'precision', 'recall'],
    rows: atTiers({ frauds, honest }).map((row) => [
      row.tier,
      String(row.frauds_met),
      String(row.honest_met),
      percent(row.precision),
      percent(row.recall),
    ]),
  }
}

export const rankingTable = (payments: readonly Placed[], among: Among): Table => ({
  head: [`Ranking, ${among.name}`, `recall, ${cutName}`, 'AUC'],
  rows: rankingsOf(payments, among).map((one) => [one.name, percent(one.recall), auc(one.auc)]),
})

/** A sentence each, the worst first. */
export const worstLines = (payments: readonly Placed[], among: Among, currency: string): string[] =>
  worstTreated(payments, among).map((one) => {
    const why = one.reasons.map(({ code, points }) => `${code} ${points > 0 ? '+' : ''}${points}`).join(', ')
    const sum = [formatAmount(one.amount, currency), one.purpose].filter((text) => text !== '').join(', ')
    const usual = Number.isNaN(one.usual)
      ? 'first payment'
      : `usually ${formatAmount(Math.round(one.usual), currency)}`
    const payee = one.payeePaid ? 'paid before' : 'never paid'
    return `${sum} (${payee}, ${usual}): ${one.outcome}, ${one.tier}, score ${one.score}: ${why}`
  })
