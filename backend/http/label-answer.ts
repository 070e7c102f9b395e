import type { DeskLabel, LabelAnswer, SubjectType } from '#contract/label'
import { AppError } from '../errors.ts'
import { labelStateOf } from '../risk/labels/active-labels.ts'
import { clearableFamilies, type LabelRefusal } from '../risk/labels/change-labels.ts'
import type { Label, LabelDocument } from '../risk/labels/label-document.ts'
import { wireTime } from './wire-time.ts'

/** Labels as they leave, and the words of what is refused: the same for a site and for an analyst. */

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

/** What a caller is told whose label was not written. */
export const labelRefused = (
  refusal: LabelRefusal | { reason: 'unknown_subject' | 'origin_reused' },
  type: SubjectType,
): AppError => {
  switch (refusal.reason) {
    case 'family_never_cleared':
      return new AppError(
        'label_refused',
        `known_legit on a ${type} can't speak of the family ${refusal.family}: ${whyNot(refusal.family)} Name a family that it may clear: ${clearableFamilies[type].join(', ')}.`,
        {
          errors: [{ path: 'family', message: `must be one of ${clearableFamilies[type].join(', ')}` }],
        },
      )
    case 'expires_in_past':
      return mistaken('must lie in the future')
    case 'expires_too_late':
      return mistaken(`must not be later than ${wireTime(refusal.latest)}, given what it rests on`)
    case 'unknown_subject':
      return type === 'session'
        ? new AppError('not_found', 'No session of yours has this id.')
        : new AppError('invalid_request', 'The value of the subject has nothing visible in it.', {
            errors: [{ path: 'subject.value', message: 'must have something visible in it' }],
          })
    case 'origin_reused':
      return new AppError(
        'idempotency_key_reused',
        'This Idempotency-Key came with another label for this subject before. Use a new key for a new label.',
      )
  }
}

const whyNot = (family: string): string =>
  family === 'scam'
    ? 'a scam is carried out by the genuine person, so nobody’s good name is evidence against one.'
    : 'it says nothing about that.'

const mistaken = (message: string): AppError =>
  new AppError('invalid_request', `expires_at ${message}.`, {
    errors: [{ path: 'expires_at', message }],
  })
