import { join } from 'node:path'
import { allDefinitions, openCollections } from '../../../backend/collections.ts'
import { openSqlite } from '../../../backend/store/sqlite.ts'
import type { Started } from './system.ts'

const dayMs = 86_400_000

/**
 * Lets a day pass for the holds of one person, which is more than anybody wants to wait: their holds are moved back in the
 * store of the running system, as another process on the same machine may write it.
 */
export const holdsRunOut = async ({ data_dir, org_id }: Started, sessionId: string): Promise<void> => {
  const store = openSqlite({ path: join(data_dir, 'ase.sqlite') })
  try {
    await store.prepare(allDefinitions)
    const { sessions, userHolds: stored } = openCollections(store, null)
    const session = await sessions.get(org_id, sessionId)
    const userHolds = await stored.get(org_id, `grd_${session?.event.keys.user}`)
    if (userHolds === null) throw new Error(`nobody is protected by session ${sessionId}`)
    const holds = userHolds.holds.map((hold) => ({
      ...hold,
      opened_at: hold.opened_at - dayMs,
      ends_at: hold.ends_at - dayMs,
    }))
    const { ok } = await stored.replace({ ...userHolds, holds }, userHolds.version)
    if (!ok) throw new Error('the holds were written meanwhile')
  } finally {
    await store.close()
  }
}
