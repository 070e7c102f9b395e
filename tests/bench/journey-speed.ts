import { warmServers } from './ingest-speed.ts'
import { type Journeys, travel } from './journey.ts'
import { saturate } from './load.ts'
import { interleaved } from './rounds.ts'
import { rowOf } from './row.ts'
import type { BenchRow } from './stage.ts'

const travellers = 48
const floorSeconds = 0.6

const warmUps = 6

/** Journeys a second beside as many bare requests with one insert each as a journey has requests. */
const measureJourneys: BenchRow['run'] = async (stage) => {
  const { ours, floor, echo } = await warmServers(stage)
  let firstUser = 0
  const go = async (): Promise<Journeys> => {
    const journeys = await travel(ours, firstUser, travellers)
    firstUser += travellers
    await ours.ask({ do: 'settle' })
    return journeys
  }
  for (let warmUp = 0; warmUp < warmUps; warmUp += 1) await go()
  const { requestsEach } = await go()
  await saturate(floor.port, echo, { connections: travellers, seconds: 2 * floorSeconds })
  const measured = await interleaved(
    {
      server: floor,
      work: async () => {
        const round = await saturate(floor.port, echo, { connections: travellers, seconds: floorSeconds })
        const { perSecond, requests } = round
        return { ...round, perSecond: perSecond / requestsEach, requests: requests / requestsEach }
      },
    },
    { server: ours, work: async () => (await go()).round },
  )
  return {
    row: rowOf(`journey (${requestsEach} requests; ms are of one request)`, 'perSecond', measured),
    notes: [
      `journey: ingest, page, intent, confirm, continue after the pause, code from the mail, verify; ${travellers} at once`,
    ],
  }
}

export const journeyRows: readonly BenchRow[] = [{ what: 'journey', run: measureJourneys }]
