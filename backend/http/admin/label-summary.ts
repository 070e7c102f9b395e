import type { LabelSummary } from '#contract/label'
import type { SessionDetail } from '#contract/session-detail'
import type { LabelPlace } from '../../checkpoint/label-reading.ts'
import { labelsAround, subjectsOfSession } from '../../checkpoint.ts'
import type { Deps } from '../../deps.ts'
import { labelStateOf } from '../../risk/labels/active-labels.ts'
import type { Label, LabelDocument } from '../../risk/labels/label-document.ts'
import type { Session } from '../../session/document.ts'

/** Labels as the analysts' page shows them. */

type Entry = { document: LabelDocument; label: Label }

/** Where a session's labels lie. Throws when there is no organisation: they are never removed. */
export const labelPlaceOf = async (deps: Deps, session: Session): Promise<LabelPlace> => {
  const org = await deps.collections.organisations.get(session.org_id, session.org_id)
  if (org === null) throw new Error(`session ${session._id} belongs to no organisation`)
  return { org, environment: session.environment }
}

/** Analysts by their address, everybody else by their id. */
const namesOf = async (
  deps: Deps,
  orgId: string,
  entries: readonly Entry[],
): Promise<Map<string, string>> => {
  const ids = entries.flatMap(({ label }) => [label.author, label.undone?.by ?? label.author])
  const analysts = [...new Set(ids)].filter((id) => !id.startsWith('key:'))
  const accounts = await Promise.all(analysts.map((id) => deps.collections.adminAccounts.get(orgId, id)))
  return new Map(accounts.flatMap((account) => (account === null ? [] : [[account._id, account.email]])))
}

/** Labels with the names of who gave them and took them back, newest first. */
export const labelSummariesOf = async (
  deps: Deps,
  orgId: string,
  entries: readonly Entry[],
): Promise<LabelSummary[]> => {
  const names = await namesOf(deps, orgId, entries)
  const nameOf = (id: string): string => names.get(id) ?? id
  return entries
    .map(({ document, label }) => ({
      ...label,
      subject: document.type,
      author: nameOf(label.author),
      state: labelStateOf(document, label, deps.clock()),
      undone: label.undone === null ? null : { ...label.undone, by: nameOf(label.undone.by) },
    }))
    .toSorted((a, b) => b.created_at - a.created_at)
}

/** What stands beside a session: which of its subjects can be labelled, and every label that they have. */
export const labelsBeside = async (
  deps: Deps,
  session: Session,
): Promise<Pick<SessionDetail, 'labelable' | 'labels'>> => {
  const place = await labelPlaceOf(deps, session)
  const documents = await labelsAround(deps, place, session.event)
  const entries = documents.flatMap((document) => document.labels.map((label) => ({ document, label })))
  return {
    labelable: subjectsOfSession(deps, place, session).map(({ type }) => type),
    labels: await labelSummariesOf(deps, session.org_id, entries),
  }
}
