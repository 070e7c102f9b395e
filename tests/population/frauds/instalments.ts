import { awake, dayMs } from '../calendar.ts'
import { coachedPayment, type Scheme, type Stage, within } from './scheme.ts'

/** Money that leaves in steps, each of which looks like the last one grown a little. */

/** As UK Finance's count is ten, and the sixth is enough to see what becomes of a payee that is paid again and again. */
export const romanceInstalments = 6

/**
 * A growing series over `days`. A payment that is repeated to the same account looks more and more like a friend's; now and
 * then the account changes, since banks close it.
 */
const series = (
  stage: Stage,
  {
    steps,
    days,
    total,
    growth,
    changes,
  }: { steps: number; days: number; total: number; growth: number; changes: number },
) => {
  const { victim, chance, mules, at } = stage
  const weights = Array.from({ length: steps }, (_, nth) => growth ** nth * chance.between(0.75, 1.3))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  let payee = mules.accountAt(at, chance, 'lasting')
  return weights.map((weight, nth) => {
    const day = steps === 1 ? 0 : (days * nth) / (steps - 1)
    const then = awake(
      at + Math.max(0, day + (nth === 0 ? 0 : chance.between(-0.2, 0.2) * (days / steps))) * dayMs,
      chance,
    )
    if (nth > 0 && chance.happens(changes)) payee = mules.accountAt(then, chance, 'lasting')
    return coachedPayment(stage, then, payee, Math.max(20, (within(victim, total) * weight) / all))
  })
}

/** Met online. Six payments in seven or eight weeks: a ticket, a hospital, customs. */
export const romance: Scheme = {
  kind: 'romance',
  per100: 4,
  suits: ({ kind, age }) => (kind === 'firm' ? 0 : age < 35 ? 0.6 : age < 50 ? 1 : 1.8),
  heard: { days: [15, 120], never: 0.4 },
  play: (stage) => {
    const { chance } = stage
    const total = chance.skewed(3_600, 1)
    const days = Math.max(18, chance.skewed(50, 0.4))
    return series(stage, { steps: romanceInstalments, days, total, growth: 1.35, changes: 0.15 })
  },
}

/** A platform that shows gains: a small sum, then more, then a fee for the pay-out. Part goes to a real exchange first. */
export const investment: Scheme = {
  kind: 'investment',
  per100: 4,
  suits: ({ kind, age, means }) =>
    kind === 'firm' ? 0 : (age < 35 ? 0.7 : 1.3) * (means > 3_000 ? 1.5 : 0.5),
  heard: { days: [10, 90], never: 0.25 },
  play: (stage) => {
    const { victim, chance, town, at } = stage
    const total = Math.max(300, chance.skewed(3_800, 1.2))
    const steps = chance.whole(2, 5)
    if (!chance.happens(0.3))
      return series(stage, { steps, days: chance.between(6, 45), total, growth: 1.8, changes: 0.3 })
    // The victim's own account at an exchange that honest customers use too; what follows there no bank sees.
    const exchange = chance.pick(town.brokers)
    return Array.from({ length: steps }, (_, nth) =>
      coachedPayment(
        stage,
        awake(at + nth * chance.between(2, 9) * dayMs, chance),
        exchange,
        Math.max(50, (within(victim, total) * 1.6 ** nth) / 2 ** steps),
        { nameMatch: 'match' },
      ),
    )
  },
}
