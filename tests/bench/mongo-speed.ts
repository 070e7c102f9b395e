import { startMongo, withDatabase } from '../support/mongo/engine.ts'
import { echoes, ingests, warmUpSeconds } from './ingest-speed.ts'
import { saturate } from './load.ts'
import { connections, interleaved, roundSeconds } from './rounds.ts'
import { rowOf } from './row.ts'
import type { BenchRow } from './stage.ts'
import { knownUsers } from './traffic.ts'

const what = 'ingest on MongoDB’s protocol, saturated'

/**
 * Ingest and the floor on the engine of the tests' lane, each in a database of its own. Where that is the look-alike, the
 * figures say what our own processes cost with the driver, and nothing of a MongoDB server.
 */
const measureOnMongo: BenchRow['run'] = async (stage) => {
  const engine = await startMongo(() => {})
  if (engine === null) throw new Error('there is no engine that speaks the protocol: see tests/support/mongo')
  stage.later(engine.stop)
  const [ours, floor] = await Promise.all([
    stage.start('our-server.ts', 'ours-on-mongo', withDatabase(engine.uri, 'bench_ours')),
    stage.start('floor-server.ts', 'floor-on-mongo', withDatabase(engine.uri, 'bench_floor')),
  ])
  await ours.ask({ do: 'prefill_profiles', count: knownUsers / 4 })
  const source = ingests(ours)
  const echo = echoes()
  await saturate(ours.port, source, { connections, seconds: warmUpSeconds })
  await floor.ask({ do: 'set_size', bytes: Number(await ours.ask({ do: 'weigh_session' })) })
  await saturate(floor.port, echo, { connections, seconds: warmUpSeconds })
  const full = { connections, seconds: 2 * roundSeconds }
  const compared = await interleaved(
    { server: floor, work: () => saturate(floor.port, echo, full) },
    { server: ours, work: () => saturate(ours.port, source, full) },
  )
  return {
    row: rowOf(`${what} (${engine.description})`, 'perSecond', compared),
    notes: [
      'on MongoDB’s protocol: the processor time is that of the backend’s process, without the engine’s own',
    ],
  }
}

export const mongoRows: readonly BenchRow[] = [{ what, run: measureOnMongo }]
