import type { Server } from './control.ts'
import { type Comparison, compare, type Round } from './stats.ts'

/** How many connections drive a server into saturation, and how many hold a paced load. */
export const connections = 32

/** Many short rounds rather than few long ones: neighbours in time have the same weather. */
export const roundCount = 5
export const roundSeconds = 0.8

export type Side = { server: Server; work: (round: number) => Promise<Round> }

/** Floor, ours, floor, ours, …, each with the processor time that its server spent on it. */
export const interleaved = async (floor: Side, ours: Side, count = roundCount): Promise<Comparison> => {
  const pairs: { ours: Round; floor: Round }[] = []
  for (let round = 0; round < count; round += 1) {
    pairs.push({ floor: await charged(floor, round), ours: await charged(ours, round) })
  }
  return compare(pairs)
}

const charged = async ({ server, work }: Side, index: number): Promise<Round> => {
  const before = Number(await server.ask({ do: 'read_cpu' }))
  const round = await work(index)
  const spent = Number(await server.ask({ do: 'read_cpu' })) - before
  return { ...round, cpuMs: spent / round.requests }
}
