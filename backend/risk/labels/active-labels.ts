import * as z from 'zod/mini'
import { type LabelState, labelFamily, labelProvenance, statedLabel, subjectType } from '#contract/label'
import type { Label, LabelDocument } from './label-document.ts'

/** A label that an assessment counts; small and free of names, because it is kept among the facts of the event. */
export const activeLabel = z.strictObject({
  subject: subjectType,
  label: statedLabel,
  family: labelFamily,
  provenance: labelProvenance,
  expires_at: z.int(),
})
export type ActiveLabel = z.infer<typeof activeLabel>

/** What rules read of a subject. `none`: the event has such a subject, and no label of it counts. */
export const labelFact = z.enum(['none', ...statedLabel.options])
export type LabelFact = z.infer<typeof labelFact>

const isRisky = ({ label }: Pick<Label, 'label'>): boolean =>
  label === 'known_risky' || label === 'suspected_risky'

/** Labels that speak of the same: one family, and for sessions one session. */
const sameMatter = (a: Label, b: Label): boolean => a.family === b.family && a.session_id === b.session_id

/**
 * The one label of a matter that holds. The newest that was not undone decides; an undo gives back what stood before.
 * When the newest has run out, an older one that warns and still runs counts again. One that clears never does: what
 * came after it was somebody's reason to doubt.
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

/** How one label of a document stands. */
export const labelStateOf = (document: LabelDocument, entry: Label, now: number): LabelState => {
  if (entry.undone !== null) return 'undone'
  if (entry.expires_at <= now) return 'expired'
  return isActive(document, entry, now) ? 'active' : 'replaced'
}

/** Most severe first: of what several sessions of a person were labelled in one family, the worst counts. */
const severity = { known_risky: 2, suspected_risky: 1, known_legit: 0 } as const
export const bySeverity = (a: ActiveLabel, b: ActiveLabel): number => severity[b.label] - severity[a.label]

/** What a subject's labels say at `now`: at most one a family. `unknown` says nothing. */
export const activeLabels = (document: LabelDocument, now: number): ActiveLabel[] => {
  const active = document.labels
    .filter((entry) => labelStateOf(document, entry, now) === 'active')
    .flatMap(({ label, family, provenance, expires_at }): ActiveLabel[] =>
      label === 'unknown' ? [] : [{ subject: document.type, label, family, provenance, expires_at }],
    )
    .toSorted(bySeverity)
  return active.filter((one, at) => active.findIndex(({ family }) => family === one.family) === at)
}
