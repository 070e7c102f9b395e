import { type Detection, detectionsOf } from '../../backend/measure/detection.ts'
import {
  customersOf90Days,
  type Friction,
  frictionOf,
  ratio,
  type Share,
} from '../../backend/measure/friction.ts'
import { isHonest, type Placed } from '../../backend/measure/payment.ts'
import { type Ranking, rankingsOf } from '../../backend/measure/rules.ts'
import {
  auc,
  cutName,
  detectionTable,
  frictionTable,
  markdownOf,
  percent,
  worstLines,
} from '../../backend/replay/report-parts.ts'
import { fraudKinds } from './frauds/scheme.ts'
import type { History } from './replay.ts'

/** The figures as a person reads them: Markdown, so that the README can hold them as they were printed. */

export type Run = { seed: number; history: History; payments: readonly Placed[]; seconds: number }

/** Euro cents: the small payment of the policy that ships. */
export const smallPayment = 200_00

/** A row a figure, a column a seed, and all of them together at the end. */
const bySeed = (
  title: string,
  runs: readonly Run[],
  rows: readonly [name: string, figure: (payments: readonly Placed[]) => string][],
): string[] => {
  const all = runs.flatMap(({ payments }) => payments)
  const columns = [...runs.map(({ payments }) => payments), all]
  return [
    '',
    ...markdownOf({
      head: [title, ...runs.map(({ seed }) => `seed ${seed}`), 'all'],
      rows: rows.map(([name, figure]) => [name, ...columns.map(figure)]),
    }),
  ]
}

const friction =
  (part: (friction: Friction) => Share) =>
  (payments: readonly Placed[]): string =>
    percent(ratio(part(frictionOf(payments, smallPayment))))

const ranking =
  (name: string, part: (ranking: Ranking) => string) =>
  (payments: readonly Placed[]): string => {
    const found = rankingsOf(payments).find((one) => one.name === name)
    return found === undefined ? '–' : part(found)
  }

const detection = (kind: string, part: (detection: Detection) => string) => {
  return (payments: readonly Placed[]): string => {
    const found = detectionsOf(payments, fraudKinds).find((one) => one.kind === kind)
    return found === undefined ? '–' : part(found)
  }
}

/** The figures that are asked for, beside the rules that anybody could write. */
const headline = (runs: readonly Run[]): string[] =>
  bySeed('What', runs, [
    ['honest payments met, week 1', friction(({ firstWeek }) => firstWeek)],
    ['honest payments met, customers of 90 days', friction(({ long }) => long)],
    ['of these, stopped outright', friction(({ blocked }) => blocked)],
    [`recall, ${cutName}: score`, ranking('score', ({ recall }) => percent(recall))],
    ['— amount alone', ranking('amount', ({ recall }) => percent(recall))],
    [
      '— amount ÷ median to somebody new',
      ranking('amount ÷ median to somebody new', ({ recall }) => percent(recall)),
    ],
    ['AUC: score', ranking('score', (one) => auc(one.auc))],
    ['— amount alone', ranking('amount', (one) => auc(one.auc))],
    ['— amount ÷ median to somebody new', ranking('amount ÷ median to somebody new', (one) => auc(one.auc))],
    ['romance instalments met', detection('romance', ({ payments }) => percent(ratio(payments)))],
    ['romance money met', detection('romance', ({ money }) => percent(money))],
  ])

const frictions = (payments: readonly Placed[]): string[] => {
  const found = frictionOf(payments, smallPayment)
  return [
    '',
    ...markdownOf(frictionTable(found, customersOf90Days, 'EUR')),
    '',
    `by week: ${found.weeks.map((week) => percent(ratio(week))).join(' · ')}`,
    '',
    `by four weeks: ${found.months.map((month) => percent(ratio(month))).join(' · ')}`,
  ]
}

/** All figures of the runs of one kind of history. */
export const reportOf = (history: History, runs: readonly Run[]): string[] => {
  const payments = runs.flatMap((run) => run.payments)
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0)
  const honest = payments.filter(isHonest).length
  return [
    `### ${history === 'none' ? 'No history' : 'A year of history brought'}`,
    '',
    `${honest} honest payments and ${payments.length - honest} frauds in ${runs.length} populations, ${seconds.toFixed(0)} s.`,
    ...headline(runs),
    ...frictions(payments),
    '',
    ...markdownOf(detectionTable(payments, fraudKinds)),
    '',
    'The ten honest payments that were treated worst:',
    '',
    ...worstLines(payments, customersOf90Days, 'EUR').map((line, nth) => `${nth + 1}. ${line}`),
    '',
  ]
}
