import { customersOf90Days, frictionOf } from '../../backend/measure/friction.ts'
import { isHonest, type Placed } from '../../backend/measure/payment.ts'
import { pageOf, rocOf, weeklyOf } from '../../backend/replay/chart.ts'
import { type Run, smallPayment } from './report.ts'

/** A page with the ROC beside the trivial rules, and the weekly friction. */
export const drawingOf = (runs: readonly Run[]): string => {
  const first = runs.filter(({ history }) => history === runs[0]?.history).flatMap(({ payments }) => payments)
  const honest = first.filter(isHonest).length
  const weekly = (payments: readonly Placed[]) =>
    frictionOf(payments, smallPayment).weeks.map(
      ({ met, of }, week) => [week + 1, of === 0 ? 0 : met / of] as const,
    )
  const histories = [...new Set(runs.map(({ history }) => history))].map((history) => ({
    name: history === 'none' ? 'no history' : 'a year of history',
    points: weekly(runs.filter((run) => run.history === history).flatMap(({ payments }) => payments)),
  }))
  return pageOf(
    'Open population',
    `${honest} honest payments and ${first.length - honest} frauds, ${runs[0]?.history === 'year' ? 'a year of' : 'no'} history brought.`,
    [rocOf(first, 1, customersOf90Days), rocOf(first, 0.05, customersOf90Days), weeklyOf(histories)],
    [],
  )
}
