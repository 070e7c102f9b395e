import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Collection, type Query, type Store, StoreUnavailable } from '../../backend/store/port.ts'
import { openTie, type Tie } from '../../backend/store/tie.ts'
import {
  type Note,
  type NoteLine,
  note,
  notes,
  notesMisread,
  notesWithOtherLine,
  notesWithoutLine,
  notesWithRank,
} from './note.ts'

/** Opens a store on a database that nobody else uses; `reopen` gives another handle on the same data. */
export type OpenForContract = () => Promise<{
  store: Store
  reopen: () => Promise<Store>
  drop: () => Promise<void>
}>

const otherNotes = { ...notesWithoutLine, name: 'other_notes' }

/** What both engines must do, whatever they are. Each test works in organisations of its own. */
export const storeContract = (called: string, open: OpenForContract): void => {
  describe(`${called} keeps the store contract`, () => {
    let opened: Awaited<ReturnType<OpenForContract>>
    let store: Store
    let collection: Collection<Note, NoteLine>
    let others: Collection<Note>
    let org = ''
    let orgs = 0

    beforeAll(async () => {
      opened = await open()
      store = opened.store
      await store.prepare([notes, otherNotes])
      collection = store.collection(notes)
      others = store.collection(otherNotes)
    })
    afterAll(async () => {
      await opened?.drop()
    })
    beforeEach(() => {
      orgs += 1
      org = `org_${orgs}`
    })

    const put = async (id: string, change: Partial<Note> = {}): Promise<Note> => {
      const answer = await collection.insert(note(id, { org_id: org, ...change }))
      if (!answer.ok) throw new Error(`${id} was there already`)
      return answer.doc
    }
    const ids = async (query: Omit<Query, 'limit'> & { limit?: number }): Promise<string[]> =>
      (await collection.find({ limit: 100, ...query })).map((found) => found._id)
    const inRoom = (query: Partial<Query>) => ids({ index: 'room', org_id: org, equals: ['blue'], ...query })

    describe('insert and get', () => {
      test('a document is inserted as version 1, whatever version it carries, and read back whole', async () => {
        const doc = await put('a', { version: 7, text: 'first', due_at: 12.5, purge_at: 9_000_000_000_000 })
        expect(doc.version).toBe(1)
        expect(await collection.get(org, 'a')).toEqual(doc)
      })

      test('an existing id is answered with duplicate and stays as it was', async () => {
        const first = await put('a', { text: 'first' })
        const second = await collection.insert(note('a', { org_id: org, text: 'second' }))
        expect(second).toEqual({ ok: false, reason: 'duplicate' })
        expect(await collection.get(org, 'a')).toEqual(first)
      })

      test('of 20 inserts of one id at once exactly one succeeds, and it is the one that stands', async () => {
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, at) =>
            collection.insert(note('a', { org_id: org, text: `by ${at}` })),
          ),
        )
        const winners = answers.flatMap((answer) => (answer.ok ? [answer.doc] : []))
        expect(winners).toHaveLength(1)
        expect(await collection.get(org, 'a')).toEqual(winners[0])
      })

      test('an unknown id is null', async () => {
        expect(await collection.get(org, 'nobody')).toBeNull()
      })

      test('the same id in two organisations is two documents that never see each other', async () => {
        const mine = await put('shared', { text: 'mine' })
        const theirs = await put('shared', { org_id: `${org}x`, text: 'theirs' })
        expect(await collection.get(org, 'shared')).toEqual(mine)
        expect(await collection.get(`${org}x`, 'shared')).toEqual(theirs)
        expect(await collection.remove(org, 'shared', 1)).toBe(true)
        expect(await collection.get(`${org}x`, 'shared')).toEqual(theirs)
      })
    })

    describe('getRecent', () => {
      test('tells at once what this process has written or removed', async () => {
        expect(await collection.getRecent(org, 'a')).toBeNull()
        const first = await put('a')
        expect(await collection.getRecent(org, 'a')).toEqual(first)
        await collection.replace({ ...first, text: 'changed' }, 1)
        await collection.replace({ ...first, text: 'lost' }, 1)
        expect(await collection.getRecent(org, 'a')).toMatchObject({ text: 'changed', version: 2 })
        await collection.remove(org, 'a', 2)
        expect(await collection.getRecent(org, 'a')).toBeNull()
      })
    })

    describe('getMany', () => {
      test('answers those that there are, in the order in which they are named', async () => {
        const [a, b] = [await put('a'), await put('b', { text: 'second' })]
        await put('c')
        await put('b', { org_id: `${org}x` })
        expect(await collection.getMany(org, ['b', 'nobody', 'a'])).toEqual([b, a])
        expect(await collection.getMany(org, ["'] b", '$gt', 'nobody'])).toEqual([])
        expect(await collection.getMany(org, [])).toEqual([])
      })

      test('sees what was written last', async () => {
        const first = await put('a')
        expect(await collection.getMany(org, ['a'])).toEqual([first])
        await collection.replace({ ...first, text: 'changed' }, 1)
        expect(await collection.getMany(org, ['a'])).toEqual([{ ...first, text: 'changed', version: 2 }])
      })

      test('throws for one that does not fit its schema, and for more than it may be asked for', async () => {
        await put('a')
        await expect(store.collection(notesMisread).getMany(org, ['a'])).rejects.toThrow('does not fit')
        const many = Array.from({ length: 101 }, (_, at) => `n${at}`)
        await expect(collection.getMany(org, many)).rejects.toThrow(RangeError)
      })
    })

    describe('lines', () => {
      const blue = () => ({ index: 'room', org_id: org, equals: ['blue'], limit: 100 })

      test('a list has the line of each document as it was written last, in the order of the index', async () => {
        await put('a', { text: 'first and long', rank: 2 })
        const second = await put('b', { text: 'second and long', rank: 1 })
        await collection.replace({ ...second, text: 'other and long' }, 1)
        await put('c', { room: 'red' })
        expect(await collection.findLines(blue())).toEqual([
          { id: 'b', version: 2, begins: 'other' },
          { id: 'a', version: 1, begins: 'first' },
        ])
        await collection.remove(org, 'a', 1)
        expect((await collection.findLines({ ...blue(), order: 'descending' })).map(({ id }) => id)).toEqual([
          'b',
        ])
      })

      test('one that older code wrote, or code with other lines, is derived from its document', async () => {
        await store.collection(notesWithoutLine).insert(note('old', { org_id: org, text: 'before' }))
        await put('new', { rank: 3 })
        expect((await collection.findLines(blue())).map(({ id }) => id)).toEqual(['old', 'new'])
        expect(await store.collection(notesWithOtherLine).findLines(blue())).toEqual([
          { rank: 1 },
          { rank: 3 },
        ])
      })

      test('a list reads no document: one that fits no schema any more is listed all the same', async () => {
        await put('a')
        const misread = store.collection({ ...notesMisread, line: notes.line })
        await expect(misread.find(blue())).rejects.toThrow('does not fit')
        expect(await misread.findLines(blue())).toHaveLength(1)
      })

      test('a document without a line that fits no schema is told of, or throws', async () => {
        await store.collection(notesWithoutLine).insert(note('a', { org_id: org }))
        const misread = store.collection({ ...notesMisread, line: notes.line })
        const told: Error[] = []
        expect(await misread.findLines({ ...blue(), onUnreadable: (fault) => told.push(fault) })).toEqual([])
        expect(told).toHaveLength(1)
        await expect(misread.findLines(blue())).rejects.toThrow('does not fit')
      })

      test('a collection that declares none has none', async () => {
        await expect(store.collection(notesWithoutLine).findLines(blue())).rejects.toThrow(RangeError)
      })
    })

    describe('replace and remove', () => {
      test('replace on the version that was read writes the next version', async () => {
        const first = await put('a')
        const answer = await collection.replace({ ...first, text: 'changed' }, 1)
        expect(answer).toEqual({ ok: true, doc: { ...first, text: 'changed', version: 2 } })
        expect(await collection.get(org, 'a')).toEqual({ ...first, text: 'changed', version: 2 })
      })

      test.each([
        ['an older version', 1],
        ['a version to come', 3],
      ])('replace on %s is a conflict and changes nothing', async (_called, expected) => {
        const first = await put('a')
        await collection.replace({ ...first, text: 'second' }, 1)
        const answer = await collection.replace({ ...first, text: 'lost' }, expected)
        expect(answer).toEqual({ ok: false, reason: 'conflict' })
        expect((await collection.get(org, 'a'))?.text).toBe('second')
      })

      test('replace of a document that is not there, or not in this organisation, is a conflict', async () => {
        const first = await put('a')
        const elsewhere = { ...first, org_id: `${org}x` }
        expect(await collection.replace(elsewhere, 1)).toEqual({ ok: false, reason: 'conflict' })
        expect(await collection.replace({ ...first, _id: 'b' }, 1)).toEqual({ ok: false, reason: 'conflict' })
        expect(await collection.get(`${org}x`, 'a')).toBeNull()
      })

      test('50 writers on one document: each version has exactly one winner', async () => {
        await put('a', { text: '' })
        const winsByVersion = new Map<number, string[]>()
        const write = async (writer: string): Promise<void> => {
          for (let written = false; !written; ) {
            const read = await collection.get(org, 'a')
            if (read === null) throw new Error('the document is gone')
            const answer = await collection.replace({ ...read, text: `${read.text}${writer};` }, read.version)
            if (!answer.ok) continue
            written = true
            winsByVersion.set(answer.doc.version, [...(winsByVersion.get(answer.doc.version) ?? []), writer])
          }
        }
        const writers = Array.from({ length: 50 }, (_, at) => `w${at}`)
        await Promise.all(writers.map(write))
        const last = await collection.get(org, 'a')
        expect(last?.version).toBe(51)
        expect([...winsByVersion.values()].every((winners) => winners.length === 1)).toBe(true)
        expect(last?.text.split(';').filter(Boolean).sort()).toEqual([...writers].sort())
      })

      test('remove takes only the version that it names, once', async () => {
        await put('a')
        expect(await collection.remove(org, 'a', 2)).toBe(false)
        expect(await collection.remove(`${org}x`, 'a', 1)).toBe(false)
        expect(await collection.remove(org, 'a', 1)).toBe(true)
        expect(await collection.remove(org, 'a', 1)).toBe(false)
        expect(await collection.get(org, 'a')).toBeNull()
      })
    })

    describe('tied writes', () => {
      test('what follows a change or an insert is carried out with it, in another collection too', async () => {
        const first = await put('a')
        const [one, other] = [openTie(), openTie()]
        const answers = await Promise.all([
          collection.replace({ ...first, text: 'changed' }, 1, one),
          others.insert(note('o', { org_id: org }), { follows: one }),
          collection.insert(note('b', { org_id: org }), { leads: other }),
          collection.insert(note('c', { org_id: org }), { follows: other }),
        ])
        expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true])
        expect((await collection.get(org, 'a'))?.version).toBe(2)
        expect(await others.get(org, 'o')).toMatchObject({ version: 1 })
      })

      test.each<[string, (tie: Tie) => Promise<unknown>]>([
        ['lost its race', (tie) => collection.replace(note('a', { org_id: org }), 7, tie)],
        ['is there already', (tie) => collection.insert(note('a', { org_id: org }), { leads: tie })],
      ])('what follows a write that %s is not carried out', async (_called, lead) => {
        await put('a')
        const tie = openTie()
        const [led, followed] = await Promise.all([
          lead(tie),
          collection.insert(note('b', { org_id: org }), { follows: tie }),
        ])
        expect([led, followed]).toEqual([
          expect.objectContaining({ ok: false }),
          { ok: false, reason: 'unled' },
        ])
        expect(await collection.get(org, 'b')).toBeNull()
      })

      test('what was written first follows all the same, and a duplicate takes nothing from what led', async () => {
        const first = await put('a')
        await put('b')
        const tie = openTie()
        const following = collection.insert(note('b', { org_id: org }), { follows: tie })
        expect((await collection.replace(first, 1, tie)).ok).toBe(true)
        expect(await following).toEqual({ ok: false, reason: 'duplicate' })
      })

      test('of 20 changes of one version at once one has its follower', async () => {
        const first = await put('a')
        const followers = await Promise.all(
          Array.from({ length: 20 }, async (_, at) => {
            const tie = openTie()
            const [, followed] = await Promise.all([
              collection.replace({ ...first, text: `by ${at}` }, 1, tie),
              collection.insert(note(`f${at}`, { org_id: org, text: `by ${at}` }), { follows: tie }),
            ])
            return followed.ok ? [followed.doc.text] : []
          }),
        )
        expect(followers.flat()).toEqual([(await collection.get(org, 'a'))?.text])
      })
    })

    describe('find', () => {
      const ranks = { a: -2.5, b: 0, c: 3, d: 3, e: 10, f: 1_800_000_000_000 }
      beforeEach(async () => {
        for (const [id, rank] of Object.entries(ranks)) await put(id, { rank })
        await put('red', { room: 'red', rank: 3 })
        await put('other', { org_id: `${org}x`, rank: 3 })
      })

      test.each<[string, Partial<Query>, string]>([
        ['everything under the leading value, numbers in order', {}, 'abcdef'],
        ['descending', { order: 'descending' }, 'fedcba'],
        ['both values fixed', { equals: ['blue', 3] }, 'cd'],
        ['both values fixed, descending', { equals: ['blue', 3], order: 'descending' }, 'dc'],
        ['from is inclusive', { from: 3 }, 'cdef'],
        ['before is exclusive', { before: 3 }, 'ab'],
        ['a range', { from: 0, before: 10 }, 'bcd'],
        ['a range, descending', { from: 0, before: 10, order: 'descending' }, 'dcb'],
        ['negative bounds', { from: -3, before: -2 }, 'a'],
        ['an empty range', { from: 4, before: 9 }, ''],
        ['a limit', { limit: 2 }, 'ab'],
        ['a limit, descending', { limit: 2, order: 'descending' }, 'fe'],
        ['after a document', { after: { values: [0], _id: 'b' } }, 'cdef'],
        ['after the first of a tie', { after: { values: [3], _id: 'c' } }, 'def'],
        [
          'after the last of a tie, descending',
          { order: 'descending', after: { values: [3], _id: 'd' } },
          'cba',
        ],
        ['after a document that is gone', { after: { values: [3], _id: 'cc' } }, 'def'],
        ['after, under fixed values', { equals: ['blue', 3], after: { values: [], _id: 'c' } }, 'd'],
        ['after, within a range', { from: 0, before: 10, after: { values: [0], _id: 'b' } }, 'cd'],
        ['after, before the range begins', { from: 3, after: { values: [-2.5], _id: 'a' } }, 'cdef'],
        ['after the end', { after: { values: [1_800_000_000_000], _id: 'f' } }, ''],
      ])('%s', async (_called, query, expected) => {
        expect((await inRoom(query)).join('')).toBe(expected)
      })

      test.each(['ascending', 'descending'] as const)(
        'pages of two meet every document once, %s',
        async (order) => {
          const met: string[] = []
          for (let after: Query['after'] | undefined; ; ) {
            const page = await collection.find({
              index: 'room',
              org_id: org,
              equals: ['blue'],
              order,
              limit: 2,
              ...(after === undefined ? {} : { after }),
            })
            const last = page.at(-1)
            if (last === undefined) break
            met.push(...page.map((found) => found._id))
            after = { values: [last.rank], _id: last._id }
          }
          expect(met.join('')).toBe(order === 'ascending' ? 'abcdef' : 'fedcba')
        },
      )

      test('an organisation sees its own documents alone', async () => {
        expect(await ids({ index: 'room', org_id: `${org}x`, equals: ['blue'] })).toEqual(['other'])
      })

      test.each<[string, Query]>([
        ['an undeclared index', { index: 'colour', org_id: 'org_a', limit: 1 }],
        ['an organisation index without its organisation', { index: 'room', limit: 1 }],
        ['a global index with an organisation', { index: 'due', org_id: 'org_a', limit: 1 }],
        ['a limit of 0', { index: 'room', org_id: 'org_a', limit: 0 }],
        ['a limit above 1000', { index: 'room', org_id: 'org_a', limit: 1001 }],
      ])('refuses %s', async (_called, query) => {
        await expect(collection.find(query)).rejects.toThrow(RangeError)
      })
    })

    describe('indexes', () => {
      test('a document with a null in an index is not in that index, and is in the others', async () => {
        await put('dull', { rank: 5 })
        await put('due', { rank: 6, due_at: orgs * 1000 })
        expect(await ids({ index: 'due', from: orgs * 1000, before: orgs * 1000 + 1000 })).toEqual(['due'])
        expect(await inRoom({})).toEqual(['dull', 'due'])
      })

      test('a global index spans organisations', async () => {
        await put('one', { due_at: orgs * 1000 })
        await put('two', { due_at: orgs * 1000 + 1, org_id: `${org}x` })
        expect(await ids({ index: 'due', from: orgs * 1000, before: orgs * 1000 + 1000 })).toEqual([
          'one',
          'two',
        ])
      })

      test('a replaced document moves in its indexes, leaves them, and a removed one is gone from them', async () => {
        const first = await put('a', { rank: 1, due_at: orgs * 1000 })
        const due = () => ids({ index: 'due', from: orgs * 1000, before: orgs * 1000 + 1000 })
        await collection.replace({ ...first, rank: 9, due_at: null }, 1)
        expect(await inRoom({ equals: ['blue', 1] })).toEqual([])
        expect(await inRoom({ equals: ['blue', 9] })).toEqual(['a'])
        expect(await due()).toEqual([])
        await collection.remove(org, 'a', 2)
        expect(await inRoom({})).toEqual([])
      })

      test('values that look like operators, separators or ends are values', async () => {
        const odd = [
          '',
          '$gt',
          '{"$ne":null}',
          '~',
          'a\u0000b',
          '\u0000',
          '\u0001',
          '\u0002',
          'a',
          'ab',
          "x' OR 1=1",
          'é',
          '😀',
        ]
        for (const [at, text] of odd.entries()) await put(`t${at}`, { text })
        for (const [at, text] of odd.entries()) {
          expect(await ids({ index: 'text', org_id: org, equals: [text] })).toEqual([`t${at}`])
        }
        const sorted = await collection.find({ index: 'text', org_id: org, limit: 100 })
        expect(sorted.map((found) => found.text)).toEqual([...odd].sort())
      })

      test('a value that another one begins with is neither it nor behind it', async () => {
        await put('short', { room: 'blu', rank: 99 })
        await put('long', { room: 'blue', rank: 1 })
        expect(await ids({ index: 'room', org_id: org, equals: ['blu'] })).toEqual(['short'])
        expect(await ids({ index: 'room', org_id: org })).toEqual(['short', 'long'])
      })

      test('an index that newer code declares holds the documents from before as well', async () => {
        await put('old', { rank: 4 })
        const newer = await opened.reopen()
        try {
          await newer.prepare([notesWithRank])
          const ranked = newer.collection(notesWithRank)
          await ranked.insert(note('new', { org_id: org, rank: 5 }))
          const found = await ranked.find({ index: 'rank', org_id: org, limit: 10 })
          expect(found.map((doc) => doc._id)).toEqual(['old', 'new'])
        } finally {
          await newer.close()
        }
      })
    })

    describe('purge', () => {
      test('removes what is due, oldest first, up to the limit, and says how many', async () => {
        // Far in the past for an engine that cleans by its own clock would race with this test: these lie ahead.
        const base = 4_000_000_000_000
        for (const at of [0, 1, 2, 3]) await put(`p${at}`, { purge_at: base + at, rank: at })
        await put('kept', { purge_at: null, rank: 9 })
        expect(await collection.purge(base - 1, 10)).toBe(0)
        expect(await collection.purge(base + 2, 2)).toBe(2)
        expect(await inRoom({})).toEqual(['p2', 'p3', 'kept'])
        expect(await collection.purge(base + 2, 10)).toBe(1)
        expect(await inRoom({})).toEqual(['p3', 'kept'])
        expect(await collection.purge(base + 3, 10)).toBe(1)
      })
    })

    describe('documents', () => {
      test('Unicode, nested input with hostile keys and more than 64 kB come back to the character', async () => {
        const loose = JSON.parse(
          '{"$where":"1","a.b":{"$gt":""},"__proto__":{"x":1},"nul\\u0000key":null,"lone":"\\ud800","deep":[[[{"n":1e300}]]]}',
        )
        const doc = await put('big', { text: 'Zażółć 漢字 🧿 \u0000\n'.repeat(8000), loose: { held: loose } })
        const read = await collection.get(org, 'big')
        expect(JSON.stringify(read)).toBe(JSON.stringify(doc))
        expect(JSON.stringify(read).length).toBeGreaterThan(64 * 1024)
      })

      test('a document that does not fit its schema throws, and names itself without its content', async () => {
        await put('odd', { text: 'secret words', rank: 2 })
        const misread = store.collection(notesMisread)
        await expect(misread.get(org, 'odd')).rejects.toThrow(/notes\/.*odd does not fit its schema/)
        await expect(misread.get(org, 'odd')).rejects.not.toThrow(/secret words/)
        await expect(misread.find({ index: 'room', org_id: org, limit: 5 })).rejects.toThrow(/does not fit/)
        const faults: string[] = []
        const onUnreadable = ({ message }: Error) => faults.push(message)
        expect(await misread.find({ index: 'room', org_id: org, limit: 5, onUnreadable })).toEqual([])
        expect(faults).toEqual([expect.stringMatching(/notes\/.*odd does not fit its schema/)])
      })
    })

    describe('the store', () => {
      test('names its engine and takes a durable write when asked how it is', async () => {
        expect(store.engine).toMatch(/^(sqlite|mongodb) \S+ \(.+\)$/)
        await expect(store.ping()).resolves.toBeUndefined()
      })

      test('can be prepared by several at once, and again', async () => {
        const others = await Promise.all([opened.reopen(), opened.reopen()])
        await Promise.all([store, ...others].map((each) => each.prepare([notes])))
        await Promise.all(others.map((each) => each.close()))
        await put('after')
      })

      test.each(['Notes', 'no-tes', 'notes; DROP TABLE x', '$where', ''])(
        'refuses the name "%s"',
        async (name) => {
          await expect(store.prepare([{ name, indexes: [] }])).rejects.toThrow(RangeError)
          expect(() => store.collection({ ...notes, name })).toThrow(RangeError)
        },
      )

      test('once closed it is unavailable, for reads and writes', async () => {
        const closed = await opened.reopen()
        const late = closed.collection(notes)
        await closed.close()
        const unsent = { name: 'StoreUnavailable', outcomeUnknown: false }
        await expect(late.insert(note('late', { org_id: org }))).rejects.toMatchObject(unsent)
        await expect(late.get(org, 'late')).rejects.toThrow(StoreUnavailable)
        await expect(closed.ping()).rejects.toThrow(StoreUnavailable)
      })
    })
  })
}
