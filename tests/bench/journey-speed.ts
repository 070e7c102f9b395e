import type { Server } from './control.ts'
import { echoes } from './ingest-speed.ts'
import { type Journeys, travel } from './journey.ts'
import { saturate } from './load.ts'
import { interleaved } from './rounds.ts'
import type { Row } from './table.ts'

const travellers = 48
const floorSeconds = 0.6

/** Journeys a second beside as many bare requests with one insert each as a journey has requests. */
export const measureJourneys = async (
  ours: Server,
  floor: Server,
): Promise<{ rows: Row[]; notes: string[] }> => {
  const echo = echoes()
  let firstUser = 0
  const go = async (): Promise<Journeys> => {
    const journeys = await travel(ours, firstUser, travellers)
    firstUser += travellers
    await ours.ask({ do: 'settle' })
    return journeys
  }
  const { requestsEach } = await go()
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
    rows: [
      { what: `journey (${requestsEach} requests; ms are of one request)`, ...measured, by: 'perSecond' },
    ],
    notes: [
      `journey: ingest, page, intent, confirm, continue after the pause, code from the mail, verify; ${travellers} at once`,
    ],
  }
}
