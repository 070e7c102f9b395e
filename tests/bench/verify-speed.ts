import * as z from 'zod/mini'
import type { Server } from './control.ts'
import { type Permission, profiled } from './ingest-speed.ts'
import { pace, type Source, saturate } from './load.ts'
import { connections, interleaved, roundCount, roundSeconds, type Side } from './rounds.ts'
import { median, type Round } from './stats.ts'
import type { Row } from './table.ts'
import { expectedOf } from './traffic.ts'

/** Tokens are spent once, so every round has its own. */
const saturatedShare = 0.7

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

/** Verify at saturation and at half of it, over fresh decisions. */
export const measureVerify = async (
  ours: Server,
  floor: Server,
  permissions: readonly Permission[],
  wantsProfile: boolean,
): Promise<{ rows: Row[]; notes: string[] }> => {
  const portions = roundCount + (wantsProfile ? 1 : 0)
  const fullSize = Math.floor((permissions.length * saturatedShare) / portions)
  const halfSize = Math.floor((permissions.length * (1 - saturatedShare)) / roundCount)
  const stock = [...permissions]
  const drains: { waiting: number; perSecond: number }[] = []
  const full = { connections, seconds: roundSeconds }
  await saturate(floor.port, await mint(floor, 1000), full)

  const saturated = await interleaved(
    await sideOf(floor, fullSize * 4, (tokens) => saturate(floor.port, tokens, full)),
    {
      server: ours,
      work: async () => {
        const round = await saturate(ours.port, spending(ours, stock.splice(0, fullSize)), full)
        drains.push(await drained(ours))
        return round
      },
    },
  )
  const half = { ...full, perSecond: saturated.ours.perSecond / 2 }
  const halved = await interleaved(
    await sideOf(floor, halfSize, (tokens) => pace(floor.port, tokens, half)),
    {
      server: ours,
      work: async () => {
        const round = await pace(ours.port, spending(ours, stock.splice(0, halfSize)), half)
        await drained(ours)
        return round
      },
    },
  )
  const lines = wantsProfile
    ? await profiled(
        ours,
        () => saturate(ours.port, spending(ours, stock.splice(0, fullSize)), full),
        'verify',
      )
    : []
  await ours.ask({ do: 'settle' })
  return {
    rows: [
      { what: 'verify, saturated', ...saturated, by: 'perSecond' },
      { what: `verify, half of that (both at ${half.perSecond.toFixed(0)}/s)`, ...halved, by: 'p50' },
    ],
    notes: [
      'verify: the processor time includes what the call leaves for the relay (the profile learns the payment)',
      `verify: ${fullSize} fresh tokens a saturated round; left for the relay when the last was answered: ` +
        `${median(drains.map((drain) => drain.waiting))}, carried out at ${median(drains.map((drain) => drain.perSecond)).toFixed(0)}/s`,
      ...lines,
    ],
  }
}
