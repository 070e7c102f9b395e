import { describe, expect, it } from 'vitest'
import { ingestEvent } from '#contract/event'
import { historyLine } from '../../backend/contract/history.ts'
import { goLive, weekMs } from './calendar.ts'
import { chanceOf } from './chance.ts'
import { romanceInstalments } from './frauds/instalments.ts'
import { fraudKinds } from './frauds/scheme.ts'
import { purposes } from './lives/habit.ts'
import { populationOf } from './population.ts'
import { developmentSeeds, reservedSeeds, seedsFor } from './seeds.ts'

const size = { customers: 120, weeks: 26, pastWeeks: 8 }
const population = populationOf(11, size)
const { past, live, hearings } = population
const payments = live.filter(({ event }) => event.amount != null)

describe('the open population', () => {
  it('is the same for the same seed, and another for another', () => {
    const small = { customers: 20, weeks: 4, pastWeeks: 4 }
    expect(populationOf(5, small)).toEqual(populationOf(5, small))
    expect(populationOf(6, small).live).not.toEqual(populationOf(5, small).live)
  })

  it('sends events that the ingest and the history take', () => {
    for (const { event } of live) ingestEvent.parse(event)
    for (const { event } of past) historyLine.parse({ key: 'k', event, result: 'completed' })
  })

  it('has every kind of fraud and every purpose of an honest payment', () => {
    const kinds = new Set(payments.map(({ truth }) => truth.kind))
    expect([...fraudKinds].filter((kind) => !kinds.has(kind))).toEqual([])
    const why = new Set(
      [...past, ...live].map(({ truth }) => (truth.kind === 'honest' ? truth.purpose : null)),
    )
    // A home is bought too seldom to be asked for here.
    expect(purposes.filter((purpose) => purpose !== 'home' && !why.has(purpose))).toEqual([])
  })

  it('keeps the order of time, and the past honest', () => {
    for (const moments of [past, live]) {
      const times = moments.map(({ at }) => at)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }
    expect(past.every(({ at, truth }) => at < goLive && truth.kind === 'honest')).toBe(true)
    expect(live.every(({ at }) => at >= goLive && at < goLive + size.weeks * weekMs)).toBe(true)
    expect(live.every(({ at, event }) => event.occurred_at === new Date(at).toISOString())).toBe(true)
  })

  it('pays sums that a person or a small firm can pay', () => {
    const euros = payments.map(({ event }) => (event.amount?.value ?? 0) / 100)
    expect(Math.min(...euros)).toBeGreaterThanOrEqual(1)
    expect(Math.max(...euros)).toBeLessThanOrEqual(200_000)
    const aWeek = payments.length / size.customers / size.weeks
    expect(aWeek).toBeGreaterThan(1)
    expect(aWeek).toBeLessThan(3)
  })

  it('tells a romance in six instalments, and hears of a case only after its last payment', () => {
    const romances = Map.groupBy(
      live.filter(({ truth }) => truth.kind === 'romance'),
      ({ truth }) => (truth.kind === 'honest' ? '' : truth.case),
    )
    expect(romances.size).toBeGreaterThan(0)
    for (const acts of romances.values()) expect(acts).toHaveLength(romanceInstalments)
    for (const { at, case: id } of hearings) {
      const acts = live.filter(({ truth }) => truth.kind !== 'honest' && truth.case === id)
      expect(Math.max(...acts.map((act) => act.at))).toBeLessThan(at)
    }
  })

  it('sends several victims to one account, and many customers to one utility', () => {
    const payers = (moments: typeof live) =>
      [...Map.groupBy(moments, ({ event }) => event.payee?.account).values()].map(
        (of) => new Set(of.map(({ customer }) => customer)).size,
      )
    expect(Math.max(...payers(payments.filter(({ truth }) => truth.kind !== 'honest')))).toBeGreaterThan(1)
    expect(Math.max(...payers(payments.filter(({ truth }) => truth.kind === 'honest')))).toBeGreaterThan(8)
  })
})

describe('seeds', () => {
  it('reserved ones are refused without --report, and are what --report measures', () => {
    expect(seedsFor(['1', '202'], false)).toMatchObject({ ok: false })
    expect(seedsFor(['202'], true)).toEqual({ ok: true, seeds: [202] })
    expect(seedsFor([], true)).toEqual({ ok: true, seeds: reservedSeeds })
    expect(seedsFor([], false)).toEqual({ ok: true, seeds: developmentSeeds })
    expect(developmentSeeds.some((seed) => reservedSeeds.includes(seed))).toBe(false)
  })

  it.each(['x', '1.5', '0', '-3', ''])('%j is no seed', (named) => {
    expect(seedsFor([named], false)).toMatchObject({ ok: false })
  })
})

describe('chance', () => {
  const draws = (name: string) => {
    const chance = chanceOf(name)
    return Array.from({ length: 20_000 }, chance.unit)
  }

  it('is even, and a stream of its own for each name', () => {
    const values = draws('a')
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0.5, 1)
    expect(draws('a')).toEqual(values)
    expect(draws('b')).not.toEqual(values)
  })

  it('half of the skewed sums lie below their median', () => {
    const chance = chanceOf('skewed')
    const below = Array.from({ length: 5_000 }, () => chance.skewed(100, 1)).filter((sum) => sum < 100)
    expect(below.length / 5_000).toBeCloseTo(0.5, 1)
  })

  it('never chooses what weighs nothing', () => {
    const chance = chanceOf('weights')
    const chosen = Array.from({ length: 500 }, () =>
      chance.weighted([1, 2, 3], (item) => (item === 2 ? 0 : 1)),
    )
    expect(new Set(chosen)).toEqual(new Set([1, 3]))
  })
})
