import { once } from 'node:events'
import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import { expect, it, vi } from 'vitest'
import { inTurn } from '../../../backend/store/change.ts'
import { day, openSite, pastLine, person, smallTransfer } from '../../journey/stage.ts'
import { history } from '../../support/client.ts'
import { worldForFile } from '../../support/world-for-file.ts'

/** How the body of a history comes off the wire. */

const world = await worldForFile()
const site = await openSite(world)
const occurred_at = new Date(world.deps.clock() - 40 * day).toISOString()
const headers = { authorization: `Bearer ${site.key}`, 'content-type': 'application/x-ndjson' }

it('a fifth import at once of one organisation is told to wait, and those of others go on', async () => {
  const line = () => JSON.stringify(pastLine(smallTransfer(person(), { occurred_at })))
  const begun = Array.from({ length: 4 }, () => {
    const call = request(`${world.url}/history`, { method: 'POST', headers })
    call.write(line())
    return { call, answered: once(call, 'response') }
  })
  const refused = await vi.waitFor(async () => {
    const answer = await history(world, site.key, line())
    expect(answer.status).toBe(503)
    return answer
  })
  expect(refused.body.detail).toContain('4 imports of yours are under way')
  expect(refused.headers.get('retry-after')).not.toBeNull()
  const other = await openSite(world)
  expect((await history(world, other.key, line())).body).toMatchObject({ learned: 1 })
  for (const { call, answered } of begun) {
    call.end()
    const [{ statusCode }] = await answered
    expect(statusCode).toBe(200)
  }
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
