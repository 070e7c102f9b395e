import { once } from 'node:events'
import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { inTurn } from '../../../backend/store/change.ts'
import { day, openSite, pastLine, person, smallTransfer } from '../../journey/stage.ts'
import { history } from '../../support/client.ts'
import { worldForFile } from '../../support/world-for-file.ts'

/** How the body of a history comes off the wire. */

const world = await worldForFile()
const site = await openSite(world)
const occurred_at = new Date(world.deps.clock() - 40 * day).toISOString()
const headers = { authorization: `Bearer ${site.key}`, 'content-type': 'application/x-ndjson' }

it('of one organisation four imports are worked on, 64 wait for their turn, and one too many is refused', async () => {
  const line = () => JSON.stringify(pastLine(smallTransfer(person(), { occurred_at })))
  const held = Promise.withResolvers<void>()
  void inTurn(world.deps.collections.taught, 'history', () => held.promise)
  const asked = Array.from({ length: 70 }, () => history(world, site.key, line()))
  const refused = await Promise.race(asked)
  expect(refused.status).toBe(503)
  expect(refused.body.detail).toContain('64 imports of yours wait already')
  expect(refused.headers.get('retry-after')).not.toBeNull()
  const other = await openSite(world)
  const othersImport = history(world, other.key, line())
  held.resolve()
  expect(await othersImport).toMatchObject({ status: 200, body: { learned: 1 } })
  const statuses = (await Promise.all(asked)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 503)).toHaveLength(2)
  expect(statuses.filter((status) => status === 200)).toHaveLength(68)
  expect((await history(world, site.key, line())).status).toBe(200)
})

it('a whole history is taken off the wire while others’ imports come first', async () => {
  const lines = Array.from({ length: 250 }, () =>
    JSON.stringify(pastLine(smallTransfer(person(), { occurred_at }))).padEnd(60_000),
  )
  const body = lines.join('\n')
  expect(body.length).toBeGreaterThan(14_000_000)

  const otherImport = Promise.withResolvers<void>()
  void inTurn(world.deps.collections.taught, 'history', () => otherImport.promise)
  const call = request(`${world.url}/history`, { method: 'POST', headers })
  const answered = once(call, 'response')
  // The sender's last byte is out: no time-out of the request can run into the waiting.
  await new Promise<void>((resolve) => call.end(body, resolve))
  otherImport.resolve()
  const [response] = await answered
  expect(await json(response)).toEqual({ learned: lines.length, duplicates: 0, rejected: [] })
})
