import { dayMs } from '#contract/durations'
import type { LabelFamily, LabelName, LabelProvenance, SubjectType } from '#contract/label'
import { labelStateOf } from './active-labels.ts'
import { type ExpiryRefusal, expiryOf } from './expiry.ts'
import type { Label, LabelDocument } from './label-document.ts'

/** Gives a label and takes it back: pure changes of one subject's document. */

/** The family of a label if the request names none. */
const usualFamily: Record<SubjectType, LabelFamily> = {
  user: 'takeover',
  device: 'takeover',
  ip: 'network',
  network: 'network',
  payee: 'scam',
  email_domain: 'takeover',
  session: 'scam',
}

/**
 * Families that `known_legit` may clear. Never scam: the genuine person on their own device is whom a scammer wants.
 * Payment for a payee alone: nobody else's good name makes an unknown payee safe.
 */
export const clearableFamilies: Record<SubjectType, readonly LabelFamily[]> = {
  user: ['takeover', 'network', 'behaviour'],
  device: ['takeover', 'network', 'behaviour'],
  ip: ['network'],
  network: ['network'],
  payee: ['payment'],
  email_domain: ['takeover', 'behaviour'],
  session: ['takeover', 'network', 'behaviour'],
}

export type LabelCommand = {
  id: string
  session_id: string | null
  label: LabelName
  family: LabelFamily | null
  provenance: LabelProvenance
  reason: string
  author: string
  /** Epoch milliseconds; null for what is usual. */
  expires_at: number | null
  at: number
}

export type LabelRefusal = { reason: 'family_never_cleared'; family: LabelFamily } | ExpiryRefusal

export type LabelAnswer =
  | { ok: true; document: LabelDocument; label: Label }
  | { ok: false; refusal: LabelRefusal }

/** Active labels of one subject are at most one a family; those of a person's sessions one a family and session. */
const keptLabels = 40

/**
 * Adds a label as the newest of its document. If the id is there already, nothing changes, and the answer is what was
 * written then.
 */
export const addLabel = (document: LabelDocument, command: LabelCommand): LabelAnswer => {
  const written = document.labels.find(({ id }) => id === command.id)
  if (written !== undefined) return { ok: true, document, label: written }
  const family = command.family ?? usualFamily[document.type]
  if (command.label === 'known_legit' && !clearableFamilies[document.type].includes(family))
    return { ok: false, refusal: { reason: 'family_never_cleared', family } }
  const before = document.labels.filter(
    (other) => other.family === family && other.session_id === command.session_id && other.undone === null,
  )
  const expiry = expiryOf(command, before)
  if (!expiry.ok) return { ok: false, refusal: expiry.refusal }
  const { at, family: _, expires_at: __, ...said } = command
  const label: Label = { ...said, family, created_at: at, expires_at: expiry.expires_at, undone: null }
  return { ok: true, document: changed(bounded(document, at), [label], at), label }
}

export type UndoWish = { by: string; reason: string; at: number }

/** Takes a label back. It stays in the history, and the first undo counts. Null if the document has no such label. */
export const undoLabel = (
  document: LabelDocument,
  id: string,
  undone: UndoWish,
): { document: LabelDocument; label: Label } | null => {
  const label = document.labels.find((entry) => entry.id === id)
  if (label === undefined) return null
  if (label.undone !== null) return { document, label }
  const freed: Label = { ...label, undone }
  const labels = document.labels.map((entry) => (entry === label ? freed : entry))
  return { document: changed({ ...document, labels }, [], undone.at), label: freed }
}

const changed = (document: LabelDocument, more: readonly Label[], at: number): LabelDocument => ({
  ...document,
  changed_at: Math.max(at, document.changed_at),
  labels: [...document.labels, ...more],
})

/** Makes room for one more: what can never be active again goes first, then what is replaced, then the oldest. */
const bounded = (document: LabelDocument, now: number): LabelDocument => {
  const { labels } = document
  if (labels.length < keptLabels) return document
  const isSpent = (entry: Label): boolean => entry.undone !== null || entry.expires_at <= now
  const leaving =
    labels.find(isSpent) ??
    labels.find((entry) => labelStateOf(document, entry, now) === 'replaced') ??
    labels[0]
  return { ...document, labels: labels.filter((entry) => entry !== leaving) }
}

/** A document is kept until its last label ends, and then as long as an organisation keeps sessions. */
export const keptUntil = (document: LabelDocument, retentionDays: number): number =>
  Math.max(document.changed_at, ...document.labels.map(({ expires_at }) => expires_at)) +
  retentionDays * dayMs
