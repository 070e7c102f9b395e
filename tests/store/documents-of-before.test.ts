import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import {
  allDefinitions,
  type Collections,
  definitions,
  openAttempts,
  openEvidence,
} from '../../backend/collections.ts'
import { createSecrets } from '../../backend/secrets.ts'
import { indexKey } from '../../backend/store/index-key.ts'
import type { Collection, CollectionDefinition, Store, StoredDocument } from '../../backend/store/port.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { indexColumn } from '../../backend/store/sqlite-schema.ts'
import { fromStoredTextUnopened } from '../../backend/store/stored-text.ts'
import { openWorld, type World } from '../support/world.ts'

/** What the release before schema numbers wrote, as it lies in its file, read and carried on by today's. */

const fixtures = join(import.meta.dirname, 'documents-of-before')
const ringOfBefore = (kid: string) => [
  { kid, key: createHash('sha256').update(`documents of before ${kid}`).digest() },
]

const head = z.looseObject({
  _id: z.string(),
  org_id: z.string(),
  version: z.int(),
  purge_at: z.nullable(z.int()),
})
type Before = { text: string; doc: z.infer<typeof head> }

const documentsOf = (collection: string): Before[] =>
  readFileSync(join(fixtures, `${collection}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => ({ text, doc: head.parse(JSON.parse(text)) }))

const folder = mkdtempSync(join(tmpdir(), 'ase-before-'))
const path = join(folder, 'store.db')
let store: Store
let world: World
let collections: Collections

/** One collection: how its rows of before come into the file, and how they are carried on. */
const part = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  opened: () => Collection<Doc, Line>,
) => ({
  name: definition.name,
  /** A text without a number, and no line. */
  put: (file: DatabaseSync): void => {
    const { name, indexes } = definition
    const columns = ['org_id', '_id', 'version', 'purge_at', ...indexes.map((one) => indexColumn(one.name))]
    const insert = file.prepare(
      `INSERT INTO ${name} (${columns.join(', ')}, body) VALUES (${columns.map(() => '?, ').join('')}?)`,
    )
    for (const { text, doc } of documentsOf(name)) {
      const read = fromStoredTextUnopened(definition, { org_id: doc.org_id, _id: doc._id, body: text })
      const entries = indexes.map((one) => indexKey(one.values(read), doc._id))
      insert.run(doc.org_id, doc._id, doc.version, doc.purge_at, ...entries, text)
    }
  },
  carryOn: async (): Promise<void> => {
    for (const { doc } of documentsOf(definition.name)) {
      const found = await opened().get(doc.org_id, doc._id)
      if (found === null) throw new Error(`no ${doc._id}`)
      const written = await opened().replace(found, found.version)
      expect(written.ok).toBe(true)
      expect(await opened().get(doc.org_id, doc._id)).toEqual({ ...found, version: found.version + 1 })
    }
  },
})

const parts = [
  part(definitions.organisations, () => collections.organisations),
  part(definitions.apiKeys, () => collections.apiKeys),
  part(definitions.adminAccounts, () => collections.adminAccounts),
  part(definitions.adminLogins, () => collections.adminLogins),
  part(definitions.trail, () => collections.trail),
  part(definitions.sessions, () => collections.sessions),
  part(definitions.counters, () => collections.counters),
  part(definitions.policies, () => collections.policies),
  part(definitions.profiles, () => collections.profiles),
  part(definitions.payees, () => collections.payees),
  part(definitions.labels, () => collections.labels),
  part(definitions.taught, () => collections.taught),
  part(definitions.userHolds, () => collections.userHolds),
  part(definitions.incidents, () => collections.incidents),
  part(definitions.scamReports, () => collections.scamReports),
  part(definitions.backtests, () => collections.backtests),
  part(definitions.sentDrafts, () => collections.sentDrafts),
  part(definitions.outbox, () => collections.outbox),
]

beforeAll(async () => {
  store = openSqlite({ path })
  await store.prepare(allDefinitions)
  const file = new DatabaseSync(path)
  for (const { put } of parts) put(file)
  file.close()
  world = await openWorld({
    store,
    clock: { now: latestChange() + 1000 },
    secrets: createSecrets(ringOfBefore('m1'), ringOfBefore('p1')),
  })
  collections = world.deps.collections
})
afterAll(async () => {
  await world.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const latestChange = (): number =>
  Math.max(...documentsOf('sessions').map(({ doc }) => Number(doc['updated_at'])))

const sessions = () =>
  Promise.all(
    documentsOf('sessions').map(async ({ doc }) => {
      const session = await collections.sessions.get(doc.org_id, doc._id)
      if (session === null) throw new Error(`no ${doc._id}`)
      return session
    }),
  )
const linesOf = (org: string) =>
  collections.sessions.findLines({ index: 'updated', org_id: org, equals: ['live'], limit: 100 })
const storedTexts = (): string => {
  const file = new DatabaseSync(path, { readOnly: true })
  const rows = file.prepare('SELECT body, line FROM sessions').all()
  file.close()
  return JSON.stringify(rows)
}

describe('documents of before', () => {
  it('are kept of every collection that there was', () => {
    const kept = readdirSync(fixtures).filter((name) => name.endsWith('.jsonl'))
    expect(kept.toSorted()).toEqual(parts.map(({ name }) => `${name}.jsonl`).toSorted())
    const all = Object.values(definitions).map(({ name }) => name)
    const cameSince = ['activity', 'lists', 'list_buckets', 'person_keys']
    expect(all.filter((name) => !parts.some((one) => one.name === name))).toEqual(cameSince)
  })

  it('say in today’s words and places what they said in theirs', async () => {
    const all = await sessions()
    const before = documentsOf('sessions').map(({ doc }) => doc)
    expect(all.map(({ ending: { resolution } }) => resolution)).toEqual(
      before.map(({ resolution }) => (resolution === 'stalled' ? 'abandoned' : resolution)),
    )
    expect(all.map(({ request: { action_digest } }) => action_digest)).toEqual(before.map(({ act }) => act))
    expect(all.map(({ event }) => event.user)).toEqual(
      before.map(({ event }) => z.looseObject({ user: z.unknown() }).parse(event).user),
    )
    const stated = (type: string, field: string) =>
      all.flatMap(({ checkpoint: { steps } }, index) =>
        steps
          .filter((step) => step.type === type)
          .map(({ state }) => ({ now: state, before: before[index]?.[field] ?? null })),
      )
    for (const [type, field] of [
      ['intent', 'intent'],
      ['confirm_action', 'confirm'],
      ['questions', 'questions'],
      ['email_code', 'code'],
    ] as const) {
      expect(stated(type, field).map(({ now }) => now)).toEqual(
        stated(type, field).map((step) => step.before),
      )
      expect(stated(type, field).filter(({ now }) => now !== null)).not.toEqual([])
    }
    expect(new Set(all.map(({ ending: { resolution } }) => resolution))).toContain('abandoned')
    const effects = all.flatMap(({ consequences: { outbox } }) => outbox.map(({ effect }) => effect))
    expect(effects).toContainEqual({ kind: 'step_message', step: 'email_code', generation: 1 })
  })

  it('are counted by reports and memory without being opened', async () => {
    const attempts = openAttempts(store)
    for (const { doc } of documentsOf('sessions'))
      expect(await attempts.get(doc.org_id, doc._id)).toMatchObject({ _id: doc._id })
    for (const org of new Set(documentsOf('sessions').map(({ doc }) => doc.org_id))) {
      const read = await openEvidence(store).find({
        index: 'created',
        org_id: org,
        equals: ['live'],
        limit: 100,
      })
      for (const { evidence } of read) expect(evidence).not.toBeNull()
    }
  })

  it('show an open checkpoint’s page, whose link was given out before', async () => {
    const open = (await sessions()).filter(({ status }) => status === 'open')
    expect(open.length).toBeGreaterThan(0)
    for (const session of open) {
      const key = world.deps.secrets.sessionKey(session)
      const page = await fetch(`${world.url}/challenge/${key}`)
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    }
  })

  it('are in lists, and nobody’s address is left in the clear once they are written again', async () => {
    const orgs = [...new Set(documentsOf('sessions').map(({ doc }) => doc.org_id))]
    const before = await Promise.all(orgs.map(linesOf))
    expect(before.flat().length).toBeGreaterThan(0)
    expect(storedTexts()).toContain('@example.com')
    await Promise.all(
      (await sessions()).map((session) => collections.sessions.replace(session, session.version)),
    )
    expect(storedTexts()).not.toContain('@example.com')
    const withoutVersion = (lines: typeof before) =>
      lines.flat().map(({ summary: { version: _, ...summary } }) => summary)
    expect(withoutVersion(await Promise.all(orgs.map(linesOf)))).toEqual(withoutVersion(before))
  })

  it.each(parts)(
    '$name: each is written under today’s number, and reads the same again',
    async ({ carryOn }) => {
      await carryOn()
    },
  )
})
