import { describe, expect, it } from 'vitest'
import { ingestEvent } from '#contract/event'
import { historyLine } from '../../../backend/contract/history.ts'
import { strangers } from './all-strangers.ts'
import { cardsOf } from './cards.ts'
import { economies } from './economy.ts'
import { mobileMoneyOf, mobileMoneyShapes } from './mobile-money.ts'
import { otherBankOf } from './other-bank.ts'
import { otherBankKinds } from './other-bank-scams.ts'

const all = strangers.map((strangerOf) => strangerOf(41))

describe('populations of other assumptions', () => {
  it.each(all.map((one) => [one.name, one] as const))(
    '%s: events that ingest and history take, in order',
    (_, one) => {
      for (const { event } of one.live) ingestEvent.parse(event)
      for (const { event } of one.past) historyLine.parse({ key: 'k', event, result: 'completed' })
      for (const moments of [one.past, one.live]) {
        const times = moments.map(({ at }) => at)
        expect(times).toEqual(times.toSorted((a, b) => a - b))
      }
      expect(one.past.every(({ at, fraud }) => at < one.start && fraud === null)).toBe(true)
      expect(one.live.every(({ event }) => event.amount?.currency === one.currency)).toBe(true)
      expect(one.hearings.every(({ at }) => Number.isInteger(at))).toBe(true)
      for (const { at, case: id } of one.hearings)
        expect(
          Math.max(...one.live.filter(({ fraud }) => fraud?.case === id).map((act) => act.at)),
        ).toBeLessThan(at)
    },
  )

  it('are the same for the same seed, and others for another', () => {
    expect(cardsOf(5)).toEqual(cardsOf(5))
    expect(otherBankOf(5).live).not.toEqual(otherBankOf(6).live)
  })

  it('mobile money: nearly everybody is seen once', () => {
    const [shape] = mobileMoneyShapes
    if (shape === undefined) throw new Error('no shape')
    const { live } = mobileMoneyOf(41, shape)
    expect(new Set(live.map(({ customer }) => customer)).size).toBeGreaterThan(0.9 * live.length)
  })

  it('cards: most is stolen by night', () => {
    const hours = cardsOf(41).live.flatMap(({ at, fraud }) =>
      fraud === null ? [] : [new Date(at).getUTCHours()],
    )
    expect(hours.filter((hour) => hour >= 22 || hour < 4).length / hours.length).toBeGreaterThan(0.8)
  })

  it('another bank: every script, and yen without cents', () => {
    const { live } = otherBankOf(41, economies.yen)
    expect(new Set(live.flatMap(({ fraud }) => fraud?.kind ?? []))).toEqual(new Set(otherBankKinds))
    const aWeek = live.length / 300 / 26
    expect(aWeek).toBeGreaterThan(1)
    expect(aWeek).toBeLessThan(3)
    const middle = live.map(({ event }) => event.amount?.value ?? 0).toSorted((a, b) => a - b)[
      live.length >> 1
    ]
    expect(middle).toBeGreaterThan(2_000)
    expect(middle).toBeLessThan(20_000)
  })
})
