import * as z from 'zod/mini'
import { type Environment, environment } from '#contract/environment'
import { labelFamily, labelName, labelProvenance, subjectType } from '#contract/label'
import { dueEntries } from '../../audit/organisation-trail.ts'
import { storedFields } from '../../store/define-collection.ts'

/**
 * The labels of one subject: one bounded document, found by the subject's keyed digest, so that an event costs one read a
 * subject. Nothing in it names the subject. The labels of a person's sessions are in one document.
 */

const ms = z.int()

const label = z.strictObject({
  id: z.string(),
  /** The session that it is about; null for every other subject. */
  session_id: z.nullable(z.string()),
  label: labelName,
  family: labelFamily,
  provenance: labelProvenance,
  reason: z.string(),
  /** `key:…`, or an analyst's account. */
  author: z.string(),
  created_at: ms,
  expires_at: ms,
  undone: z.nullable(z.strictObject({ at: ms, by: z.string(), reason: z.string() })),
})
export type Label = z.infer<typeof label>

export const labelDocument = z.strictObject({
  /** `_id`: `lbs_` and the subject's digest. */
  ...storedFields,
  environment,
  type: subjectType,
  changed_at: ms,
  /** Oldest first. */
  labels: z.array(label),
  trail_due: dueEntries,
})
export type LabelDocument = z.infer<typeof labelDocument>

export const labelDocumentId = (subjectKey: string): string => `lbs_${subjectKey}`

/** The subject's digest (base64url of 256 bits), and a suffix that tells the labels of one subject apart. */
const labelIdPattern = /^lbl_([A-Za-z0-9_-]{43})_[0-9a-f]{16}$/

/** The id of a label leads to the document that holds it. `suffix`: 16 hex digits. */
export const labelId = (subjectKey: string, suffix: string): string => `lbl_${subjectKey}_${suffix}`

/** The subject's digest in a label's id; null if the text is no such id. */
export const subjectKeyOfLabel = (id: string): string | null => labelIdPattern.exec(id)?.[1] ?? null

/** The suffix of a label's id. */
export const labelSuffixOf = (id: string): string => id.slice(id.lastIndexOf('_') + 1)

export const emptyLabels = (
  tenant: { org_id: string; environment: Environment },
  subject: Pick<LabelDocument, 'type'> & { key: string },
): LabelDocument => ({
  _id: labelDocumentId(subject.key),
  org_id: tenant.org_id,
  version: 0,
  purge_at: null,
  environment: tenant.environment,
  type: subject.type,
  changed_at: 0,
  labels: [],
  trail_due: [],
})
