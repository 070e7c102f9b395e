import * as z from 'zod/mini'
import type { Server } from './control.ts'
import { collectPermissions, type Permission, profiled, warmServers } from './ingest-speed.ts'
import { pace, type Source, saturate } from './load.ts'
import { connections, interleaved, roundCount, roundSeconds, type Side } from './rounds.ts'
import { rowOf } from './row.ts'
import { type BenchRow, once } from './stage.ts'
import { median, type Round } from './stats.ts'
import { expectedOf } from './traffic.ts'

/** The source runs dry when every token is spent. Nothing but `valid: true` counts. */
const spending = (ours: Server, permissions: readonly Permission[]): Source => {
  const left = [...permissions]
  return {
    next: () => {
      const permission = left.pop()
      return permission === undefined
        ? null
        : {
            method: 'POST',
            path: '/decisions/verify',
            headers: { authorization: `Bearer ${ours.key}` },
            body: JSON.stringify({ token: permission.token, expected: expectedOf(permission.event) }),
          }
    },
    heard: mustBeValid,
  }
}

const mustBeValid: Source['heard'] = ({ body }) => {
  if (!body.includes('"valid":true')) throw new Error(`a fresh token was refused: ${body}`)
}

const mint = async (floor: Server, count: number): Promise<Source> => {
  const tokens = z.array(z.string()).parse(await floor.ask({ do: 'mint_tokens', count }))
  return {
    next: () => {
      const token = tokens.pop()
      return token === undefined ? null : { method: 'POST', path: '/verify', body: JSON.stringify({ token }) }
    },
    heard: mustBeValid,
  }
}

/** Minting is no part of what is charged: the tokens of all rounds are made before the first. */
const sideOf = async (
  floor: Server,
  count: number,
  work: (tokens: Source) => Promise<Round>,
): Promise<Side> => {
  const stock: Source[] = []
  for (let round = 0; round < roundCount; round += 1) stock.push(await mint(floor, count))
  return { server: floor, work: (round) => work(stock[round] ?? { next: () => null }) }
}

/** What the site's call leaves to do (learning the payment) is counted and waited out, so that no floor runs beside it. */
const drained = async (ours: Server): Promise<{ waiting: number; perSecond: number }> => {
  const waiting = Number(await ours.ask({ do: 'count_waiting' }))
  const started = performance.now()
  await ours.ask({ do: 'settle' })
  return { waiting, perSecond: waiting / ((performance.now() - started) / 1000) }
}

const full = { connections, seconds: roundSeconds }
const collectSeconds = 8

/** Fresh decisions, in portions for each round, and both sides warm. */
const supply = once(async (stage) => {
  const { ours, floor } = await warmServers(stage)
  const stock = await collectPermissions(stage, collectSeconds)
  const portions = 2 * roundCount + (stage.wantsProfile ? 2 : 1)
  const size = Math.floor(stock.length / portions)
  const spend = async (work: (source: Source) => Promise<Round>): Promise<Round> =>
    work(spending(ours, stock.splice(0, size)))
  await spend((source) => saturate(ours.port, source, { connections, seconds: 60 }))
  await drained(ours)
  await saturate(floor.port, await mint(floor, 4_000), full)
  return { ours, floor, size, spend }
})

const measureSaturated = once(async (stage) => {
  const { ours, floor, size, spend } = await supply(stage)
  const drains: { waiting: number; perSecond: number }[] = []
  const compared = await interleaved(
    await sideOf(floor, size * 4, (tokens) => saturate(floor.port, tokens, full)),
    {
      server: ours,
      work: async () => {
        const round = await spend((source) => saturate(ours.port, source, full))
        drains.push(await drained(ours))
        return round
      },
    },
  )
  return { compared, drains }
})

const saturated = 'verify, saturated'
const halved = 'verify, half of that'

/** Verify at saturation and at half of it, over fresh decisions. */
export const verifyRows: readonly BenchRow[] = [
  {
    what: saturated,
    run: async (stage) => {
      const { compared, drains } = await measureSaturated(stage)
      const { ours, size, spend } = await supply(stage)
      const profile = stage.wantsProfile
        ? await profiled(ours, () => spend((source) => saturate(ours.port, source, full)), 'verify')
        : []
      return {
        row: rowOf(saturated, 'perSecond', compared),
        notes: [
          'verify: the processor time includes what the call leaves for the relay (the profile learns the payment)',
          `verify: ${size} fresh tokens a round; left for the relay when the last was answered: ` +
            `${median(drains.map((drain) => drain.waiting))}, carried out at ${median(drains.map((drain) => drain.perSecond)).toFixed(0)}/s`,
          ...profile,
        ],
      }
    },
  },
  {
    what: halved,
    run: async (stage) => {
      const { ours, floor, size, spend } = await supply(stage)
      const half = { ...full, perSecond: (await measureSaturated(stage)).compared.ours.perSecond / 2 }
      const compared = await interleaved(
        await sideOf(floor, size, (tokens) => pace(floor.port, tokens, half)),
        {
          server: ours,
          work: async () => {
            const round = await spend((source) => pace(ours.port, source, half))
            await drained(ours)
            return round
          },
        },
      )
      await ours.ask({ do: 'settle' })
      return { row: rowOf(`${halved} (both at ${half.perSecond.toFixed(0)}/s)`, 'p50', compared) }
    },
  },
]
