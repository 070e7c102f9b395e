import { randomUUID } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Collection, Store } from '../../../backend/store/port.ts'
import { type MongoEngine, withDatabase } from '../../support/mongo/engine.ts'
import { type Fail, withFailpoint } from '../../support/mongo/failpoint.ts'
import { openFaultyRoad } from '../../support/mongo/faulty-road.ts'
import { openOn } from '../../support/mongo/open-on.ts'
import { type Note, note, notes } from '../note.ts'

/** Longer than the server's stall below is not waited for. */
const impatient = { operationMs: 600, serverMs: 500, selectionMs: 600, connectMs: 600 }
const stallMs = 900

/** A failure that is only made up announces no end, so the driver would notice it with its next look, in ten seconds. */
const lookingOften = (uri: string): string =>
  `${uri}${uri.includes('?') ? '&' : '?'}serverMonitoringMode=poll&heartbeatFrequencyMS=500`

const unavailable = (outcomeUnknown: boolean) => ({ name: 'StoreUnavailable', outcomeUnknown })

/** What becomes of operations while the server is in trouble, and afterwards. */
export const trouble = (engine: MongoEngine): void => {
  describe('trouble while we serve', () => {
    const uri = lookingOften(withDatabase(engine.uri, `ase_trouble_${randomUUID().slice(0, 8)}`))
    let store: Store
    let collection: Collection<Note>
    beforeAll(async () => {
      store = await openOn(uri, impatient)
      await store.prepare([notes])
      collection = store.collection(notes)
    })
    afterAll(() => store.close())

    const put = async (): Promise<Note> => {
      const answer = await collection.insert(note(randomUUID()))
      if (!answer.ok) throw new Error('the id was taken')
      return answer.doc
    }
    /** The driver looks for a primary at most twice a second, and until it has found one nothing is sent. */
    const recovered = () =>
      expect.poll(() => store.ping().then(() => 'ready'), { timeout: 20_000 }).toBe('ready')

    if (engine.process !== null) {
      test('a primary that has just changed costs nothing but a repetition', async () => {
        const before = await put()
        // The driver looks for the new one at most twice a second.
        const patient = await openOn(uri)
        const fail: Fail = { commands: ['update'], times: 1, errorCode: 10107 }
        const answer = await withFailpoint(engine.uri, fail, () =>
          patient.collection(notes).replace({ ...before, text: 'sent' }, 1),
        )
        await patient.close()
        expect(answer).toMatchObject({ ok: true, doc: { version: 2 } })
        expect(await collection.get('org_a', before._id)).toMatchObject({ version: 2, text: 'sent' })
      })

      test('no primary: writes are unavailable, the store is not ready, and is again with the next write', async () => {
        const before = await put()
        await withFailpoint(engine.uri, { commands: ['update', 'insert'], errorCode: 10107 }, async () => {
          await expect(collection.replace(before, 1)).rejects.toMatchObject(unavailable(true))
          await expect(store.ping()).rejects.toMatchObject({ name: 'StoreUnavailable' })
        })
        await recovered()
        expect(await collection.get('org_a', before._id)).toEqual(before)
      })

      test('a majority that does not confirm in time leaves the outcome unknown, and the store not ready', async () => {
        const before = await put()
        const writeConcernError = { code: 64, errmsg: 'waiting for replication timed out' }
        await withFailpoint(engine.uri, { commands: ['update'], writeConcernError }, async () => {
          await expect(collection.replace({ ...before, text: 'sent' }, 1)).rejects.toMatchObject(
            unavailable(true),
          )
          await expect(store.ping()).rejects.toThrow(/replication timed out/)
        })
        await recovered()
        const stands = await collection.get('org_a', before._id)
        expect(stands?.text).toBe(stands?.version === 2 ? 'sent' : '')
      })

      test('a server that stalls is left within a bounded time, with the outcome unknown', async () => {
        const before = await put()
        const startedAt = performance.now()
        await withFailpoint(engine.uri, { commands: ['update'], times: 2, blockMs: stallMs }, async () => {
          await expect(collection.replace(before, 1)).rejects.toMatchObject(unavailable(true))
        })
        expect(performance.now() - startedAt).toBeLessThan(4_000)
        await recovered()
      })

      test('a read that fails changes nothing, and says nothing about writes', async () => {
        await put()
        await withFailpoint(engine.uri, { commands: ['find'], errorCode: 50 }, async () => {
          await expect(collection.get('org_a', 'any')).rejects.toMatchObject(unavailable(false))
          await expect(store.ping()).resolves.toBeUndefined()
        })
      })

      test('a primary that steps down takes no write until there is one again', async () => {
        const client = new MongoClient(engine.uri)
        const stepped = await client
          .db('admin')
          .command({ replSetStepDown: 1, secondaryCatchUpPeriodSecs: 0, force: true })
          // The server may close every connection, also the one that asked.
          .then(
            () => 'stepped down',
            (fault: unknown) => fault,
          )
        await client.close()
        const before = note(randomUUID())
        const refused = await collection.insert(before).catch((fault: unknown) => fault)
        expect([stepped, refused]).toEqual([
          'stepped down',
          expect.objectContaining({ name: 'StoreUnavailable' }),
        ])
        await expect
          .poll(
            () =>
              collection.insert(before).then(
                ({ ok }) => ok,
                () => 'not yet',
              ),
            { timeout: 15_000 },
          )
          .toBe(true)
        await recovered()
      })
    }

    test('a road that falls silent is left within a bounded time', async () => {
      const road = await openFaultyRoad(engine.uri)
      const over = await openOn(withDatabase(road.uri, 'ase_test_road'), impatient)
      await over.prepare([notes])
      const silent = over.collection(notes)
      road.fallSilent()
      await expect(silent.insert(note(randomUUID()))).rejects.toMatchObject({ name: 'StoreUnavailable' })
      await expect(silent.get('org_a', 'any')).rejects.toMatchObject(unavailable(false))
      road.mend()
      await over.close()
      await road.close()
    })
  })
}
