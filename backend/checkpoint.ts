/**
 * The spine: everything that can happen to a session, each in a file that reads from top to bottom.
 *
 * | what         | who                         | where                      |
 * |--------------|-----------------------------|----------------------------|
 * | ingest       | the site's backend          | checkpoint/ingest.ts: judge.ts, compose.ts |
 * | answer       | the person at the checkpoint| checkpoint/answer.ts       |
 * | noteOpened   | the page's script           | checkpoint/opened.ts       |
 * | redeem       | the site's backend          | checkpoint/redeem.ts       |
 * | addContext   | the site's backend          | checkpoint/observe.ts      |
 * | reportResult | the site's backend          | checkpoint/result.ts       |
 * | releaseHold  | an analyst, the site        | checkpoint/release.ts      |
 * | giveLabel    | an analyst, the site        | checkpoint/label.ts        |
 * | explainEvent | the site's backend          | checkpoint/explain.ts      |
 * | expireDue    | a worker                    | checkpoint/expire.ts       |
 * | setDisposition  | an analyst, the site        | checkpoint/set-disposition.ts      |
 * | exposureOf   | an analyst, the site        | checkpoint/exposure.ts     |
 * | teachHistory | the site's backend          | checkpoint/teach-history.ts |
 * | noteDelivery | the outbox                  | checkpoint/delivery.ts     |
 *
 * All of them do the same four things: read the session, ask a pure function what follows, write it with a
 * compare-and-set together with its audit entry and its consequences, and answer only after that.
 */
export { answer } from './checkpoint/answer.ts'
export type { Caller } from './checkpoint/caller.ts'
export { noteDelivery } from './checkpoint/delivery.ts'
export { expireDue } from './checkpoint/expire.ts'
export { explainEvent, explainSession } from './checkpoint/explain.ts'
export { exposureOf } from './checkpoint/exposure.ts'
export { connectorSecret } from './checkpoint/identity.ts'
export { ingest } from './checkpoint/ingest.ts'
export { giveLabel, takeBackLabel } from './checkpoint/label.ts'
export {
  findSubject,
  type LabelPlace,
  labelById,
  labelsAround,
  labelsOf,
  recentLabels,
  subjectsAPage,
  subjectsOfSession,
} from './checkpoint/label-reading.ts'
export { addContext } from './checkpoint/observe.ts'
export { noteOpened } from './checkpoint/opened.ts'
export { livePolicy } from './checkpoint/policies.ts'
export { redeem } from './checkpoint/redeem.ts'
export { holdsOf, personOf, releaseHold } from './checkpoint/release-hold.ts'
export { reportResult } from './checkpoint/result.ts'
export { findByKey, tokenOf, urlOf } from './checkpoint/sessions.ts'
export { setDisposition } from './checkpoint/set-disposition.ts'
export { show } from './checkpoint/show.ts'
export { type NumberedLine, teachHistory } from './checkpoint/teach-history.ts'
