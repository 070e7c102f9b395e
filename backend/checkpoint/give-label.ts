import type { EntryDraft } from '../audit/entry.ts'
import type { Deps } from '../deps.ts'
import {
  type GivenLabel,
  givenEntry,
  type LabelOrder,
  undoLabelById,
  undoneEntry,
  writeLabel,
} from '../repositories/label-changes.ts'
import { type FoundSubject, type LabelTenant, labelById } from '../repositories/labels.ts'
import { type Busy, LostRace, refusingLostRaces } from '../repositories/lost-race.ts'
import type { Label, LabelDocument } from '../risk/labels/label-document.ts'
import { noteOnTrail } from '../transitions/note-on-trail.ts'

/**
 * Labels a subject by an API key (`key:…`) or an analyst's account: one compare-and-set on the subject's document, which the next event reads. The trail of a labelled
 * session is written after that; a caller who was cut off in between repeats the call, and the entry is there.
 */
export const giveLabel = (
  deps: Deps,
  tenant: LabelTenant,
  subject: FoundSubject,
  order: LabelOrder,
  by: string,
): Promise<GivenLabel | Busy> =>
  refusingLostRaces(async () => {
    const given = await writeLabel(deps, tenant, subject, order, by)
    if (given.ok) await noteLabel(deps, tenant, given.label, givenEntry(given.label, by))
    return given
  })

/** Takes a label back. The first undo stands; `unknown_label`: there is none here. */
export const takeBackLabel = (
  deps: Deps,
  tenant: LabelTenant,
  id: string,
  by: string,
  reason: string,
): Promise<
  { ok: true; document: LabelDocument; label: Label } | { ok: false; reason: 'unknown_label' } | Busy
> =>
  refusingLostRaces(async () => {
    const found = await labelById(deps, tenant, id)
    if (found === null) return { ok: false, reason: 'unknown_label' }
    const undone = await undoLabelById(deps, found.document, id, { by, reason })
    if (undone === null) return { ok: false, reason: 'unknown_label' }
    await noteLabel(deps, tenant, undone.label, undoneEntry(undone.label, by))
    return { ok: true, ...undone }
  })

/** Writes into the trail of the session that a label is about, once; other subjects have no trail but their label. */
const noteLabel = async (deps: Deps, tenant: LabelTenant, label: Label, entry: EntryDraft): Promise<void> => {
  if (label.session_id === null) return
  const ref = { org_id: tenant.org._id, _id: label.session_id }
  const known = { action: entry.action, meta: { label: label.id } }
  if (!(await noteOnTrail(deps, ref, entry, known))) throw new LostRace('label_trail')
}
