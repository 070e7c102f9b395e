import type * as z from 'zod/mini'
import { sessionLine } from '#contract/session-line'
import { type DueEntry, trailDueAt, trailLink } from '../audit/organisation-trail.ts'
import { guardDocument } from '../hold/guard.ts'
import { incidentDocument, scamReportDocument } from '../incident/incident.ts'
import { adminAccountDocument, adminLoginDocument } from '../org/admin-account.ts'
import { apiKeyDocument } from '../org/api-key.ts'
import { organisationDocument } from '../org/organisation.ts'
import { laneOf, outboxDocument } from '../outbox/document.ts'
import { policyVersionDocument, policyVersionLine, policyVersionLineOf } from '../policy/document.ts'
import { labelDocument } from '../risk/labels/label-document.ts'
import { payeeReportsDocument } from '../risk/payee-reports-document.ts'
import { profileDocument } from '../risk/profile.ts'
import { taughtDocument } from '../risk/taught-document.ts'
import { parseAttempt, type StoredAttempt } from '../session/attempt.ts'
import { counterDocument } from '../session/counter.ts'
import { type Session, sessionDocument } from '../session/document.ts'
import { parseEvidence, type StoredEvidence } from '../session/evidence.ts'
import { sessionLineOf } from '../session/line.ts'
import {
  backtestDocument,
  backtestLine,
  backtestLineOf,
  isUnfinished,
  sentDraftDocument,
} from '../study/backtest-document.ts'
import type {
  AnyCollectionDefinition,
  Collection,
  CollectionDefinition,
  Index,
  Store,
  StoredDocument,
} from './port.ts'

/** Every collection: its name, the schema its documents are parsed by, and the indexes that queries may use. */

const define = <Schema extends z.ZodMiniType<StoredDocument>>(
  name: string,
  schema: Schema,
  indexes: readonly Index<z.infer<Schema>>[] = [],
): CollectionDefinition<z.infer<Schema>> => ({ name, parse: (stored) => schema.parse(stored), indexes })

/** A collection whose lists show a little of large documents. */
const withLines = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc>,
  schema: z.ZodMiniType<Line>,
  of: (doc: Doc) => Line,
): CollectionDefinition<Doc, Line> => ({
  ...definition,
  line: { of, parse: (stored) => schema.parse(stored) },
})

/** When the relay must look at a session: the earliest consequence still riding in it. */
export const outboxDueAt = (session: Session): number | null =>
  session.outbox.length === 0 ? null : Math.min(...session.outbox.map((row) => row.due_at))

/** What was changed and whose entry is not in the organisation's trail yet. */
const trailDue = {
  name: 'trail_due',
  scope: 'global' as const,
  values: (doc: { trail_due: DueEntry[] }) => [trailDueAt(doc)],
}

