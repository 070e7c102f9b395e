import { analyticsCollections } from './analytics/collections.ts'
import { auditCollections } from './audit/collection.ts'
import { holdCollections } from './hold/collection.ts'
import { incidentCollections } from './incident/collections.ts'
import { listCollections } from './list/collections.ts'
import { orgCollections } from './org/collections.ts'
import { outboxCollections } from './outbox/collection.ts'
import { policyCollections } from './policy/collection.ts'
import { riskCollections } from './risk/collections.ts'
import { personKeyCollection } from './sealing/person-key-document.ts'
import {
  type AttemptReader,
  attemptDefinition,
  type EvidenceReader,
  evidenceDefinition,
  sessionCollections,
} from './session/collections.ts'
import { sealedBy } from './store/define-collection.ts'
import type { AnyCollectionDefinition, Opened, Sealer, Store } from './store/port.ts'

/** Every collection of the product. Each is declared by the room that owns its documents. */
export const definitions = {
  ...orgCollections,
  ...auditCollections,
  ...sessionCollections,
  ...policyCollections,
  ...riskCollections,
  ...listCollections,
  ...holdCollections,
  ...incidentCollections,
  ...analyticsCollections,
  ...outboxCollections,
  personKeys: personKeyCollection,
} as const

export const allDefinitions: readonly AnyCollectionDefinition[] = Object.values(definitions)

export type Collections = Opened<typeof definitions>

/**
 * Opens every collection on an engine. `sealer` seals and opens what is about persons; without one it reads as erased, and
 * nothing of it can be written.
 */
export const openCollections = (store: Store, sealer: Sealer | null): Collections => ({
  organisations: store.collection(definitions.organisations),
  apiKeys: store.collection(definitions.apiKeys),
  adminAccounts: store.collection(definitions.adminAccounts),
  adminLogins: store.collection(definitions.adminLogins),
  trail: store.collection(definitions.trail),
  sessions: store.collection(sealedBy(definitions.sessions, sealer)),
  counters: store.collection(definitions.counters),
  policies: store.collection(definitions.policies),
  profiles: store.collection(definitions.profiles),
  payees: store.collection(definitions.payees),
  labels: store.collection(definitions.labels),
  taught: store.collection(definitions.taught),
  activity: store.collection(definitions.activity),
  lists: store.collection(definitions.lists),
  listBuckets: store.collection(definitions.listBuckets),
  userHolds: store.collection(definitions.userHolds),
  incidents: store.collection(sealedBy(definitions.incidents, sealer)),
  scamReports: store.collection(sealedBy(definitions.scamReports, sealer)),
  backtests: store.collection(definitions.backtests),
  sentDrafts: store.collection(definitions.sentDrafts),
  outbox: store.collection(definitions.outbox),
  personKeys: store.collection(definitions.personKeys),
})

/** Sessions as reports read them, with nothing that is about persons. */
export const openEvidence = (store: Store): EvidenceReader => store.collection(evidenceDefinition)

/** Sessions as backtests read them, which judge again by everything that was known. */
export const openWholeEvidence = (store: Store, sealer: Sealer): EvidenceReader =>
  store.collection(sealedBy(evidenceDefinition, sealer))

export const openAttempts = (store: Store): AttemptReader => store.collection(attemptDefinition)
