import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Collection, type Store, WrittenByNewerRelease } from '../../backend/store/port.ts'
import { type NextNote, type Note, type NoteLine, nextNotes, note, notes } from './note.ts'

/**
 * Two releases side by side on one store, as while instances are upgraded one after the other. `both` are two handles on the
 * same data; notes are declared by the one as they were, by the other as they will be.
 */
export const twoReleasesContract = (called: string, both: () => Promise<readonly [Store, Store]>): void => {
  describe(`${called}: two releases on one store`, () => {
    let older: Collection<Note, NoteLine>
    let newer: Collection<NextNote, NoteLine>
    let org = ''
    let orgs = 0

    beforeAll(async () => {
      const [first, second] = await both()
      await first.prepare([notes])
      older = first.collection(notes)
      newer = second.collection(nextNotes)
    })
    beforeEach(() => {
      orgs += 1
      org = `org_releases_${orgs}`
    })

    const inRoom = () => ({ index: 'room', org_id: org, equals: ['blue'], limit: 100 })
    const put = async (id: string, change: Partial<Note> = {}): Promise<void> => {
      const { ok } = await older.insert(note(id, { org_id: org, text: 'as it was', ...change }))
      expect(ok).toBe(true)
    }
    const rewritten = async (id: string): Promise<NextNote> => {
      const found = await newer.get(org, id)
      if (found === null) throw new Error(`no ${id}`)
      const replaced = await newer.replace({ ...found, colour: 'green' }, found.version)
      if (!replaced.ok) throw new Error(replaced.reason)
      return replaced.doc
    }

    test('the newer one reads what the older one wrote, and what it wrote itself', async () => {
      await put('a')
      expect(await newer.get(org, 'a')).toMatchObject({ words: 'as it was', colour: 'none', version: 1 })
      await rewritten('a')
      expect(await newer.get(org, 'a')).toMatchObject({ words: 'as it was', colour: 'green', version: 2 })
      await put('b')
      expect((await newer.find(inRoom())).map(({ _id, colour }) => [_id, colour])).toEqual([
        ['a', 'green'],
        ['b', 'none'],
      ])
    })

    test('a document that is only read by the newer one stays the older one’s', async () => {
      await put('a')
      await newer.get(org, 'a')
      await newer.find(inRoom())
      const found = await older.get(org, 'a')
      expect(found).toMatchObject({ text: 'as it was', version: 1 })
      expect(found && (await older.replace({ ...found, text: 'still mine' }, 1)).ok).toBe(true)
      expect(await newer.get(org, 'a')).toMatchObject({ words: 'still mine' })
    })

    test('the older one refuses what the newer one wrote, says what to do, and leaves it as it is', async () => {
      await put('a')
      const before = await older.get(org, 'a')
      const written = await rewritten('a')
      await expect(older.get(org, 'a')).rejects.toThrow(WrittenByNewerRelease)
      await expect(older.get(org, 'a')).rejects.toThrow(
        /notes\/a was written by a newer release \(schema 1, known here up to 0\): finish the upgrade/,
      )
      await expect(older.find(inRoom())).rejects.toThrow(WrittenByNewerRelease)
      // Whoever read it in time loses the race, as against any other writer.
      expect(before && (await older.replace({ ...before, text: 'mine' }, before.version)).ok).toBe(false)
      expect(await older.remove(org, 'a', 1)).toBe(false)
      expect((await older.insert(note('a', { org_id: org }))).ok).toBe(false)
      expect(await newer.get(org, 'a')).toEqual(written)
    })

    test('the older one’s workers go on with all that is theirs, and hear of each document that is not', async () => {
      for (const id of ['a', 'b', 'c']) await put(id)
      await rewritten('b')
      const faults: Error[] = []
      const found = await older.find({ ...inRoom(), onUnreadable: (fault) => faults.push(fault) })
      expect(found.map(({ _id }) => _id)).toEqual(['a', 'c'])
      expect(faults.map(({ name }) => name)).toEqual(['WrittenByNewerRelease'])
    })

    test('a list of the newer one derives the older one’s lines anew; the older one’s list leaves out what it can’t read', async () => {
      for (const id of ['a', 'b']) await put(id)
      expect(await newer.findLines(inRoom())).toEqual([
        { id: 'a', version: 1, begins: 'as ' },
        { id: 'b', version: 1, begins: 'as ' },
      ])
      await rewritten('b')
      const faults: Error[] = []
      const lines = await older.findLines({ ...inRoom(), onUnreadable: (fault) => faults.push(fault) })
      expect(lines).toEqual([{ id: 'a', version: 1, begins: 'as it' }])
      expect(faults.map(({ name }) => name)).toEqual(['WrittenByNewerRelease'])
    })

    test('of writers of both that race, each version has one winner, and no change is lost', async () => {
      await put('a', { text: '' })
      let written = ''
      for (const round of ['a', 'b', 'c', 'd', 'e', 'f']) {
        // Both have read the same version before either writes.
        const [old, now] = await Promise.all([older.get(org, 'a').catch(() => null), newer.get(org, 'a')])
        if (now === null) throw new Error('gone')
        const [byOlder, byNewer] = await Promise.all([
          old !== null &&
            older.replace({ ...old, text: `${old.text}${round}` }, old.version).then(({ ok }) => ok),
          round >= 'c' &&
            newer
              .replace({ ...now, words: `${now.words}${round.toUpperCase()}` }, now.version)
              .then(({ ok }) => ok),
        ])
        expect(byOlder && byNewer).toBe(false)
        written += byOlder ? round : byNewer ? round.toUpperCase() : ''
      }
      expect(await newer.get(org, 'a')).toMatchObject({ words: written, version: written.length + 1 })
    })
  })
}
