import * as z from 'zod/mini'
import { openConnection } from './connection.ts'
import type { Server } from './control.ts'
import { ingests } from './ingest-speed.ts'
import { pace } from './load.ts'
import { interleaved, roundSeconds } from './rounds.ts'
import { rowOf } from './row.ts'
import { type BenchRow, once, type Stage } from './stage.ts'
import { type Round, roundOf } from './stats.ts'

/**
 * What bringing a history costs: lines a second of a bank's file (a hundred customers, in the order of time) and of a file
 * with somebody new on each line, beside a server that parses the lines and stores each; and what an ingest waits meanwhile.
 */

const linesACall = 5_000
const customers = 100
const ingestsPerSecond = 50

const minuteMs = 60_000
const firstAt = Date.UTC(2025, 9, 1)
let brought = 0

/** Keys never repeat, so every line is new. */
const lineOf = (userId: string, nth: number): string => {
  brought += 1
  return JSON.stringify({
    key: `past-${brought}`,
    event: {
      action: 'transfer',
      user: { id: userId, email: `${userId}@example.com`, created_at: '2019-05-01T00:00:00Z' },
      amount: { value: 1_000 + ((brought * 7_919) % 90_000), currency: 'EUR' },
      payee: {
        name: 'Payee of the past',
        account: `GB33BUKB2020${String(brought % 400).padStart(6, '0')}5555`,
      },
      device: { id: `d_${userId}` },
      network: { ip: '203.0.113.7', type: 'wifi' },
      place: { country: 'ES', city: 'Sevilla', lat: 37.39, lon: -5.98 },
      occurred_at: new Date(firstAt + nth * 90 * minuteMs).toISOString(),
    },
    result: 'completed',
  })
}

const fileOf = (who: (nth: number) => string): string =>
  Array.from({ length: linesACall }, (_, nth) => lineOf(who(nth), nth)).join('\n')

const bankFile = () => fileOf((nth) => `past_${nth % customers}`)
const newcomers = () => fileOf(() => `new_${brought}`)

const answerBody = z.object({ learned: z.number() })

const bring = async (server: Server, path: string, body: string): Promise<Round> => {
  const connection = await openConnection(server.port)
  const started = performance.now()
  const answer = await connection.send({
    method: 'POST',
    path,
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/x-ndjson' },
    body,
  })
  connection.close()
  if (answer.status !== 200 || answerBody.parse(JSON.parse(answer.body)).learned !== linesACall)
    throw new Error(`${answer.status}: ${answer.body.slice(0, 400)}`)
  const ms = performance.now() - started
  return { ...roundOf([ms], ms / 1000), requests: linesACall, perSecond: linesACall / (ms / 1000) }
}

const compared = async (stage: Stage, file: () => string) => {
  const { ours, floor } = await withHistory(stage)
  return interleaved(
    { server: floor, work: () => bring(floor, '/lines', file()) },
    { server: ours, work: () => bring(ours, '/history', file()) },
  )
}

const withHistory = once(async (stage) => {
  const [ours, floor] = await Promise.all([stage.ours(), stage.floor()])
  await bring(ours, '/history', bankFile())
  return { ours, floor }
})

const bank = `history of ${customers} customers, lines; floor: parsed and stored`
const strangers = 'history, somebody new on each line'
const steady = `ingest at ${ingestsPerSecond}/s beside an import; floor: without it`

const measureSteady: BenchRow['run'] = async (stage) => {
  const { ours } = await withHistory(stage)
  const source = ingests(ours)
  const seconds = 2 * roundSeconds
  const decide = () => pace(ours.port, source, { connections: 8, seconds, perSecond: ingestsPerSecond })
  const meanwhile: number[] = []
  await decide()
  const beside = await interleaved(
    { server: ours, work: decide },
    {
      server: ours,
      work: async () => {
        let isOver = false
        const importing = async () => {
          while (!isOver) meanwhile.push((await bring(ours, '/history', bankFile())).perSecond)
        }
        const [decided] = await Promise.all([decide().finally(() => (isOver = true)), importing()])
        return decided
      },
    },
  )
  return {
    row: rowOf(steady, 'p50', beside),
    notes: [
      `an import beside ${ingestsPerSecond} ingests/s: ${meanwhile.map((rate) => rate.toFixed(0)).join(', ')} lines/s`,
    ],
  }
}

export const historyRows: readonly BenchRow[] = [
  { what: bank, run: async (stage) => ({ row: rowOf(bank, 'perSecond', await compared(stage, bankFile)) }) },
  {
    what: strangers,
    run: async (stage) => ({ row: rowOf(strangers, 'perSecond', await compared(stage, newcomers)) }),
  },
  { what: steady, run: measureSteady },
]
