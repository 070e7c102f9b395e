import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { definitions } from '../../backend/collections.ts'
import type { Deps } from '../../backend/deps.ts'
import { normaliseEvent } from '../../backend/intake/normalise-event.ts'
import { digestKeyOf, subjectDigest } from '../../backend/repositories/identity.ts'
import { emptyProfile, learn, type Profile } from '../../backend/risk/profile.ts'
import type { Session } from '../../backend/session/document.ts'
import { sealedBy } from '../../backend/store/define-collection.ts'
import { indexKey } from '../../backend/store/index-key.ts'
import type { Sealer } from '../../backend/store/port.ts'
import { indexColumn } from '../../backend/store/sqlite-schema.ts'
import { toStoredTexts } from '../../backend/store/stored-text.ts'
import type { World } from '../support/world.ts'
import { rent, userAt } from './traffic.ts'

/** History, written straight into the store: a year of a customer, and a site's past sessions. */

const dayMs = 86_400_000
const chunkSize = 500

/** Writes in chunks that the store may commit together. */
const inChunks = async (count: number, write: (index: number) => Promise<unknown>): Promise<void> => {
  for (let from = 0; from < count; from += chunkSize) {
    const indexes = Array.from({ length: Math.min(chunkSize, count - from) }, (_, i) => from + i)
    await Promise.all(indexes.map(write))
  }
}

type Digest = (purpose: string, value: string) => string

/** A profile after a year of rents: the same for every user, because device and payee are digested the same. */
export const aYearOfRents = (digest: Digest, now: number): Profile =>
  Array.from({ length: 24 }, (_, i) => i).reduce(
    (profile, i) => {
      const at = now - (390 - i * 15) * dayMs
      const paid = normaliseEvent(rent('u_0'), { now: at, digest })
      if (!paid.ok) throw new Error(paid.message)
      const event = { ...paid.event, amount: { value: 12_000 + (i % 7) * 1_000, currency: 'USD' } }
      return learn(profile, event, { id: `evt_past_${i}`, source: 'history', arrived_at: at })
    },
    emptyProfile('', ''),
  )

/** Gives the first `count` users of the load a profile as a year of rents leaves it. */
export const prefillProfiles = async (
  { deps, sealer }: Pick<World, 'deps' | 'sealer'>,
  orgId: string,
  count: number,
): Promise<void> => {
  const organisation = await deps.collections.organisations.get(orgId, orgId)
  if (organisation === null) throw new Error('the organisation is missing')
  const digest = subjectDigest(digestKeyOf(deps, organisation), 'live')
  const year = aYearOfRents(digest, deps.clock())
  await inChunks(count, async (index) => {
    const user = digest('user', userAt(index))
    // Whoever has been here before has a key.
    await sealer.seal({ collection: 'sessions', org_id: orgId, _id: '', part: 'document' }, user, '')
    await deps.collections.profiles.insert({ ...year, _id: `usr_${user}`, org_id: orgId })
  })
}

const rowsACommit = 2_000

/**
 * Copies of a real, finished session under random ids: as scattered in every index as real ones. Into the store's file by
 * a connection of its own, which does not wait for the disk: through the port a million would take longer than all that
 * is measured. The rows are those that the port writes.
 */
export const prefillSessions = async (
  { deps, sealer }: Pick<World, 'deps' | 'sealer'>,
  file: string,
  sample: Session,
  count: number,
): Promise<void> => {
  const { name, indexes } = definitions.sessions
  // All under one person's key: what a row holds is as long, and a million keys more would measure nothing.
  const forSample: Sealer = {
    ...sealer,
    seal: (ref, _, part) => sealer.seal(ref, sample.event.keys.user, part),
  }
  const sealed = sealedBy(definitions.sessions, forSample)
  const db = new DatabaseSync(file)
  db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144')
  const columns = [
    'org_id',
    '_id',
    'version',
    'purge_at',
    ...indexes.map((index) => indexColumn(index.name)),
    'body',
  ]
  const insert = db.prepare(
    `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  for (let from = 0; from < count; from += rowsACommit) {
    db.exec('BEGIN IMMEDIATE')
    for (let index = from; index < Math.min(count, from + rowsACommit); index += 1) {
      const copy = copyOf(deps, sample, index)
      const entries = indexes.map((one) => indexKey(one.values(copy), copy._id))
      const { body } = await toStoredTexts(sealed, copy)
      insert.run(copy.org_id, copy._id, copy.version, copy.purge_at, ...entries, body)
    }
    db.exec('COMMIT')
    // Between two commits the server's own workers come to the file.
    await delay(1)
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}

/** Takes every session out of the store's file but those. */
export const dropSessions = (file: string, kept: readonly string[]): void => {
  const { name } = definitions.sessions
  const db = new DatabaseSync(file)
  db.exec('PRAGMA busy_timeout = 5000')
  db.prepare(`DELETE FROM ${name} WHERE _id NOT IN (${kept.map(() => '?').join(', ')})`).run(...kept)
  db.close()
}

const copyOf = (deps: Deps, sample: Session, index: number): Session => {
  const suffix = deps.random(16).toString('hex')
  const at = sample.created_at - index * 1000
  return {
    ...sample,
    _id: `ses_${suffix}`,
    version: 1,
    request: { ...sample.request, event_id: `evt_${suffix}` },
    keys: { ...sample.keys, url_sha256: deps.random(32).toString('base64url') },
    created_at: at,
    updated_at: at,
    event: { ...sample.event, keys: { ...sample.event.keys, user: deps.random(32).toString('base64url') } },
    consequences: { ...sample.consequences, outbox: [] },
  }
}
