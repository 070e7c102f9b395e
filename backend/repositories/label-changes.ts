import { byAuthor } from '../audit/actors.ts'
import type { EntryDraft } from '../audit/entry.ts'
import { withTrail } from '../audit/organisation-trail.ts'
import type { Deps } from '../deps.ts'
import { settleTrail } from '../org/keep-trail.ts'
import {
  addLabel,
  keptUntil,
  type LabelCommand,
  type LabelRefusal,
  undoLabel,
} from '../risk/labels/change-labels.ts'
import {
  emptyLabels,
  type Label,
  type LabelDocument,
  labelId,
  labelSuffixOf,
} from '../risk/labels/label-document.ts'
import { changeDocument } from '../store/change.ts'
import { digestKeyOf, labelSuffix } from './identity.ts'
import type { FoundSubject, LabelTenant } from './labels.ts'
import { LostRace } from './lost-race.ts'

/** Writing labels: one compare-and-set on the subject's document, with the organisation's trail where there is no other. */

export type LabelOrder = Omit<LabelCommand, 'id' | 'session_id' | 'author' | 'at'> & {
  /** A repeat under the same origin finds the label that it wrote; null: every call writes a new one. */
  origin: string | null
}

export type GivenLabel =
  | { ok: true; document: LabelDocument; label: Label; replayed: boolean }
  | { ok: false; refusal: LabelRefusal | { reason: 'origin_reused' } }

/** Labels a subject, and leaves a labelled session's own trail to the caller. */
export const writeLabel = async (
  deps: Deps,
  tenant: LabelTenant,
  subject: FoundSubject,
  order: LabelOrder,
  by: string,
): Promise<GivenLabel> => {
  const { origin, ...said } = order
  const suffix = labelSuffix(deps, digestKeyOf(deps, tenant.org), tenant.environment, origin)
  const command: LabelCommand = {
    ...said,
    id: labelId(subject.key, suffix),
    session_id: subject.session?._id ?? null,
    author: by,
    at: deps.clock(),
  }
  const empty = emptyLabels({ org_id: tenant.org._id, environment: tenant.environment }, subject)
  let replayed = false
  const document = await changeLabels(deps, empty, (before) => {
    const answer = addLabel(before, command)
    replayed = answer.ok && answer.document === before
    if (!answer.ok || replayed) return before
    return recorded(answer.document, answer.label, givenEntry(answer.label, by), command.at)
  })
  const answer = addLabel(document, command)
  if (!answer.ok) return answer
  if (replayed && !isSame(answer.label, command)) return { ok: false, refusal: { reason: 'origin_reused' } }
  return { ok: true, document, label: answer.label, replayed }
}

/** What a caller leaves to us may have been decided otherwise at another time: only what was said is compared. */
const isSame = (label: Label, command: LabelCommand): boolean =>
  label.label === command.label &&
  label.reason === command.reason &&
  label.provenance === command.provenance &&
  (command.family === null || label.family === command.family) &&
  (command.expires_at === null || label.expires_at === command.expires_at)

/** Takes a label back, and leaves a labelled session's own trail to the caller. */
export const undoLabelById = async (
  deps: Deps,
  found: LabelDocument,
  id: string,
  said: { by: string; reason: string },
): Promise<{ document: LabelDocument; label: Label } | null> => {
  const undone = { ...said, at: deps.clock() }
  const document = await changeLabels(deps, found, (before) => {
    const answer = undoLabel(before, id, undone)
    if (answer === null || answer.document === before) return before
    return recorded(answer.document, answer.label, undoneEntry(answer.label, said.by), undone.at)
  })
  const label = document.labels.find((entry) => entry.id === id)
  return label === undefined ? null : { document, label }
}

/**
 * A label that is about no session has no trail but the organisation's: its entry rides in the write of the label itself. That
 * trail is kept for good, and one for live and test: it names the label by the part of its id that says nothing of whom it is about.
 */
const recorded = (document: LabelDocument, label: Label, entry: EntryDraft, at: number): LabelDocument => {
  if (label.session_id !== null) return document
  const { environment, type } = document
  const meta = { ...entry.meta, label: labelSuffixOf(label.id), subject: type, environment }
  return withTrail(document, { ...entry, meta }, at)
}

const changeLabels = async (
  deps: Deps,
  empty: LabelDocument,
  change: (document: LabelDocument) => LabelDocument,
): Promise<LabelDocument> => {
  const { _id, org_id } = empty
  const changed = await changeDocument(
    deps.collections.labels,
    { _id, org_id },
    () => empty,
    (before) => {
      const after = change(before)
      return after === before ? before : { ...after, purge_at: keptUntil(after, deps.config.retentionDays) }
    },
  )
  if (!changed.ok) throw new LostRace('subject')
  return settleTrail(deps, deps.collections.labels, changed.doc)
}

/** Trails hold identifiers and codes: the reason in words stays with the label. */
export const givenEntry = ({ id, label, family, provenance }: Label, by: string): EntryDraft =>
  byAuthor(by, 'label.given', { label: id, says: label, family, provenance })

export const undoneEntry = ({ id }: Label, by: string): EntryDraft =>
  byAuthor(by, 'label.undone', { label: id })
