import fc from 'fast-check'
import { expect, it } from 'vitest'
import { teachHistory } from '../../backend/checkpoint.ts'
import { readHistoryLine } from '../../backend/intake/history-line.ts'
import type { RawLine } from '../../backend/intake/lines.ts'
import { openPrivateEngine, type PrivateEngine } from '../../backend/replay/private-engine.ts'
import { digestKeyOf, subjectDigest } from '../../backend/repositories/identity.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { emptyPayee } from '../../backend/risk/payee-reports.ts'

/** Whatever the order of the lines, the calls they come in and how often they come: the same is remembered. */

const now = Date.UTC(2026, 10, 21)

const said = fc.record({
  user: fc.integer({ min: 1, max: 3 }),
  payee: fc.integer({ min: 1, max: 4 }),
  device: fc.integer({ min: 1, max: 3 }),
  city: fc.constantFrom('Sevilla', 'Lisboa'),
  euros: fc.integer({ min: 0, max: 5_000 }),
  minutesAgo: fc.integer({ min: 1, max: 600 * 24 * 60 }),
  result: fc.constantFrom('completed', 'completed', 'completed', 'failed', 'reported_scam'),
})
type Said = {
  user: number
  payee: number
  device: number
  city: string
  euros: number
  minutesAgo: number
  result: string
}

const linesOf = (past: readonly Said[]): Buffer[] =>
  past.map(({ user, payee, device, city, euros, minutesAgo, result }, nth) =>
    Buffer.from(
      JSON.stringify({
        key: `past-${nth}`,
        event: {
          action: 'transfer',
          user: { id: `u_${user}`, created_at: '2019-05-01T00:00:00Z' },
          amount: { value: euros * 100, currency: euros % 3 === 0 ? 'USD' : 'EUR' },
          payee: { account: `DE${payee}` },
          device: { id: `d_${device}` },
          place: { country: 'ES', city, lat: 37 + user, lon: -5.98 },
          occurred_at: new Date(now - minutesAgo * 60_000 - 500).toISOString(),
        },
        result,
      }),
    ),
  )

const teach = async ({ deps, caller }: PrivateEngine, call: readonly Buffer[]): Promise<void> => {
  const teacher = { caller, by: 'key', mayLabel: true, import_id: 'test', dry_run: false } as const
  const batch: RawLine[] = call.map((bytes, at) => ({ line: at + 1, bytes, end: 0, isCutOff: false }))
  const taught = await teachHistory(
    deps,
    teacher,
    (async function* () {
      yield batch
    })(),
    ({ rejected }) => expect(rejected).toEqual([]),
  )
  expect(taught.ok).toBe(true)
}

/** What is kept of everybody whom the lines name, without when it was written. */
const memoryOf = async ({ deps, caller }: PrivateEngine, lines: readonly Buffer[]) => {
  const digest = subjectDigest(digestKeyOf(deps, caller.org), caller.environment)
  const keys = lines.map((bytes) => {
    const read = readHistoryLine({ line: 1, bytes, end: 0, isCutOff: false }, { now, digest })
    if (!read.ok) throw new Error(read.rejected.detail)
    return read.past.event.keys
  })
  const org = caller.org._id
  const kept = await Promise.all([
    ...[...new Set(keys.map(({ user }) => user))].map((key) =>
      deps.collections.profiles.get(org, `usr_${key}`),
    ),
    ...[...new Set(keys.map(({ payee }) => payee))].map((key) =>
      deps.collections.payees.get(org, `pye_${key}`).then((doc) => doc ?? emptyPayee(`pye_${key}`, org)),
    ),
  ])
  return kept.map((doc) => doc && { ...doc, version: 0, seen_at: 0, purge_at: 0 })
}

const broughtAs = async (calls: readonly (readonly Buffer[])[], lines: readonly Buffer[]) => {
  const engine = await openPrivateEngine({ now, policy: defaultPolicy })
  try {
    for (const call of calls) {
      await teach(engine, call)
      engine.advance(1)
    }
    return await memoryOf(engine, lines)
  } finally {
    await engine.close()
  }
}

it('any order, any calls and any repetition teach the same', async () => {
  const plan = fc.array(said, { minLength: 1, maxLength: 40 }).chain((past) =>
    fc.record({
      past: fc.constant(past),
      order: fc.shuffledSubarray([...past.keys()], { minLength: past.length }),
      again: fc.subarray([...past.keys()]),
      callLength: fc.integer({ min: 1, max: past.length }),
    }),
  )
  await fc.assert(
    fc.asyncProperty(plan, async ({ past, order, again, callLength }) => {
      const lines = linesOf(past)
      const sent = [...order, ...again].map((nth) => lines[nth] ?? Buffer.alloc(0))
      const calls = Array.from({ length: Math.ceil(sent.length / callLength) }, (_, at) =>
        sent.slice(at * callLength, (at + 1) * callLength),
      )
      expect(await broughtAs(calls, lines)).toEqual(await broughtAs([lines], lines))
    }),
    { numRuns: 25 },
  )
})

it('a line that was learned and not marked is learned again, to the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 20 }), async (past) => {
      const lines = linesOf(past)
      const engine = await openPrivateEngine({ now, policy: defaultPolicy })
      const { taught } = engine.deps.collections
      // As if each call had died before it marked anything.
      const forgetful = {
        ...taught,
        insert: async (doc: Parameters<typeof taught.insert>[0]) => ({ ok: true, doc }) as const,
      }
      const dying = {
        ...engine,
        deps: { ...engine.deps, collections: { ...engine.deps.collections, taught: forgetful } },
      }
      for (const call of [lines, lines.toReversed()]) await teach(dying, call)
      const kept = await memoryOf(engine, lines)
      await engine.close()
      expect(kept).toEqual(await broughtAs([lines], lines))
    }),
    { numRuns: 10 },
  )
})

it('what was taken back is as if it had never been said, in any order, calls and repetition behind its report', async () => {
  const plan = fc.array(said, { minLength: 1, maxLength: 20 }).chain((past) => {
    const scams = [...past.keys()].filter((nth) => past[nth]?.result === 'reported_scam')
    return fc.record({
      past: fc.constant(past),
      order: fc.shuffledSubarray([...past.keys()], { minLength: past.length }),
      retracted: fc.shuffledSubarray(scams),
      again: fc.array(fc.nat({ max: 2 * past.length - 1 }), { maxLength: 20 }),
      callLength: fc.integer({ min: 1, max: 2 * past.length }),
    })
  })
  await fc.assert(
    fc.asyncProperty(plan, async ({ past, order, retracted, again, callLength }) => {
      const lines = linesOf(past)
      const takesBack = linesOf(past.map((one) => ({ ...one, result: 'retracted' })))
      const known = [
        ...order.map((nth) => lines[nth] ?? Buffer.alloc(0)),
        ...retracted.map((nth) => takesBack[nth] ?? Buffer.alloc(0)),
      ]
      const sent = [...known, ...again.map((nth) => known[nth % known.length] ?? Buffer.alloc(0))]
      const calls = Array.from({ length: Math.ceil(sent.length / callLength) }, (_, at) =>
        sent.slice(at * callLength, (at + 1) * callLength),
      )
      const others = lines.filter((_, nth) => !retracted.includes(nth))
      expect(await broughtAs(calls, lines)).toEqual(await broughtAs([others], lines))
    }),
    { numRuns: 25 },
  )
})
