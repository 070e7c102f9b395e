import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../backend/store/port.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { note, notes } from './note.ts'

/** SQLite on a disk that is really full, and gets room again. */
const disk = mountSmallDisk(8 * 1024 * 1024)
afterAll(() => disk?.remove())

if (disk === null) {
  test('NOT TESTED HERE: a full disk takes Linux, root and the right to mount', () => {
    console.warn('THE FULL DISK WAS NOT TESTED: it takes Linux, root and the right to mount.')
    expect(disk).toBeNull()
  })
} else {
  describe('a full disk', () => {
    test('refuses writes as not carried out, keeps the store unready though a small write fits, and is survived', async () => {
      const path = join(disk.path, 'store.db')
      const store = openSqlite({ path })
      await store.prepare([notes])
      const collection = store.collection(notes)
      const kept: string[] = []
      const text = 'x'.repeat(40_000)
      /** Documents of forty kB until the disk takes no more. */
      const pour = async (round: string): Promise<unknown> => {
        for (let at = 0; ; at += 1) {
          const id = `${round}_${at}`
          const answer = await collection.insert(note(id, { text })).catch((fault: unknown) => fault)
          if (answer instanceof Error) return answer
          kept.push(id)
        }
      }

      disk.fill(24 * 1024)
      const fault = await pour('first')
      expect(fault).toBeInstanceOf(StoreUnavailable)
      expect(fault).toMatchObject({ message: expect.stringMatching(/full/), outcomeUnknown: false })
      // Longer than a second: what it tries itself meanwhile must not pass for recovery because it is small.
      const until = performance.now() + 1500
      while (performance.now() < until) await expect(store.ping()).rejects.toThrow(/full/)
      for (const id of kept) expect(await collection.get('org_a', id)).toMatchObject({ text })

      disk.makeRoom()
      await expect.poll(() => store.ping().then(() => 'ready'), { timeout: 10_000 }).toBe('ready')
      expect(await collection.insert(note('afterwards', { text }))).toMatchObject({ ok: true })
      await store.close()

      const again = openSqlite({ path })
      for (const id of [...kept, 'afterwards'])
        expect(await again.collection(notes).get('org_a', id)).toMatchObject({ text })
      await again.close()
      const check = new DatabaseSync(path)
      expect(check.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
      check.close()
    })

    test('is waited for at boot, not taken for a damaged file', () => {
      disk.fill()
      expect(() => openSqlite({ path: join(disk.path, 'another.db') })).toThrow(StoreUnavailable)
      disk.makeRoom()
    })
  })
}
