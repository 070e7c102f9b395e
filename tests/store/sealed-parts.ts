import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { personKeyCollection } from '../../backend/sealing/person-key-document.ts'
import { openSealer } from '../../backend/sealing/sealer.ts'
import { createSecrets } from '../../backend/secrets.ts'
import { sealedBy } from '../../backend/store/define-collection.ts'
import type { Collection, Store } from '../../backend/store/port.ts'
import { ring } from '../support/world.ts'
import { type Letter, letters, note } from './note.ts'

/** A store, and a way past it to the text of a letter. */
export type OpenForSealing = () => Promise<{
  store: Store
  textOf: (orgId: string, id: string) => Promise<string>
  putText: (orgId: string, id: string, text: string) => Promise<void>
}>

/** What is about persons, on a real store: sealed under their keys, erased with them, and refused when it was altered. */
export const sealedPartsContract = (called: string, open: OpenForSealing): void => {
  describe(`${called}: what is about a person`, () => {
    const secrets = createSecrets(ring('m1'), ring('p1'))
    let opened: Awaited<ReturnType<OpenForSealing>>
    let store: Store
    let now = 0
    let collection: Collection<Letter, { id: string; begins: string }>
    let org = ''
    let orgs = 0

    beforeAll(async () => {
      opened = await open()
      store = opened.store
      await store.prepare([letters, personKeyCollection])
      collection = store.collection(
        sealedBy(
          letters,
          openSealer(store, secrets, () => now),
        ),
      )
    })
    beforeEach(() => {
      orgs += 1
      org = `org_sealed_${orgs}`
      now += 10_000
    })

    const letter = (id: string, change: Partial<Letter> = {}): Letter => ({
      ...note(id, { org_id: org, text: 'Dear Ana', loose: { street: 'Elm 7' } }),
      person: 'ana',
      erased: false,
      signatures: [
        { at: 1, name: 'Bo Blythe' },
        { at: 2, name: 'Cy Calder' },
      ],
      ...change,
    })
    const put = async (id: string, change: Partial<Letter> = {}): Promise<Letter> => {
      const answer = await collection.insert(letter(id, change))
      if (!answer.ok) throw new Error(answer.reason)
      return answer.doc
    }
    const keyOf = (person: string) => store.collection(personKeyCollection).get(org, `pky_${person}`)
    const eraseKeyOf = async (person: string): Promise<void> => {
      const key = await keyOf(person)
      expect(key && (await store.collection(personKeyCollection).remove(org, key._id, key.version))).toBe(
        true,
      )
    }
    const textsOf = (id: string) => opened.textOf(org, id)
    const writeText = (id: string, text: string) => opened.putText(org, id, text)
    const all = () => ({ index: 'room', org_id: org, equals: ['blue'], limit: 100 })
    const nothingLeft = {
      text: '(erased)',
      loose: {},
      erased: true,
      signatures: [
        { at: 1, name: '(erased)' },
        { at: 2, name: '(erased)' },
      ],
    }

    test('is read back whole, in documents and in lines, and lies in neither', async () => {
      const written = await put('a')
      const text = await textsOf('a')
      for (const said of ['Dear Ana', 'Elm 7', 'Bo Blythe', 'Cy Calder']) expect(text).not.toContain(said)
      expect(text).toContain('blue')
      expect(await collection.get(org, 'a')).toEqual(written)
      expect(await collection.find(all())).toEqual([written])
      expect(await collection.findLines(all())).toEqual([{ id: 'a', begins: 'Dear ' }])
    })

    test('reads as erased without a sealer, at no cost in keys, and nothing can be written so', async () => {
      await put('a')
      const unopened = store.collection(letters)
      expect(await unopened.get(org, 'a')).toMatchObject({ ...nothingLeft, erased: false, rank: 1 })
      await expect(unopened.insert(letter('b'))).rejects.toThrow(RangeError)
    })

    test('of one person has one key, however many write at once; of another it has another', async () => {
      await Promise.all(['a', 'b', 'c'].map((id) => put(id)))
      await put('d', { person: 'bo' })
      const [ana, bo] = [await keyOf('ana'), await keyOf('bo')]
      expect([ana?.version, bo?.version]).toEqual([1, 1])
      expect(ana?.key_id).not.toBe(bo?.key_id)
      expect((await collection.find(all())).map(({ text }) => text)).toEqual(Array(4).fill('Dear Ana'))
    })

    test('is gone with the key: documents and lists say so, the rest stays, and others keep theirs', async () => {
      await put('a')
      await put('b', { person: 'bo' })
      await eraseKeyOf('ana')
      now += 1_000
      expect(await collection.get(org, 'a')).toMatchObject({ ...nothingLeft, room: 'blue', version: 1 })
      expect(await collection.findLines(all())).toEqual([
        { id: 'a', begins: '(erased)' },
        { id: 'b', begins: 'Dear ' },
      ])
    })

    test('stays gone when the document is changed, and when the person comes back with another key', async () => {
      await put('a')
      await eraseKeyOf('ana')
      now += 1_000
      const found = await collection.get(org, 'a')
      if (found === null) throw new Error('gone')
      expect((await collection.replace({ ...found, rank: 7 }, found.version)).ok).toBe(true)
      await put('b')
      expect(await collection.get(org, 'a')).toMatchObject({ ...nothingLeft, rank: 7, version: 2 })
      expect(await collection.get(org, 'b')).toMatchObject({ text: 'Dear Ana', erased: false })
      expect((await collection.findLines(all())).map(({ begins }) => begins)).toEqual(['Dear ', '(erased)'])
    })

    test('is forgotten within a second by an instance that had the key open', async () => {
      await put('a')
      await collection.get(org, 'a')
      await eraseKeyOf('ana')
      now += 999
      expect(await collection.get(org, 'a')).toMatchObject({ text: 'Dear Ana' })
      now += 1
      expect(await collection.get(org, 'a')).toMatchObject({ erased: true })
    })

    test('is read whole by an instance that had met the person without a key', async () => {
      const sealedElsewhere = () =>
        openSealer(store, secrets, () => now).seal(
          { collection: letters.name, org_id: org, _id: 'a', part: 'document' },
          'ana',
          '{}',
        )
      const here = openSealer(store, secrets, () => now)
      const before = await sealedElsewhere()
      await eraseKeyOf('ana')
      expect(await here.canOpen(org, before)).toBe(false)
      expect(await here.canOpen(org, await sealedElsewhere())).toBe(true)
      expect(await here.canOpen(org, before)).toBe(false)
    })

    test('is not sealed again by a change that leaves it alone, and is by one that does not', async () => {
      await put('a')
      const sealedText = async () => (await textsOf('a')).match(/"sealed":"([^"]+)"/)?.[1]
      const first = await sealedText()
      const found = await collection.get(org, 'a')
      if (found === null) throw new Error('gone')
      await collection.replace({ ...found, rank: 2 }, 1)
      expect(await sealedText()).toBe(first)
      await collection.replace({ ...found, rank: 2, text: 'Dear Eve' }, 2)
      expect(await sealedText()).not.toBe(first)
      expect(await collection.get(org, 'a')).toMatchObject({ text: 'Dear Eve' })
      expect(await collection.findLines(all())).toEqual([{ id: 'a', begins: 'Dear ' }])
    })

    test('with nobody to name stays in the clear, and is read as it is', async () => {
      const written = await put('a', { person: null })
      expect(await collection.get(org, 'a')).toEqual(written)
    })

    test('that was altered, or moved from another document, is a fault and not an erasure', async () => {
      await put('a')
      await put('b')
      const [ofA, ofB] = [await textsOf('a'), await textsOf('b')]
      const sealedOf = (text: string) => text.match(/"sealed":"([^"]+)"/)?.[1] ?? ''
      const texts = (text: string) => {
        const last = text.at(-2)
        return [sealedOf(ofB), `${text.slice(0, -3)}${last === 'A' ? 'B' : 'A'}${text.slice(-2)}`]
      }
      for (const sealed of texts(sealedOf(ofA))) {
        await writeText('a', ofA.replace(sealedOf(ofA), sealed))
        await expect(collection.get(org, 'a')).rejects.toThrow()
        const faults: Error[] = []
        const found = await collection.find({ ...all(), onUnreadable: (fault) => faults.push(fault) })
        expect([found.map(({ _id }) => _id), faults.length]).toEqual([['b'], 1])
      }
    })
  })
}
