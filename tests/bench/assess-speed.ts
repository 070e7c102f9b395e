import { normaliseEvent } from '../../backend/intake/normalise-event.ts'
import { assess } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { unknownPayee } from '../../backend/risk/payee-reputation.ts'
import { digestUnder } from '../../backend/secrets.ts'
import { alternating, timed } from './in-process.ts'
import { aYearOfRents } from './prefill.ts'
import { rowOf } from './row.ts'
import type { BenchRow } from './stage.ts'
import { rent, scare } from './traffic.ts'

const what = 'assess() beside a JSON round trip of the event'
const callsEach = 20_000

/**
 * `assess()` over a customer with a year behind them, every second event a frightening one; beside it one JSON round
 * trip of the same event, which is about the least that anybody does with an event.
 */
const measureAssess: BenchRow['run'] = async () => {
  const key = Buffer.alloc(32, 7)
  const digest = (purpose: string, value: string) => digestUnder(key, 'live', purpose, value)
  const now = Date.UTC(2026, 10, 21, 10, 1)
  const profile = aYearOfRents(digest, now)
  const events = [rent('u_0'), scare('u_0')].map((raw) => {
    const normalised = normaliseEvent(raw, { now, digest })
    if (!normalised.ok) throw new Error(normalised.message)
    return normalised.event
  })
  let turn = 0
  const next = () => {
    turn += 1
    const event = events[turn % events.length]
    if (event === undefined) throw new Error('no events')
    return event
  }
  const judge = () =>
    assess({
      event: next(),
      event_id: 'evt_now',
      profile,
      payee_reputation: unknownPayee,
      policy: defaultPolicy,
      now,
      constraints: [],
    })
  const copy = () => JSON.parse(JSON.stringify(next()))
  const compared = await alternating(
    () => timed(callsEach, copy),
    () => timed(callsEach, judge),
  )
  return { row: rowOf(what, 'perSecond', compared) }
}

export const assessRows: readonly BenchRow[] = [{ what, run: measureAssess }]
