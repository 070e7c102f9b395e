import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import { StoreUnavailable, StoreUnfit } from '../../backend/store/port.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { openTie } from '../../backend/store/tie.ts'
import { type OpenForContract, storeContract } from './contract.ts'
import { note, notes } from './note.ts'
import { sealedPartsContract } from './sealed-parts.ts'
import { twoReleasesContract } from './two-releases.ts'
import { linesOf, startWriter } from './writer-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'ase-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
const freshPath = (): string => {
  files += 1
  return join(folder, `store-${files}.db`)
}

/** A store of notes whose engine itself refuses some of them. */
const openWithTriggers = async (triggers: string) => {
  const path = freshPath()
  const store = openSqlite({ path })
  await store.prepare([notes])
  const direct = new DatabaseSync(path)
  direct.exec(triggers)
  direct.close()
  return store
}

const onFile: OpenForContract = async () => {
  const path = freshPath()
  const store = openSqlite({ path })
  return { store, reopen: async () => openSqlite({ path }), drop: () => store.close() }
}

storeContract('sqlite on a file', onFile)

twoReleasesContract('sqlite', async () => {
  const path = freshPath()
  return [openSqlite({ path }), openSqlite({ path })]
})

sealedPartsContract('sqlite', async () => {
  const path = freshPath()
  const store = openSqlite({ path })
  const past = new DatabaseSync(path)
  return {
    store,
    textOf: async (org, id) => {
      const row = past.prepare('SELECT line, body FROM letters WHERE org_id = ? AND _id = ?').get(org, id)
      return `${row?.['body']}\n${row?.['line']}`
    },
    putText: async (org, id, text) => {
      const [body, line] = text.split('\n')
      past
        .prepare('UPDATE letters SET body = ?, line = ? WHERE org_id = ? AND _id = ?')
        .run(body ?? '', line ?? '', org, id)
    },
  }
})

describe('the file', () => {
  test('belongs to its owner alone, with everything beside it', async () => {
    const path = freshPath()
    const store = openSqlite({ path })
    await store.prepare([notes])
    for (const each of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(each).mode & 0o777).toBe(0o600)
    await store.close()
  })

  test('keeps what was written when it is closed and opened again', async () => {
    const path = freshPath()
    const first = openSqlite({ path })
    await first.prepare([notes])
    const written = await first.collection(notes).insert(note('a', { text: 'kept' }))
    await first.close()
    const second = openSqlite({ path })
    expect(await second.collection(notes).get('org_a', 'a')).toEqual(written.ok && written.doc)
    await second.close()
  })

  test.each<[string, (path: string) => void, RegExp]>([
    [
      'of a newer version',
      (path) => setHeader(path, { user_version: 99 }),
      /written by a newer version \(format 99\)/,
    ],
    ['of another program', (path) => foreignDatabase(path), /database of another program/],
    [
      'that is no database',
      (path) => writeFileSync(path, 'once upon a time '.repeat(99)),
      /not an SQLite database/,
    ],
    ['that is damaged', (path) => damage(path), /damaged|not an SQLite database/],
  ])('%s is refused with a sentence', async (_called, spoil, sentence) => {
    const path = freshPath()
    const store = openSqlite({ path })
    await store.prepare([notes])
    await store.close()
    spoil(path)
    expect(() => openSqlite({ path })).toThrow(sentence)
    expect(() => openSqlite({ path })).toThrow(StoreUnfit)
  })

  test('in a place that is no folder is refused with a sentence', () => {
    const path = freshPath()
    writeFileSync(path, '')
    expect(() => openSqlite({ path: join(path, 'store.db') })).toThrow(/cannot be opened/)
  })

  test('a store in memory says so', async () => {
    const store = openSqlite({ path: ':memory:' })
    await store.prepare([notes])
    await store.collection(notes).insert(note('a'))
    expect((await store.collection(notes).get('org_a', 'a'))?.version).toBe(1)
    expect(store.engine).toMatch(/\(memory\)$/)
    await store.close()
  })
})

