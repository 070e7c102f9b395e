import type { EntryDraft } from '../audit/entry.ts'
import type { Deps } from '../deps.ts'
import { labelDocumentId, labelId } from '../risk/labels/label-document.ts'
import type { Session } from '../session/document.ts'
import { digestKeyOf, labelSuffix } from './identity.ts'
import { givenEntry, type Labeller, undoLabelById, undoneEntry, writeLabel } from './label.ts'
import { type LabelPlace, sessionSubject } from './label-reading.ts'
import { organisationOf } from './sessions.ts'

/** The label that a site's `reported_scam` puts on a session: one a session, found again by where it came from. */

const originOf = (session: Session): string => `result:${session._id}`

/** Written before the session, as a hold is: the person's next event meets it. A repeat finds the same label. */
export const labelAsScam = async (
  deps: Deps,
  place: LabelPlace,
  session: Session,
  labeller: Labeller,
): Promise<EntryDraft[]> => {
  const subject = sessionSubject(deps, place, session)
  if (subject === null) return []
  const order = {
    label: 'known_risky',
    family: 'scam',
    provenance: 'site_result',
    reason: 'The site reported a scam.',
    expires_at: null,
    origin: originOf(session),
  } as const
  const given = await writeLabel(deps, place, subject, order, labeller.by)
  return given.ok ? [givenEntry(given.label, labeller)] : []
}

/** Takes that label back, whoever gave it. Answers what the session's trail has to say of it: nothing where there is none. */
export const unlabelAsScam = async (
  deps: Deps,
  session: Session,
  labeller: Labeller,
  reason: string,
): Promise<EntryDraft[]> => {
  const place = { org: await organisationOf(deps, session), environment: session.environment }
  const subject = sessionSubject(deps, place, session)
  if (subject === null) return []
  const suffix = labelSuffix(deps, digestKeyOf(deps, place.org), place.environment, originOf(session))
  const id = labelId(subject.key, suffix)
  const document = await deps.collections.labels.get(place.org._id, labelDocumentId(subject.key))
  const label = document?.labels.find((one) => one.id === id)
  if (document === null || label === undefined || isToldOn(session, label.id)) return []
  // Who was cut off between the label and the trail, or lost a race for it, finds it undone by themselves.
  if (label.undone !== null) return label.undone.by === labeller.by ? [undoneEntry(label, labeller)] : []
  const undone = await undoLabelById(deps, document, id, { by: labeller.by, reason })
  return undone === null ? [] : [undoneEntry(undone.label, labeller)]
}

const isToldOn = (session: Session, labelId: string): boolean =>
  session.audit.entries.some(({ action, meta }) => action === 'label.undone' && meta['label'] === labelId)
