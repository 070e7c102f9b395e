/**
 * The spine and its only door: everything that can happen to a session, a verb each, in a file that reads from top to bottom.
 *
 * | verb                    | who calls it                | where in checkpoint/         |
 * |-------------------------|-----------------------------|------------------------------|
 * | ingest                  | the site's backend          | ingest.ts, then evaluation/  |
 * | answer                  | the person at the checkpoint| answer.ts                    |
 * | noteOpened              | the page's script           | note-opened.ts               |
 * | show                    | the page                    | show.ts                      |
 * | redeem                  | the site's backend          | redeem.ts                    |
 * | addContext              | the site's backend          | add-context.ts               |
 * | reportResult            | the site's backend          | transitions/report-result.ts |
 * | teachHistory            | the site, the operator      | teach-history.ts             |
 * | explainEvent            | the site's backend          | explain.ts                   |
 * | releaseHold             | an analyst, the site        | release-hold.ts              |
 * | giveLabel, takeBackLabel| an analyst, the site        | give-label.ts                |
 * | setDisposition          | an analyst, the site        | set-disposition.ts           |
 * | exposureOf              | an analyst, the site        | exposure.ts                  |
 * | expireDue               | a worker                    | expire.ts                    |
 * | noteDelivery            | the outbox                  | note-delivery.ts             |
 * | flagOpenSessions        | the outbox                  | flag-open-sessions.ts        |
 * | releaseByReverification | the outbox                  | release-by-reverification.ts |
 *
 * A verb that changes a session does so by `transitions/change-session.ts`: find it, ask a pure function what follows, write
 * that with a compare-and-set together with its audit entry and its consequences, and answer only then. No verb knows
 * another; what two of them do stands in `transitions/`, what they read and remember in `repositories/`.
 */
export { addContext } from './checkpoint/add-context.ts'
export { answer } from './checkpoint/answer.ts'
export { expireDue } from './checkpoint/expire.ts'
export { type ExplainRefusal, explainEvent, explainSession } from './checkpoint/explain.ts'
export { exposureOf } from './checkpoint/exposure.ts'
export { flagOpenSessions } from './checkpoint/flag-open-sessions.ts'
export { giveLabel, takeBackLabel } from './checkpoint/give-label.ts'
export { type Ingested, type IngestRefusal, ingest } from './checkpoint/ingest.ts'
export { noteDelivery } from './checkpoint/note-delivery.ts'
export { noteOpened } from './checkpoint/note-opened.ts'
export { redeem } from './checkpoint/redeem.ts'
export { releaseByReverification } from './checkpoint/release-by-reverification.ts'
export { personOf, releaseHold } from './checkpoint/release-hold.ts'
export { setDisposition } from './checkpoint/set-disposition.ts'
export { show } from './checkpoint/show.ts'
export { type TaughtBatch, teachHistory } from './checkpoint/teach-history.ts'
export type { Caller } from './org/caller.ts'
export { connectorSecret } from './repositories/identity.ts'
export {
  findSubject,
  labelById,
  labelsAround,
  labelsOf,
  recentLabels,
  subjectsAPage,
  subjectsOfSession,
} from './repositories/labels.ts'
export {
  commitStaged,
  dropList,
  entryDigest,
  type ListTenant,
  listRef,
  type PlacedUse,
  undoCommitted,
  usesOf,
  writeList,
} from './repositories/lists.ts'
export { livePolicy } from './repositories/policies.ts'
export { tokenOf, urlOf } from './repositories/session-tokens.ts'
export { findByKey } from './repositories/sessions.ts'
export { holdsOf } from './repositories/user-holds.ts'
export { noteOnTrail } from './transitions/note-on-trail.ts'
export {
  type ResultRefusal,
  reportResult,
  resultChangesMax,
} from './transitions/report-result.ts'
