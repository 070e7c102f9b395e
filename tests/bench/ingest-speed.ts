import * as z from 'zod/mini'
import { type IngestEvent, ingestEvent } from '../../backend/contract/event.ts'
import type { Call } from './connection.ts'
import type { Server } from './control.ts'
import { pace, type Source, saturate } from './load.ts'
import { connections, interleaved, roundSeconds } from './rounds.ts'
import { rowOf } from './row.ts'
import { type BenchRow, once, type Stage } from './stage.ts'
import { isScare, rent, scare, userAt } from './traffic.ts'

/** A decision that allows something, and has not been spent. */
export type Permission = { token: string; event: IngestEvent }

/** One event and its answer, as they went over the wire. */
type Heard = { event: string; answer: string }

const answerBody = z.object({ outcome: z.string(), token: z.optional(z.string()) })

const echoCall = (index: number): Call => ({
  method: 'POST',
  path: '/echo',
  body: JSON.stringify(rent(userAt(index))),
})

const numbered = (call: (index: number) => Call): Source => {
  let index = 0
  return {
    next: () => {
      index += 1
      return call(index)
    },
  }
}

export const echoes = (): Source => numbered(echoCall)

/** Four rents for each frightening transfer, round all users. */
export const ingests = (ours: Server, firstUser = 0): Source =>
  numbered((index) => {
    const userId = userAt(firstUser + index)
    return {
      method: 'POST',
      path: '/events/ingest',
      headers: { authorization: `Bearer ${ours.key}` },
      body: JSON.stringify(isScare(index) ? scare(userId) : rent(userId)),
    }
  })

/** Processor time for a request falls for the first three seconds on ours, for less on the floor. */
export const warmUpSeconds = 4

/** Both sides warm, and the floor storing as much as we do. */
export const warmServers = once(async (stage) => {
  const [ours, floor] = await Promise.all([stage.ours(), stage.floor()])
  const heard: Heard[] = []
  const source: Source = {
    ...ingests(ours),
    // Read after the measurement: the load shares the machine with the server.
    heard: ({ body: answer }, { body: event = '' }) => heard.push({ event, answer }),
  }
  await saturate(ours.port, source, { connections, seconds: warmUpSeconds })
  const sessionBytes = Number(await ours.ask({ do: 'weigh_session' }))
  await floor.ask({ do: 'set_size', bytes: sessionBytes })
  const echo = echoes()
  await saturate(floor.port, echo, { connections, seconds: warmUpSeconds })
  return { ours, floor, source, echo, heard, sessionBytes }
})

const full = { connections, seconds: roundSeconds }

const measureSaturated = once(async (stage) => {
  const { ours, floor, source, echo } = await warmServers(stage)
  return interleaved(
    { server: floor, work: () => saturate(floor.port, echo, full) },
    { server: ours, work: () => saturate(ours.port, source, full) },
  )
})

const toldOf = (heard: readonly Heard[]) =>
  heard.map(({ event, answer }) => ({ event, ...answerBody.parse(JSON.parse(answer)) }))

/** Saturates us once more, for decisions that allow something. */
export const collectPermissions = async (stage: Stage, seconds: number): Promise<Permission[]> => {
  const { ours, source, heard } = await warmServers(stage)
  heard.length = 0
  await saturate(ours.port, source, { connections, seconds })
  return toldOf(heard.splice(0)).flatMap(({ token, outcome, event }) =>
    token !== undefined && outcome === 'allow'
      ? [{ token, event: ingestEvent.parse(JSON.parse(event)) }]
      : [],
  )
}

const saturated = 'ingest, saturated'
const halved = 'ingest, half of that'

/** Ingest at saturation and at half of it; the floor at half is sent as many requests as we are. */
export const ingestRows: readonly BenchRow[] = [
  {
    what: saturated,
    run: async (stage) => {
      const row = rowOf(saturated, 'perSecond', await measureSaturated(stage))
      const { ours, source, heard, sessionBytes } = await warmServers(stage)
      const outcomes = toldOf(heard).map(({ outcome }) => outcome)
      const profile = stage.wantsProfile
        ? await profiled(ours, () => saturate(ours.port, source, full), 'ingest')
        : []
      return {
        row,
        notes: [
          `store: ${ours.engine}, WAL, synchronous=FULL`,
          `a stored session: ${sessionBytes} B of JSON; the floor stores the same`,
          `outcomes of ${outcomes.length} ingests: ${counted(outcomes)}`,
          ...profile,
        ],
      }
    },
  },
  {
    what: halved,
    run: async (stage) => {
      const { ours, floor, source, echo } = await warmServers(stage)
      const half = { ...full, perSecond: (await measureSaturated(stage)).ours.perSecond / 2 }
      const compared = await interleaved(
        { server: floor, work: () => pace(floor.port, echo, half) },
        { server: ours, work: () => pace(ours.port, source, half) },
      )
      return { row: rowOf(`${halved} (both at ${half.perSecond.toFixed(0)}/s)`, 'p50', compared) }
    },
  },
]

const counted = (names: readonly string[]): string =>
  [...new Set(names)].map((name) => `${name} ${names.filter((other) => other === name).length}`).join(', ')

/** Runs `work` once more while the server samples itself; the lines of the report. */
export const profiled = async (
  ours: Server,
  work: () => Promise<unknown>,
  name: string,
): Promise<string[]> => {
  await ours.ask({ do: 'start_profile' })
  await work()
  const lines = z.array(z.string()).parse(await ours.ask({ do: 'report_profile' }))
  return ['', `PROFILE of ${name} at saturation`, ...lines]
}
