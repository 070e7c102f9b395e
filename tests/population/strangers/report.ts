import { type Detection, detectionsOf } from '../../../backend/measure/detection.ts'
import { customersOf90Days, frictionOf, ratio } from '../../../backend/measure/friction.ts'
import { type Among, everybody, isHonest, type Placed } from '../../../backend/measure/payment.ts'
import { rankingsOf } from '../../../backend/measure/rules.ts'
import { markdownOf, percent } from '../../../backend/replay/report-parts.ts'
import { levelsOf } from '../../../backend/risk/amount-levels.ts'
import { defaultPolicy } from '../../../backend/risk/default-policy.ts'
import type { History } from '../replay.ts'

/** The figures of other populations, a line each: Markdown, as the README holds them. */

export type StrangerRun = { name: string; currency: string; history: History; payments: readonly Placed[] }

/** A month of payments has no customers of 90 days. */
const amongWhom = (payments: readonly Placed[]): Among =>
  payments.some((one) => !isHonest(one) && customersOf90Days.includes(one)) ? customersOf90Days : everybody

const exactly = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(4))

const lineOf = ({ name, currency, history, payments }: StrangerRun): string[] => {
  const among = amongWhom(payments)
  const { small } = levelsOf(currency, defaultPolicy.limits)
  const { firstWeek, long } = frictionOf(payments, small, among)
  const rankings = rankingsOf(payments, among)
  return [
    history === 'none' ? name : `${name}, history brought`,
    percent(ratio(firstWeek)),
    `${percent(ratio(long))}${among === everybody ? ' of all' : ''}`,
    rankings.map(({ auc }) => exactly(auc)).join(' / '),
    rankings.map(({ recall }) => percent(recall)).join(' / '),
  ]
}

const kindsOf = ({ name, history, payments }: StrangerRun): string[][] => {
  const kinds = [...new Set(payments.flatMap(({ fraud }) => fraud?.kind ?? []))].toSorted()
  return detectionsOf(payments, kinds)
    .filter(({ payments: { of } }) => of > 0)
    .map((one: Detection) => [
      history === 'none' ? name : `${name}, history brought`,
      one.kind,
      percent(ratio(one.payments)),
      percent(ratio(one.cases)),
      percent(one.money),
    ])
}

export const strangersReport = (runs: readonly StrangerRun[]): string[] => [
  ...markdownOf({
    head: [
      'Population',
      'met, week 1',
      'met, 90 days',
      'AUC: score / amount / ÷ median, new',
      'recall at 1 %: the same three',
    ],
    rows: runs.map(lineOf),
  }),
  '',
  ...markdownOf({
    head: ['Population', 'Fraud', 'payments met', 'cases met', 'money met'],
    rows: runs.flatMap(kindsOf),
  }),
]
