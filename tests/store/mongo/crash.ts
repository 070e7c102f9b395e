import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { mongoPatience } from '../../../backend/store/mongo-patience.ts'
import { StoreUnavailable } from '../../../backend/store/port.ts'
import { type MongoEngine, withDatabase } from '../../support/mongo/engine.ts'
import { openOn } from '../../support/mongo/open-on.ts'
import type { ServerProcess } from '../../support/mongo/server-process.ts'
import { note, notes } from '../note.ts'

const writers = 8
const heardBeforeKill = 200

/** The database dies under eight writers, and comes back on the data that it left. */
export const crash = (engine: MongoEngine, server: ServerProcess): void => {
  describe('SIGKILL for the database under eight writers', () => {
    test('loses nothing that was acknowledged, and keeps nothing that was said not to be there', async () => {
      const uri = withDatabase(engine.uri, `ase_crash_${randomUUID().slice(0, 8)}`)
      const acknowledged = new Map<string, number>()
      const neverSent: string[] = []
      const dying = await openOn(uri, { ...mongoPatience, selectionMs: 300 })
      await dying.prepare([notes])
      const poured = dying.collection(notes)
      let heard = 0
      let killed: Promise<void> | null = null
      const hear = (id: string, version: number) => {
        acknowledged.set(id, version)
        heard += 1
        if (heard >= heardBeforeKill) killed ??= server.kill()
      }
      /** Inserts and changes until the database is gone. */
      const pour = async (lane: number): Promise<void> => {
        for (let at = 0; ; at += 1) {
          const id = `${lane}_${at}`
          try {
            const inserted = await poured.insert(note(id, { text: 'x'.repeat(2000) }))
            if (!inserted.ok) throw new Error(`${id} was there already`)
            hear(id, 1)
            const replaced = await poured.replace({ ...inserted.doc, due_at: at }, 1)
            if (!replaced.ok) throw new Error(`${id} was changed by somebody else`)
            hear(id, 2)
          } catch (fault) {
            if (!(fault instanceof StoreUnavailable)) throw fault
            if (!fault.outcomeUnknown && !acknowledged.has(id)) neverSent.push(id)
            return
          }
        }
      }
      await Promise.all(Array.from({ length: writers }, (_, lane) => pour(lane)))
      await killed
      await dying.close()
      await server.start()

      expect(acknowledged.size).toBeGreaterThanOrEqual(heardBeforeKill / 2)
      const store = await openOn(uri)
      const collection = store.collection(notes)
      for (const [id, version] of acknowledged)
        expect((await collection.get('org_a', id))?.version, id).toBeGreaterThanOrEqual(version)
      for (const id of neverSent) expect(await collection.get('org_a', id)).toBeNull()
      expect(await collection.insert(note('afterwards'))).toMatchObject({ ok: true })
      await store.close()
    })
  })
}