export const definitions = {
  organisations: define('organisations', organisationDocument, [
    { name: 'all', scope: 'global', values: () => ['organisation'] },
    trailDue,
  ]),
  apiKeys: define('api_keys', apiKeyDocument, [
    { name: 'key_id', scope: 'global', values: (key) => [key._id] },
    { name: 'usable', scope: 'org', values: (key) => [key.revoked_at === null ? key.env : null] },
    trailDue,
  ]),
  adminAccounts: define('admin_accounts', adminAccountDocument, [
    { name: 'email', scope: 'global', values: (account) => [account.email] },
    trailDue,
  ]),
  adminLogins: define('admin_logins', adminLoginDocument, [
    { name: 'token', scope: 'global', values: (login) => [login._id] },
  ]),
  sessions: withLines(
    define('sessions', sessionDocument, [
      { name: 'url_key', scope: 'global', values: (session) => [session.key_sha256] },
      { name: 'updated', scope: 'org', values: (session) => [session.environment, session.updated_at] },
      { name: 'created', scope: 'org', values: (session) => [session.environment, session.created_at] },
      { name: 'user', scope: 'org', values: (session) => [session.event.keys.user, session.created_at] },
      { name: 'payee', scope: 'org', values: (session) => [session.event.keys.payee, session.created_at] },
      // Every reference that a screen shows stands in a session, with or without an incident.
      { name: 'case', scope: 'org', values: (session) => [session.case_reference, session.created_at] },
      {
        name: 'open_deadline',
        scope: 'global',
        values: (session) => [session.status === 'open' ? session.deadline_at : null],
      },
      { name: 'outbox_due', scope: 'global', values: (session) => [outboxDueAt(session)] },
    ]),
    sessionLine,
    sessionLineOf,
  ),
  policies: withLines(
    define('policies', policyVersionDocument, [
      { name: 'number', scope: 'org', values: (version) => [version.number] },
    ]),
    policyVersionLine,
    policyVersionLineOf,
  ),
  profiles: define('profiles', profileDocument),
  payees: define('payees', payeeReportsDocument),
  guards: define('guards', guardDocument),
  labels: define('labels', labelDocument, [
    { name: 'changed', scope: 'org', values: (document) => [document.environment, document.changed_at] },
    trailDue,
  ]),
  counters: define('counters', counterDocument),
  taught: define('taught', taughtDocument),
  incidents: define('incidents', incidentDocument, [
    { name: 'created', scope: 'org', values: (incident) => [incident.environment, incident.created_at] },
    { name: 'case', scope: 'org', values: (incident) => [incident.case_reference] },
  ]),
  scamReports: define('scam_reports', scamReportDocument, [
    { name: 'created', scope: 'org', values: (report) => [report.environment, report.created_at] },
  ]),
  trail: define('trail', trailLink, [
    { name: 'seq', scope: 'org', values: (link) => [link.entry.seq] },
    { name: 'change', scope: 'org', values: (link) => [link.change] },
  ]),
  backtests: withLines(
    define('backtests', backtestDocument, [
      { name: 'created', scope: 'org', values: (backtest) => [backtest.environment, backtest.created_at] },
      {
        name: 'due',
        scope: 'global',
        values: (backtest) => [isUnfinished(backtest) ? backtest.lease_until : null],
      },
    ]),
    backtestLine,
    backtestLineOf,
  ),
  sentDrafts: define('sent_drafts', sentDraftDocument),
  outbox: define('outbox', outboxDocument, [
    {
      name: 'due',
      scope: 'global',
      values: (row) => [row.state === 'due' ? laneOf(row.effect) : null, row.due_at],
    },
    { name: 'dead', scope: 'org', values: (row) => [row.state === 'dead' ? row.created_at : null] },
  ]),
} as const

export const allDefinitions: readonly AnyCollectionDefinition[] = Object.values(definitions)

export type Collections = {
  [Name in keyof typeof definitions]: (typeof definitions)[Name] extends CollectionDefinition<
    infer Doc,
    infer Line
  >
    ? Collection<Doc, Line>
    : never
}

/** Opens every collection on an engine. */
export const openCollections = (store: Store): Collections => ({
  organisations: store.collection(definitions.organisations),
  apiKeys: store.collection(definitions.apiKeys),
  adminAccounts: store.collection(definitions.adminAccounts),
  adminLogins: store.collection(definitions.adminLogins),
  sessions: store.collection(definitions.sessions),
  policies: store.collection(definitions.policies),
  profiles: store.collection(definitions.profiles),
  payees: store.collection(definitions.payees),
  guards: store.collection(definitions.guards),
  labels: store.collection(definitions.labels),
  counters: store.collection(definitions.counters),
  taught: store.collection(definitions.taught),
  incidents: store.collection(definitions.incidents),
  scamReports: store.collection(definitions.scamReports),
  trail: store.collection(definitions.trail),
  backtests: store.collection(definitions.backtests),
  sentDrafts: store.collection(definitions.sentDrafts),
  outbox: store.collection(definitions.outbox),
})

/** Stored sessions as reports and backtests read them. There is no way to write one back. */
export type EvidenceReader = Pick<Collection<StoredEvidence>, 'find'>

const evidenceDefinition: CollectionDefinition<StoredEvidence> = {
  name: definitions.sessions.name,
  parse: parseEvidence,
  indexes: [
    { name: 'created', scope: 'org', values: (session) => [session.environment, session.created_at] },
  ],
}

export const openEvidence = (store: Store): EvidenceReader => store.collection(evidenceDefinition)

/** Stored sessions as memory reads them. There is no way to write one back. */
export type AttemptReader = Pick<Collection<StoredAttempt>, 'find' | 'get'>

const attemptDefinition: CollectionDefinition<StoredAttempt> = {
  name: definitions.sessions.name,
  parse: parseAttempt,
  indexes: [
    { name: 'payee', scope: 'org', values: (session) => [session.event.keys.payee, session.created_at] },
  ],
}

export const openAttempts = (store: Store): AttemptReader => store.collection(attemptDefinition)
