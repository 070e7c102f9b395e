import type { DeskLabel } from '#contract/label'
import type { SessionDetail } from '#contract/session-detail'
import { labelsAround, subjectsOfSession } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import type { LabelTenant } from '../repositories/labels.ts'
import { organisationOf } from '../repositories/organisations.ts'
import type { Label, LabelDocument } from '../risk/labels/label-document.ts'
import type { Session } from '../session/document.ts'
import { authorsOf } from './author-names.ts'
import { deskLabelOf } from './label-answer.ts'

/** Labels as the analysts' page shows them. */

type Entry = { document: LabelDocument; label: Label }

/** Where a session's labels lie. */
export const labelTenantOf = async (deps: Deps, session: Session): Promise<LabelTenant> => ({
  org: await organisationOf(deps, session),
  environment: session.environment,
})

/** Labels with the names of who gave them and took them back, newest first. */
export const namedLabelsOf = async (
  deps: Deps,
  orgId: string,
  entries: readonly Entry[],
): Promise<DeskLabel[]> => {
  const people = entries.flatMap(({ label }) => [label.author, label.undone?.by ?? label.author])
  const nameOf = await authorsOf(deps, orgId, people)
  return entries
    .toSorted((a, b) => b.label.created_at - a.label.created_at)
    .map((entry) => deskLabelOf(entry, deps.clock(), nameOf))
}

/** What stands beside a session: which of its subjects can be labelled, and every label that they have. */
export const labelsBeside = async (
  deps: Deps,
  session: Session,
): Promise<Pick<SessionDetail, 'labelable' | 'labels'>> => {
  const tenant = await labelTenantOf(deps, session)
  const documents = await labelsAround(deps, tenant, session.event)
  const entries = documents.flatMap((document) => document.labels.map((label) => ({ document, label })))
  return {
    labelable: subjectsOfSession(deps, tenant, session).map(({ type }) => type),
    labels: await namedLabelsOf(deps, session.org_id, entries),
  }
}
