import { defineCollection, withLines, withPersonal, withSparse } from '../store/define-collection.ts'
import type { Collection, CollectionDefinition, Index, Opened } from '../store/port.ts'
import { sessionUpgrades } from '../upgrades/session-upgrades.ts'
import { parseAttempt, type StoredAttempt } from './attempt.ts'
import { counterDocument } from './counter.ts'
import { type Session, sessionDocument } from './document.ts'
import { parseEvidence, type StoredEvidence } from './evidence.ts'
import { sessionLine, sessionLineOf } from './line.ts'
import { sessionPersonal } from './personal.ts'
import { sparseSession, sparseSessionLine } from './usual.ts'

/** When the relay must look at a session: the earliest consequence still riding in it. */
const outboxDueAt = (session: Session): number | null =>
  session.consequences.outbox.length === 0
    ? null
    : Math.min(...session.consequences.outbox.map((row) => row.due_at))

const created: Index<
  Pick<Session, '_id' | 'org_id' | 'version' | 'purge_at' | 'environment' | 'created_at'>
> = {
  name: 'created',
  scope: 'org',
  values: (session) => [session.environment, session.created_at],
}
const payee: Index<StoredAttempt> = {
  name: 'payee',
  scope: 'org',
  values: (session) => [session.event.keys.payee, session.created_at],
}

const sparse = { since: 3, document: sparseSession, line: sparseSessionLine }

export const sessionCollections = {
  sessions: withSparse(
    withPersonal(
      withLines(
        defineCollection(
          'sessions',
          sessionDocument,
          [
            { name: 'url_key', scope: 'global', values: (session) => [session.keys.url_sha256] },
            { name: 'updated', scope: 'org', values: (session) => [session.environment, session.updated_at] },
            created,
            {
              name: 'user',
              scope: 'org',
              values: (session) => [session.event.keys.user, session.created_at],
            },
            payee,
            // Every reference that a screen shows stands in a session, with or without an incident.
            {
              name: 'case',
              scope: 'org',
              values: (session) => [session.consequences.case_reference, session.created_at],
            },
            {
              name: 'open_deadline',
              scope: 'global',
              values: (session) => [session.status === 'open' ? session.checkpoint.deadline_at : null],
            },
            { name: 'outbox_due', scope: 'global', values: (session) => [outboxDueAt(session)] },
          ],
          sessionUpgrades,
        ),
        sessionLine,
        sessionLineOf,
      ),
      sessionPersonal,
    ),
    sparse,
  ),
  counters: defineCollection('counters', counterDocument),
} as const
export type SessionStore = { collections: Opened<typeof sessionCollections> }

/**
 * Stored sessions as reports and backtests read them. There is no way to write one back. Reports count nothing that is
 * about a person, and so read without opening what is sealed.
 */
export type EvidenceReader = Pick<Collection<StoredEvidence>, 'find'>

export const evidenceDefinition: CollectionDefinition<StoredEvidence> = {
  name: sessionCollections.sessions.name,
  upgrades: sessionUpgrades,
  parse: parseEvidence,
  indexes: [created],
  isScanned: true,
  personal: { ...sessionPersonal, person: () => null },
  sparse,
}

/** Stored sessions as memory reads them. There is no way to write one back. */
export type AttemptReader = Pick<Collection<StoredAttempt>, 'find' | 'get'>

export const attemptDefinition: CollectionDefinition<StoredAttempt> = {
  name: sessionCollections.sessions.name,
  upgrades: sessionUpgrades,
  parse: parseAttempt,
  sparse,
  indexes: [payee],
}
