import type { EntryDraft } from '../audit/entry.ts'
import type { Deps } from '../deps.ts'
import { busy } from '../errors.ts'
import {
  type GivenLabel,
  givenEntry,
  type Labeller,
  type LabelOrder,
  undoLabelById,
  undoneEntry,
  writeLabel,
} from '../repositories/label-changes.ts'
import { type FoundSubject, type LabelTenant, labelById } from '../repositories/labels.ts'
import type { Label, LabelDocument } from '../risk/labels/label-document.ts'
import { noteOnTrail } from '../transitions/note-on-trail.ts'

/**
 * Labels a subject: one compare-and-set on the subject's document, which the next event reads. The trail of a labelled
 * session is written after that; a caller who was cut off in between repeats the call, and the entry is there.
 */
export const giveLabel = async (
  deps: Deps,
  tenant: LabelTenant,
  subject: FoundSubject,
  order: LabelOrder,
  labeller: Labeller,
): Promise<GivenLabel> => {
  const given = await writeLabel(deps, tenant, subject, order, labeller.by)
  if (given.ok) await noteLabel(deps, tenant, given.label, givenEntry(given.label, labeller))
  return given
}

/** Takes a label back. The first undo stands; null when there is no such label here. */
export const takeBackLabel = async (
  deps: Deps,
  tenant: LabelTenant,
  id: string,
  labeller: Labeller,
  reason: string,
): Promise<{ document: LabelDocument; label: Label } | null> => {
  const found = await labelById(deps, tenant, id)
  if (found === null) return null
  const undone = await undoLabelById(deps, found.document, id, { by: labeller.by, reason })
  if (undone === null) return null
  await noteLabel(deps, tenant, undone.label, undoneEntry(undone.label, labeller))
  return undone
}

/** Writes into the trail of the session that a label is about, once; other subjects have no trail but their label. */
const noteLabel = async (deps: Deps, tenant: LabelTenant, label: Label, entry: EntryDraft): Promise<void> => {
  if (label.session_id === null) return
  const ref = { org_id: tenant.org._id, _id: label.session_id }
  const known = { action: entry.action, meta: { label: label.id } }
  if (!(await noteOnTrail(deps, ref, entry, known)))
    throw busy('The label is written; its trail is being changed by others. Send the same call again.')
}
