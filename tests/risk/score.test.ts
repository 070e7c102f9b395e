import { describe, expect, test } from 'vitest'
import type { SignalCode } from '#contract/outcome'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { type RaisedSignal, scoreOf } from '../../backend/risk/score.ts'
import { allSignals } from '../../backend/risk/signals/all-signals.ts'

const raise = (code: SignalCode, severity = 1): RaisedSignal => {
  const signal = allSignals.find((candidate) => candidate.code === code)
  return {
    code,
    family: signal?.family ?? 'policy',
    source: signal?.source ?? 'policy',
    severity,
    detail: code,
  }
}
const lines = (raised: RaisedSignal[], floors: Parameters<typeof scoreOf>[1] = []) => {
  const { score, reasons } = scoreOf(raised, floors, defaultPolicy)
  return { score, reasons: reasons.map(({ code, points }) => `${code} ${points}`) }
}

describe('the score', () => {
  test('is nothing without signals', () => {
    expect(lines([])).toEqual({ score: 0, reasons: [] })
  })

  test('adds weight × severity in whole points', () => {
    expect(lines([raise('BENEFICIARY_NEW', 0.7), raise('TRANSACTION_AMOUNT_HIGH', 0.67)])).toEqual({
      score: 40,
      reasons: ['BENEFICIARY_NEW 15', 'TRANSACTION_AMOUNT_HIGH 25'],
    })
  })

  test('shows what a family’s cap took away as a negative reason', () => {
    const scam = [raise('REMOTE_ACCESS_ACTIVE'), raise('SCREEN_SHARED')]
    expect(lines(scam)).toEqual({
      score: 60,
      reasons: ['REMOTE_ACCESS_ACTIVE 40', 'SCREEN_SHARED 35', 'SCORE_CAPPED -15'],
    })
  })

  test('caps weak signals of several families together', () => {
    const weak = [raise('DEVICE_NEW'), raise('NETWORK_WIFI_PUBLIC'), raise('VELOCITY_HIGH')]
    expect(lines(weak)).toEqual({
      score: 27,
      reasons: ['DEVICE_NEW 18', 'NETWORK_WIFI_PUBLIC 4', 'VELOCITY_HIGH 15', 'SCORE_CAPPED -10'],
    })
  })

  test('caps what rests on the browser’s word, and takes nothing away twice', () => {
    const said = [raise('PASTED_PAYEE'), raise('TIME_UNUSUAL'), raise('AUTOMATION_SUSPECTED')]
    expect(lines(said)).toEqual({
      score: 5,
      reasons: ['PASTED_PAYEE 4', 'TIME_UNUSUAL 4', 'AUTOMATION_SUSPECTED 5', 'SCORE_CAPPED -8'],
    })
    expect(lines([raise('VELOCITY_HIGH'), raise('ACCOUNT_YOUNG', 0.5), ...said])).toEqual({
      score: 20,
      reasons: [
        'VELOCITY_HIGH 15',
        'ACCOUNT_YOUNG 5',
        'PASTED_PAYEE 4',
        'TIME_UNUSUAL 4',
        'AUTOMATION_SUSPECTED 5',
        'SCORE_CAPPED -8',
        'SCORE_CAPPED -5',
      ],
    })
  })

  test('ends at 100, and says so', () => {
    const everything = lines(allSignals.map(({ code }) => raise(code)))
    expect(everything.score).toBe(100)
    expect(everything.reasons.at(-1)).toMatch(/^SCORE_CAPPED -/)
  })

  test('a score floor that is not met adds exactly the missing points; one that is met adds none', () => {
    const floor = { code: 'HOLD_ACTIVE', detail: 'A hold is open.' } as const
    expect(lines([raise('ACTION_SENSITIVE')], [{ ...floor, minimum_score: 75 }])).toEqual({
      score: 75,
      reasons: ['ACTION_SENSITIVE 62', 'HOLD_ACTIVE 13'],
    })
    expect(
      lines(
        [raise('ACTION_SENSITIVE'), raise('DEVICE_NEW')],
        [
          { ...floor, minimum_score: 75 },
          { ...floor, minimum_score: null },
        ],
      ),
    ).toEqual({
      score: 80,
      reasons: ['ACTION_SENSITIVE 62', 'DEVICE_NEW 18', 'HOLD_ACTIVE 0', 'HOLD_ACTIVE 0'],
    })
  })

  test('two score floors do not add up: the higher one holds', () => {
    const floor = { code: 'HOLD_ACTIVE', detail: 'A hold is open.' } as const
    const two = [
      { ...floor, minimum_score: 60 },
      { ...floor, minimum_score: 75 },
    ]
    expect(lines([], two)).toEqual({ score: 75, reasons: ['HOLD_ACTIVE 60', 'HOLD_ACTIVE 15'] })
  })
})
