import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keptWriteIds } from '../../../backend/store/mongo-own-write.ts'
import type { Collection, Store } from '../../../backend/store/port.ts'
import { type MongoEngine, withDatabase } from '../../support/mongo/engine.ts'
import { type FaultyRoad, openFaultyRoad } from '../../support/mongo/faulty-road.ts'
import { openOn } from '../../support/mongo/open-on.ts'
import { type Note, note, notes } from '../note.ts'

const outcomeUnknown = { name: 'StoreUnavailable', outcomeUnknown: true }

/** What a write answers whose reply was lost, on a server that remembers it and on one that doesn't. */
export const lostReplies = (engine: MongoEngine): void => {
  describe.each([
    ['a server that remembers retried writes', false],
    ['a server that forgets them', true],
  ])('a reply lost on the way from %s', (_called, forgets) => {
    let road: FaultyRoad
    let stores: Store[]
    let ours: Collection<Note>
    let theirs: Collection<Note>

    beforeAll(async () => {
      road = await openFaultyRoad(engine.uri)
      const database = `ase_road_${randomUUID().slice(0, 8)}`
      stores = [
        await openOn(withDatabase(engine.uri, database)),
        await openOn(withDatabase(road.uri, database)),
      ]
      if (forgets) road.forgetRetries()
      const [direct, overRoad] = stores
      if (direct === undefined || overRoad === undefined) throw new Error('two stores')
      await direct.prepare([notes])
      theirs = direct.collection(notes)
      ours = overRoad.collection(notes)
    })
    afterAll(async () => {
      road.mend()
      await Promise.all(stores.map((store) => store.close()))
      await road.close()
    })

    /** Others change the document so often, each on what stands there. */
    const othersChange = async (id: string, times = 1): Promise<void> => {
      for (let done = 0; done < times; done += 1) {
        const read = await theirs.get('org_a', id)
        const answer =
          read === null ? { ok: false } : await theirs.replace({ ...read, rank: read.rank + 1 }, read.version)
        expect(answer.ok).toBe(true)
      }
    }
    const othersRemove = async (id: string): Promise<void> => {
      const read = await theirs.get('org_a', id)
      expect(read !== null && (await theirs.remove('org_a', id, read.version))).toBe(true)
    }
    const put = async (): Promise<Note> => {
      const answer = await ours.insert(note(randomUUID()))
      if (!answer.ok) throw new Error('the id was taken')
      return answer.doc
    }
    /** The first attempt is carried out, `meanwhile` happens, and only then the reply is lost. */
    const lose = (command: 'insert' | 'update' | 'delete', meanwhile = async (): Promise<void> => {}) =>
      road.loseReplies(command, { meanwhile })

    test('an insert is known as our own', async () => {
      const id = randomUUID()
      lose('insert')
      expect(await ours.insert(note(id))).toMatchObject({ ok: true })
      expect(await theirs.get('org_a', id)).toMatchObject({ version: 1 })
    })

    test('an insert is known as our own when somebody has changed the document since', async () => {
      const id = randomUUID()
      lose('insert', () => othersChange(id, 2))
      expect(await ours.insert(note(id))).toMatchObject({ ok: true, doc: { version: 1 } })
      expect(await theirs.get('org_a', id)).toMatchObject({ version: 3 })
    })

    test('an insert of an id that others have is a duplicate', async () => {
      const { _id } = await put()
      lose('insert')
      expect(await ours.insert(note(_id))).toEqual({ ok: false, reason: 'duplicate' })
    })

    test('a replace is known as our own, and applied once', async () => {
      const before = await put()
      lose('update')
      expect(await ours.replace({ ...before, text: 'sent' }, 1)).toMatchObject({ ok: true })
      expect(await theirs.get('org_a', before._id)).toMatchObject({ version: 2, text: 'sent' })
    })

    test.each([1, 3])(
      'a replace is known as our own when others have changed the document since, %i times',
      async (times) => {
        const before = await put()
        lose('update', () => othersChange(before._id, times))
        const answer = await ours.replace({ ...before, text: 'sent' }, 1)
        expect(answer).toMatchObject({ ok: true, doc: { version: 2 } })
        const stands = await theirs.get('org_a', before._id)
        expect(stands).toMatchObject({ version: 2 + times, text: 'sent', rank: before.rank + times })
      },
    )

    test('a replace that lost its race is a conflict', async () => {
      const before = await put()
      await othersChange(before._id)
      lose('update')
      expect(await ours.replace({ ...before, text: 'late' }, 1)).toEqual({ ok: false, reason: 'conflict' })
      expect(await theirs.get('org_a', before._id)).toMatchObject({ version: 2, text: '' })
    })

    test('a removal that came too late removes nothing and says so', async () => {
      const before = await put()
      await othersChange(before._id)
      lose('delete')
      expect(await ours.remove('org_a', before._id, 1)).toBe(false)
    })

    if (forgets) {
      test('a replace that nothing tells of any more is unknown: too many others have written since', async () => {
        const before = await put()
        lose('update', () => othersChange(before._id, keptWriteIds))
        await expect(ours.replace({ ...before, text: 'sent' }, 1)).rejects.toMatchObject(outcomeUnknown)
      })

      test('a replace that nothing tells of any more is unknown: the document has been removed since', async () => {
        const before = await put()
        lose('update', () => othersRemove(before._id))
        await expect(ours.replace({ ...before, text: 'sent' }, 1)).rejects.toMatchObject(outcomeUnknown)
      })

      test('a removal is unknown: it leaves nothing that would tell whose it was', async () => {
        const before = await put()
        lose('delete')
        await expect(ours.remove('org_a', before._id, 1)).rejects.toMatchObject(outcomeUnknown)
        expect(await theirs.get('org_a', before._id)).toBeNull()
      })
    } else {
      test('a removal is answered as the first time', async () => {
        const before = await put()
        lose('delete')
        expect(await ours.remove('org_a', before._id, 1)).toBe(true)
      })
    }

    test('lost twice, a write is unknown, and reading tells what became of it', async () => {
      const before = await put()
      road.loseReplies('update', { times: 2 })
      await expect(ours.replace({ ...before, text: 'sent' }, 1)).rejects.toMatchObject(outcomeUnknown)
      expect(await theirs.get('org_a', before._id)).toMatchObject({ version: 2, text: 'sent' })
    })

    test('without a loss, a write that comes second is a conflict', async () => {
      const before = await put()
      await othersChange(before._id)
      expect(await ours.replace(before, 1)).toEqual({ ok: false, reason: 'conflict' })
      expect(await ours.remove('org_a', before._id, 1)).toBe(false)
      expect(await ours.remove('org_a', randomUUID(), 1)).toBe(false)
    })
  })
}
