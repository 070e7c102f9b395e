import * as z from 'zod/mini'
import { type LabelState, labelFamily, labelProvenance, statedLabel, subjectType } from '#contract/label'
import type { Label, LabelDocument } from './label-document.ts'

/** A label that an assessment counts. It is small and names nobody, because it is kept among the facts of the event. */
export const activeLabel = z.strictObject({
  subject: subjectType,
  label: statedLabel,
  family: labelFamily,
  provenance: labelProvenance,
  expires_at: z.int(),
})
export type ActiveLabel = z.infer<typeof activeLabel>

/** What rules read of a subject. `none`: the event has such a subject, and it has no active label. */
export const labelFact = z.enum(['none', ...statedLabel.options])
export type LabelFact = z.infer<typeof labelFact>

const isRisky = ({ label }: Pick<Label, 'label'>): boolean =>
  label === 'known_risky' || label === 'suspected_risky'

/** Labels of one matter: of one family, and for sessions of one session. */
const sameMatter = (a: Label, b: Label): boolean => a.family === b.family && a.session_id === b.session_id

/**
 * The active label of a matter. The newest that was not undone decides; an undo gives back what stood before. If the newest
 * has expired, an older warning that still runs is active again. An older clearing label never is: what came after it was
 * somebody's reason to doubt.
 *
 * `matter`: labels of the same matter, oldest first.
 */
const activeOf = (matter: readonly Label[], now: number): Label | undefined => {
  const live = matter.filter(({ undone }) => undone === null)
  const newest = live.at(-1)
  if (newest === undefined || newest.expires_at > now) return newest
  return live.findLast((entry) => isRisky(entry) && entry.expires_at > now)
}

const isActive = (document: LabelDocument, entry: Label, now: number): boolean =>
  activeOf(
    document.labels.filter((other) => sameMatter(entry, other)),
    now,
  ) === entry

/** The state of one label of a document. */
export const labelStateOf = (document: LabelDocument, entry: Label, now: number): LabelState => {
  if (entry.undone !== null) return 'undone'
  if (entry.expires_at <= now) return 'expired'
  return isActive(document, entry, now) ? 'active' : 'replaced'
}

/** Most severe first: if several sessions of a person were labelled in one family, the worst label counts. */
const severity = { known_risky: 2, suspected_risky: 1, known_legit: 0 } as const
export const bySeverity = (a: ActiveLabel, b: ActiveLabel): number => severity[b.label] - severity[a.label]

/** The active labels of a subject at `now`: at most one a family. `unknown` is never active. */
export const activeLabels = (document: LabelDocument, now: number): ActiveLabel[] => {
  const active = document.labels
    .filter((entry) => labelStateOf(document, entry, now) === 'active')
    .flatMap(({ label, family, provenance, expires_at }): ActiveLabel[] =>
      label === 'unknown' ? [] : [{ subject: document.type, label, family, provenance, expires_at }],
    )
    .toSorted(bySeverity)
  return active.filter((one, at) => active.findIndex(({ family }) => family === one.family) === at)
}
