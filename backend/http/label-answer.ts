import type { DeskLabel, LabelAnswer, SubjectType } from '#contract/label'
import { labelStateOf } from '../risk/labels/active-labels.ts'
import type { Label, LabelDocument } from '../risk/labels/label-document.ts'
import { wireTime } from './wire-time.ts'

/** Labels as they leave, and subjects as a query names them. */

/** A label as analysts see it. `nameOf`: how whoever gave it or took it back is called; default: by their id. */
export const deskLabelOf = (
  { document, label }: { document: LabelDocument; label: Label },
  now: number,
  nameOf: (id: string) => string = (id) => id,
): DeskLabel => ({
  id: label.id,
  subject: { type: document.type, session_id: label.session_id },
  label: label.label,
  family: label.family,
  reason: label.reason,
  provenance: label.provenance,
  author: nameOf(label.author),
  created_at: wireTime(label.created_at),
  expires_at: wireTime(label.expires_at),
  state: labelStateOf(document, label, now),
  undone:
    label.undone === null
      ? null
      : { ...label.undone, at: wireTime(label.undone.at), by: nameOf(label.undone.by) },
})

/** A label as the site's backend sees it. */
export const labelAnswerOf = (document: LabelDocument, label: Label, now: number): LabelAnswer => {
  const seen = deskLabelOf({ document, label }, now)
  return { ...seen, subject: { ...seen.subject, digest: document._id.replace(/^lbs_/, '') } }
}

/** A subject as a query names it, still to be parsed. */
export const namedSubject = (type: SubjectType | undefined, value: string | undefined): unknown => {
  if (type !== 'payee' || value === undefined) return { type, value }
  const [, field = '', rest] = /^(account|id|name):(.+)$/.exec(value) ?? []
  return { type, value: { [field]: rest } }
}
