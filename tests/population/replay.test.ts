import { expect, it } from 'vitest'
import type { Met } from '../../backend/measure/payment.ts'
import { populationOf } from './population.ts'
import { replay } from './replay.ts'

/** Some customers for three weeks: enough to see that the whole engine takes a population, and not what it makes of it. */

const population = populationOf(21, { customers: 16, weeks: 3, pastWeeks: 12 })
const paymentsAsked = population.live.filter(({ event }) => event.amount != null).length

const metBy = ({ met }: { met: readonly Met[] }): number =>
  met.filter(({ fraud, outcome }) => fraud === null && outcome !== 'allow').length

it('asks about every payment once, spends what is allowed, and is stricter with people of whom nothing is known', async () => {
  const without = await replay(population, 'none')
  expect(without.met).toHaveLength(paymentsAsked)
  const honest = without.met.filter(({ fraud }) => fraud === null)
  expect(honest.length).toBeGreaterThan(10)
  for (const { outcome, spent, resolution } of honest)
    expect(spent, `${outcome}, then ${resolution}`).toBe(outcome !== 'block_escalate')
  const withYear = await replay(population, 'year')
  expect(withYear).toMatchObject({ learned: population.past.length, rejected: 0 })
  expect(metBy(withYear)).toBeLessThan(metBy(without))
})

it('comes to the same again', async () => {
  const brief = populationOf(22, { customers: 5, weeks: 2, pastWeeks: 1 })
  expect((await replay(brief, 'none')).met).toEqual((await replay(brief, 'none')).met)
})
