import type { LabelSubject } from '#contract/label'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { Deps } from '../deps.ts'
import { type SubjectKey, subjectKeyOf, subjectsOf } from '../intake/label-subject.ts'
import type { Caller } from '../org/caller.ts'
import { type ActiveLabel, activeLabels } from '../risk/labels/active-labels.ts'
import {
  type Label,
  type LabelDocument,
  labelDocumentId,
  subjectKeyOfLabel,
} from '../risk/labels/label-document.ts'
import type { Session } from '../session/document.ts'
import { digestKeyOf, subjectDigest } from './identity.ts'

/** Finding labels: by the event that meets them, by their subject, by their id. */

/** Whose labels: an organisation's in one environment. */
export type LabelTenant = Pick<Caller, 'org' | 'environment'>

const digestIn = (deps: Deps, { org, environment }: LabelTenant) =>
  subjectDigest(digestKeyOf(deps, org), environment)

/** The subjects of an event that labels may be about. */
const labelledSubjects = (deps: Deps, tenant: LabelTenant, event: NormalisedEvent): SubjectKey[] =>
  subjectsOf(event, digestIn(deps, tenant))

/** The labels of every subject of an event, by one read. A store that fails is a refusal. */
export const labelsAround = (
  deps: Deps,
  tenant: LabelTenant,
  event: NormalisedEvent,
): Promise<LabelDocument[]> =>
  deps.collections.labels.getMany(
    tenant.org._id,
    labelledSubjects(deps, tenant, event).map(({ key }) => labelDocumentId(key)),
  )

/** What an event meets of all labels, in the order of its subjects. */
export const labelsMet = async (
  deps: Deps,
  tenant: LabelTenant,
  event: NormalisedEvent,
  now: number,
): Promise<ActiveLabel[]> => {
  const documents = await labelsAround(deps, tenant, event)
  return documents.flatMap((document) => activeLabels(document, now))
}

/** A subject as labels are kept by it, with its session when it is one. */
export type FoundSubject = SubjectKey & { session: Session | null }

/** Null when there is no such session here, or nothing is left of a value once it is canonical. */
export const findSubject = async (
  deps: Deps,
  tenant: LabelTenant,
  subject: LabelSubject,
): Promise<FoundSubject | null> => {
  if (subject.type !== 'session') {
    const found = subjectKeyOf(subject, digestIn(deps, tenant))
    return found === null ? null : { ...found, session: null }
  }
  const session = await deps.collections.sessions.get(tenant.org._id, subject.value)
  return session?.environment === tenant.environment ? sessionSubject(deps, tenant, session) : null
}

/** Every subject of a session's event, and the session itself: what an analyst who reads it may label. */
export const subjectsOfSession = (deps: Deps, tenant: LabelTenant, session: Session): FoundSubject[] =>
  labelledSubjects(deps, tenant, session.event).map((subject) => ({
    ...subject,
    session: subject.type === 'session' ? session : null,
  }))

/** The subject that a session is, for labels. */
export const sessionSubject = (deps: Deps, tenant: LabelTenant, session: Session): FoundSubject | null =>
  subjectsOfSession(deps, tenant, session).find(({ type }) => type === 'session') ?? null

/** The labels of one subject, newest first; of a session, its own. Null when there is no such session here. */
export const labelsOf = async (
  deps: Deps,
  tenant: LabelTenant,
  subject: LabelSubject,
): Promise<{ document: LabelDocument | null; labels: Label[] } | null> => {
  const found = await findSubject(deps, tenant, subject)
  if (found === null) return null
  const document = await deps.collections.labels.get(tenant.org._id, labelDocumentId(found.key))
  const about = found.session?._id ?? null
  const labels = (document?.labels ?? []).filter(({ session_id }) => session_id === about).toReversed()
  return { document, labels }
}

/** One label by its id. Another organisation's, another environment's and none at all are the same answer. */
export const labelById = async (
  deps: Deps,
  tenant: LabelTenant,
  id: string,
): Promise<{ document: LabelDocument; label: Label } | null> => {
  const key = subjectKeyOfLabel(id)
  if (key === null) return null
  const document = await deps.collections.labels.get(tenant.org._id, labelDocumentId(key))
  const label = document?.labels.find((entry) => entry.id === id)
  return document === null || label === undefined || document.environment !== tenant.environment
    ? null
    : { document, label }
}

export const subjectsAPage = 20

/** Subjects with labels, the one that changed last first. `after`: the last one of the page before. */
export const recentLabels = (
  deps: Deps,
  tenant: LabelTenant,
  after: { at: number; id: string } | null,
): Promise<LabelDocument[]> =>
  deps.collections.labels.find({
    index: 'changed',
    org_id: tenant.org._id,
    equals: [tenant.environment],
    order: 'descending',
    limit: subjectsAPage,
    ...(after === null ? {} : { after: { values: [after.at], _id: after.id } }),
  })
