import { type Comparison, compare, type Round, roundOf } from './stats.ts'

/** Work that needs no server: calls in this process, each timed, so that the timer's cost (about 0.05 µs) is in both sides. */

const charged = (latencies: readonly number[], started: number, before: NodeJS.CpuUsage): Round => {
  const { user, system } = process.cpuUsage(before)
  return {
    ...roundOf(latencies, (performance.now() - started) / 1000),
    cpuMs: (user + system) / 1000 / latencies.length,
  }
}

export const timed = (calls: number, call: (turn: number) => unknown): Round => {
  const latencies: number[] = new Array(calls)
  const before = process.cpuUsage()
  const started = performance.now()
  for (let turn = 0; turn < calls; turn += 1) {
    const calledAt = performance.now()
    call(turn)
    latencies[turn] = performance.now() - calledAt
  }
  return charged(latencies, started, before)
}

export const timedLater = async (calls: number, call: (turn: number) => Promise<unknown>): Promise<Round> => {
  const latencies: number[] = new Array(calls)
  const before = process.cpuUsage()
  const started = performance.now()
  for (let turn = 0; turn < calls; turn += 1) {
    const calledAt = performance.now()
    await call(turn)
    latencies[turn] = performance.now() - calledAt
  }
  return charged(latencies, started, before)
}

const rounds = 5
const warmUpRounds = 2

/** Floor, ours, floor, ours, …; the first rounds only warm both up. */
export const alternating = async (
  floor: () => Round | Promise<Round>,
  ours: () => Round | Promise<Round>,
): Promise<Comparison> => {
  const pairs: { ours: Round; floor: Round }[] = []
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const pair = { floor: await floor(), ours: await ours() }
    if (round >= 0) pairs.push(pair)
  }
  return compare(pairs)
}
