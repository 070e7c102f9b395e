import type { EntryDraft } from '../audit/entry.ts'
import type { Deps } from '../deps.ts'
import { digestKeyOf, labelSuffix } from '../repositories/identity.ts'
import { givenEntry, undoLabelById, undoneEntry, writeLabel } from '../repositories/label-changes.ts'
import { type FoundSubject, type LabelTenant, sessionSubject } from '../repositories/labels.ts'
import { organisationOf } from '../repositories/organisations.ts'
import { type Label, type LabelDocument, labelDocumentId, labelId } from '../risk/labels/label-document.ts'
import type { Session } from '../session/document.ts'

/**
 * The label that a site's `reported_scam` puts on a session, found again by where it came from. One stands at a time; each
 * report after one that was taken back has a label of its own, because a label that is undone stays undone.
 */

const originOf = (session: Session, round: number): string =>
  round === 0 ? `result:${session._id}` : `result:${session._id}/${round}`

/** More than a session's results may change. */
const roundsMax = 16

/** The labels of a session's reports, oldest first; null where none was given in that round, or is kept no more. */
const givenByReports = async (
  deps: Deps,
  tenant: LabelTenant,
  session: Session,
  subject: FoundSubject,
): Promise<{ document: LabelDocument | null; rounds: (Label | null)[] }> => {
  const document = await deps.collections.labels.get(tenant.org._id, labelDocumentId(subject.key))
  const byId = new Map(document?.labels.map((label) => [label.id, label]))
  const key = digestKeyOf(deps, tenant.org)
  const rounds = Array.from({ length: roundsMax }, (_, round) => {
    const suffix = labelSuffix(deps, key, tenant.environment, originOf(session, round))
    return byId.get(labelId(subject.key, suffix)) ?? null
  })
  return { document, rounds }
}

/** Written before the session, as a hold is: the person's next event meets it. A repeat finds the same label. */
export const labelAsScam = async (
  deps: Deps,
  tenant: LabelTenant,
  session: Session,
  by: string,
): Promise<EntryDraft[]> => {
  const subject = sessionSubject(deps, tenant, session)
  if (subject === null) return []
  const { rounds } = await givenByReports(deps, tenant, session, subject)
  const order = {
    label: 'known_risky',
    family: 'scam',
    provenance: 'site_result',
    reason: 'The site reported a scam.',
    expires_at: null,
    origin: originOf(session, rounds.findLastIndex((label) => label !== null && label.undone !== null) + 1),
  } as const
  const given = await writeLabel(deps, tenant, subject, order, by)
  return given.ok ? [givenEntry(given.label, by)] : []
}

/** Takes that label back, whoever gave it. Answers what the session's trail has to say of it: nothing where there is none. */
export const unlabelAsScam = async (
  deps: Deps,
  session: Session,
  by: string,
  reason: string,
): Promise<EntryDraft[]> => {
  const tenant = { org: await organisationOf(deps, session), environment: session.environment }
  const subject = sessionSubject(deps, tenant, session)
  if (subject === null) return []
  const { document, rounds } = await givenByReports(deps, tenant, session, subject)
  const label = rounds.findLast((one) => one !== null) ?? null
  if (document === null || label === null || isToldOn(session, label.id)) return []
  // Who was cut off between the label and the trail, or lost a race for it, finds it undone by themselves.
  if (label.undone !== null) return label.undone.by === by ? [undoneEntry(label, by)] : []
  const undone = await undoLabelById(deps, document, label.id, { by, reason })
  return undone === null ? [] : [undoneEntry(undone.label, by)]
}

const isToldOn = (session: Session, labelId: string): boolean =>
  session.audit.entries.some(({ action, meta }) => action === 'label.undone' && meta['label'] === labelId)
