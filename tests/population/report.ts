import {
  type Detection,
  detectionsOf,
  type Friction,
  frictionOf,
  honestShareAtCut,
  type Placed,
  type Ranking,
  rankingsOf,
  type Share,
  worstTreated,
} from './measure.ts'
import type { History } from './replay.ts'

/** The figures as a person reads them: Markdown, so that the README can hold them as they were printed. */

export type Run = { seed: number; history: History; payments: readonly Placed[]; seconds: number }

const percent = (value: number): string => (Number.isNaN(value) ? '–' : `${(100 * value).toFixed(1)} %`)
const ratio = ({ met, of }: Share): number => met / of
const told = (share: Share): string => `${percent(ratio(share))} (${share.met} of ${share.of})`

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

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
    ...table(
      [title, ...runs.map(({ seed }) => `seed ${seed}`), 'all'],
      rows.map(([name, figure]) => [name, ...columns.map(figure)]),
    ),
  ]
}

const friction =
  (part: (friction: Friction) => Share) =>
  (payments: readonly Placed[]): string =>
    percent(ratio(part(frictionOf(payments))))

const ranking =
  (name: string, part: (ranking: Ranking) => string) =>
  (payments: readonly Placed[]): string => {
    const found = rankingsOf(payments).find((one) => one.name === name)
    return found === undefined ? '–' : part(found)
  }

const detection = (kind: Detection['kind'], part: (detection: Detection) => string) => {
  return (payments: readonly Placed[]): string => {
    const found = detectionsOf(payments).find((one) => one.kind === kind)
    return found === undefined ? '–' : part(found)
  }
}

const cutName = `${100 * honestShareAtCut} % of honest payments met`

/** The figures that are asked for, beside the rules that anybody could write. */
const headline = (runs: readonly Run[]): string[] =>
  bySeed('What', runs, [
    ['honest payments met, week 1', friction(({ firstWeek }) => firstWeek)],
    ['honest payments met, customers of 90 days', friction(({ after90Days }) => after90Days)],
    ['of these, stopped outright', friction(({ blocked }) => blocked)],
    [`recall, ${cutName}: score`, ranking('score', ({ recall }) => percent(recall))],
    ['— amount alone', ranking('amount', ({ recall }) => percent(recall))],
    [
      '— amount ÷ median to somebody new',
      ranking('amount ÷ median to somebody new', ({ recall }) => percent(recall)),
    ],
    ['AUC: score', ranking('score', ({ auc }) => auc.toFixed(3))],
    ['— amount alone', ranking('amount', ({ auc }) => auc.toFixed(3))],
    [
      '— amount ÷ median to somebody new',
      ranking('amount ÷ median to somebody new', ({ auc }) => auc.toFixed(3)),
    ],
    ['romance instalments met', detection('romance', ({ payments }) => percent(ratio(payments)))],
    ['romance money met', detection('romance', ({ money }) => percent(money))],
  ])

const frictions = (payments: readonly Placed[]): string[] => {
  const found = frictionOf(payments)
  return [
    '',
    ...table(
      ['Honest payments of customers of 90 days', 'met'],
      [
        ...found.byBand.map(({ name, share }) => [`${name} EUR`, told(share)]),
        ['to an account that this customer paid before', told(found.payeeKnown)],
        ['to an account that this customer never paid', told(found.payeeNew)],
        ['counted by itself: people who were robbed before', told(found.robbed)],
      ],
    ),
    '',
    `by week: ${found.weeks.map((week) => percent(ratio(week))).join(' · ')}`,
    '',
    `by four weeks: ${found.months.map((month) => percent(ratio(month))).join(' · ')}`,
  ]
}

const detections = (payments: readonly Placed[]): string[] => [
  '',
  ...table(
    ['Fraud, at the thresholds that ship', 'payments met', 'cases met', 'money met', 'money kept'],
    detectionsOf(payments).map((one) => [
      one.kind,
      told(one.payments),
      told(one.cases),
      percent(one.money),
      percent(one.kept),
    ]),
  ),
]

const worst = (payments: readonly Placed[]): string[] => [
  '',
  'The ten honest payments that were treated worst:',
  '',
  ...worstTreated(payments).map((one, nth) => {
    const purpose = one.truth.kind === 'honest' ? one.truth.purpose : ''
    const why = one.reasons.map(({ code, points }) => `${code} ${points > 0 ? '+' : ''}${points}`).join(', ')
    const sum = `${(one.amount / 100).toFixed(2)} EUR, ${purpose}`
    const usual = Number.isNaN(one.usual) ? 'first payment' : `usually ${(one.usual / 100).toFixed(2)}`
    const payee = one.payeePaid ? 'paid before' : 'never paid'
    return `${nth + 1}. ${sum} (${payee}, ${usual}): ${one.outcome}, ${one.tier}, score ${one.score}: ${why}`
  }),
]

/** All figures of the runs of one kind of history. */
export const reportOf = (history: History, runs: readonly Run[]): string[] => {
  const payments = runs.flatMap((run) => run.payments)
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0)
  const frauds = payments.filter(({ truth }) => truth.kind !== 'honest').length
  return [
    `### ${history === 'none' ? 'No history' : 'A year of history brought'}`,
    '',
    `${payments.length - frauds} honest payments and ${frauds} frauds in ${runs.length} populations, ${seconds.toFixed(0)} s.`,
    ...headline(runs),
    ...frictions(payments),
    ...detections(payments),
    ...worst(payments),
    '',
  ]
}
