import { analyticsCollections } from './analytics/collections.ts'
import { auditCollections } from './audit/collection.ts'
import { holdCollections } from './hold/collection.ts'
import { incidentCollections } from './incident/collections.ts'
import { orgCollections } from './org/collections.ts'
import { outboxCollections } from './outbox/collection.ts'
import { policyCollections } from './policy/collection.ts'
import { riskCollections } from './risk/collections.ts'
import {
  type AttemptReader,
  attemptDefinition,
  type EvidenceReader,
  evidenceDefinition,
  sessionCollections,
} from './session/collections.ts'
import type { AnyCollectionDefinition, Opened, Store } from './store/port.ts'

/** Every collection of the product. Each is declared by the room that owns its documents. */
export const definitions = {
  ...orgCollections,
  ...auditCollections,
  ...sessionCollections,
  ...policyCollections,
  ...riskCollections,
  ...holdCollections,
  ...incidentCollections,
  ...analyticsCollections,
  ...outboxCollections,
} as const

export const allDefinitions: readonly AnyCollectionDefinition[] = Object.values(definitions)

export type Collections = Opened<typeof definitions>

/** Opens every collection on an engine. */
export const openCollections = (store: Store): Collections => ({
  organisations: store.collection(definitions.organisations),
  apiKeys: store.collection(definitions.apiKeys),
  adminAccounts: store.collection(definitions.adminAccounts),
  adminLogins: store.collection(definitions.adminLogins),
  trail: store.collection(definitions.trail),
  sessions: store.collection(definitions.sessions),
  counters: store.collection(definitions.counters),
  policies: store.collection(definitions.policies),
  profiles: store.collection(definitions.profiles),
  payees: store.collection(definitions.payees),
  labels: store.collection(definitions.labels),
  taught: store.collection(definitions.taught),
  userHolds: store.collection(definitions.userHolds),
  incidents: store.collection(definitions.incidents),
  scamReports: store.collection(definitions.scamReports),
  backtests: store.collection(definitions.backtests),
  sentDrafts: store.collection(definitions.sentDrafts),
  outbox: store.collection(definitions.outbox),
})

export const openEvidence = (store: Store): EvidenceReader => store.collection(evidenceDefinition)

export const openAttempts = (store: Store): AttemptReader => store.collection(attemptDefinition)