describe('writes committed together', () => {
  test('each of a group gets its own answer', async () => {
    const store = openSqlite({ path: freshPath() })
    await store.prepare([notes])
    const collection = store.collection(notes)
    const first = note('a')
    const answers = await Promise.all([
      collection.insert(first),
      collection.insert(first),
      collection.replace({ ...first, text: 'one' }, 1),
      collection.replace({ ...first, text: 'two' }, 1),
      collection.remove('org_a', 'a', 2),
      collection.remove('org_a', 'a', 2),
    ])
    const told = answers.map((answer) => (typeof answer === 'boolean' ? answer : answer.ok))
    expect(told).toEqual([true, false, true, false, true, false])
    await store.close()
  })

  test('one that SQLite refuses fails alone', async () => {
    const store = await openWithTriggers(`CREATE TRIGGER refuse BEFORE INSERT ON notes WHEN new._id = 'bad'
      BEGIN SELECT RAISE(ABORT, 'refused by the test'); END`)
    const collection = store.collection(notes)
    const settled = await Promise.allSettled(['a', 'bad', 'b'].map((id) => collection.insert(note(id))))
    expect(settled.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(settled[1]).toMatchObject({ reason: expect.any(StoreUnavailable) })
    expect(
      (await collection.find({ index: 'room', org_id: 'org_a', limit: 9 })).map((doc) => doc._id),
    ).toEqual(['a', 'b'])
    await store.close()
  })

  test('one that the whole transaction dies of fails all of its group, and the next group goes on', async () => {
    const store = await openWithTriggers(`CREATE TRIGGER refuse BEFORE INSERT ON notes WHEN new._id = 'bad'
      BEGIN SELECT RAISE(ROLLBACK, 'refused by the test'); END`)
    const collection = store.collection(notes)
    const settled = await Promise.allSettled(['a', 'bad', 'b'].map((id) => collection.insert(note(id))))
    expect(settled.map((each) => each.status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(await collection.get('org_a', 'a')).toBeNull()
    expect((await collection.insert(note('a'))).ok).toBe(true)
    await store.close()
  })

  test('tied writes are one commit: neither outlives the other', async () => {
    const store = await openWithTriggers(`CREATE TRIGGER die BEFORE INSERT ON notes WHEN new._id = 'dies'
      BEGIN SELECT RAISE(ROLLBACK, 'refused by the test'); END;
      CREATE TRIGGER refuse BEFORE INSERT ON notes WHEN new._id = 'refused'
      BEGIN SELECT RAISE(ABORT, 'refused by the test'); END`)
    const collection = store.collection(notes)
    const pair = (leading: string, following: string) => {
      const tie = openTie()
      return Promise.allSettled([
        collection.insert(note(leading), { leads: tie }),
        collection.insert(note(following), { follows: tie }),
      ])
    }
    const lost = await pair('a', 'dies')
    expect(lost.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const [refused, unled] = await pair('refused', 'b')
    expect(refused.status).toBe('rejected')
    expect(unled).toMatchObject({ value: { ok: false, reason: 'unled' } })
    expect(await collection.getMany('org_a', ['a', 'b', 'dies', 'refused'])).toEqual([])
    await store.close()
  })

  test('while another process keeps the file, writes wait and then fail as unavailable; reads go on', async () => {
    const path = freshPath()
    const store = openSqlite({ path })
    await store.prepare([notes])
    const collection = store.collection(notes)
    await collection.insert(note('a'))
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    const waiting = expect(collection.insert(note('b'))).rejects.toThrow(/locked/)
    expect((await collection.get('org_a', 'a'))?.version).toBe(1)
    await waiting
    other.exec('ROLLBACK')
    expect((await collection.insert(note('b'))).ok).toBe(true)
    other.close()
    await store.close()
  })
})

describe('several processes on one file', () => {
  test('four processes open a new file at once and race on one document: each version has one winner', async () => {
    const path = freshPath()
    const writers = ['p1', 'p2', 'p3', 'p4'].map((name) => startWriter('race', path, name))
    const told = await Promise.all(writers.map(linesOf))
    const winners = told.flat().map((line) => JSON.parse(line))
    const versions = winners.map(({ version }) => version).sort((a, b) => a - b)
    expect(versions).toEqual(Array.from({ length: 100 }, (_, at) => at + 2))
    const store = openSqlite({ path })
    const last = await store.collection(notes).get('org_a', 'raced')
    const bySuccess = winners.sort((a, b) => a.version - b.version).map(({ by }) => `${by};`)
    expect(last?.text).toBe(bySuccess.join(''))
    await store.close()
  })

  test('SIGKILL in the middle of writing loses nothing that was acknowledged', async () => {
    const path = freshPath()
    const acknowledged: string[] = []
    for (const round of ['r1', 'r2', 'r3']) {
      const writer = startWriter('pour', path, round)
      let heard = 0
      for await (const line of writer.lines) {
        acknowledged.push(line)
        heard += 1
        if (heard === 300) writer.process.kill('SIGKILL')
      }
      if (writer.process.exitCode === null && writer.process.signalCode === null)
        await once(writer.process, 'exit')
      expect(writer.process.signalCode).toBe('SIGKILL')
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(900)
    const store = openSqlite({ path })
    const collection = store.collection(notes)
    for (const line of acknowledged) {
      const { id, version } = JSON.parse(line)
      expect((await collection.get('org_a', id))?.version).toBeGreaterThanOrEqual(version)
    }
    expect((await collection.insert(note('afterwards'))).ok).toBe(true)
    await store.close()
    const check = new DatabaseSync(path)
    expect(check.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    check.close()
  })
})

const setHeader = (path: string, header: Record<string, number>): void => {
  const db = new DatabaseSync(path)
  for (const [name, value] of Object.entries(header)) db.exec(`PRAGMA ${name} = ${value}`)
  db.close()
}

const foreignDatabase = (path: string): void => {
  rmSync(path)
  const db = new DatabaseSync(path)
  db.exec('CREATE TABLE recipes (name TEXT)')
  db.close()
}

const damage = (path: string): void => {
  const bytes = readFileSync(path)
  bytes.fill(0xff, 100)
  chmodSync(path, 0o600)
  writeFileSync(path, bytes)
}
