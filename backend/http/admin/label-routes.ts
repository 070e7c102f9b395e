import { labelForm, labelUndoForm, writtenLabel } from '#contract/label'
import { giveLabel, subjectsOfSession, takeBackLabel } from '../../checkpoint.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { Session } from '../../session/document.ts'
import { labelRefused } from '../label-answer.ts'
import { type AdminRoute, analystRoute, nothing } from './admin-route.ts'
import { labelPlaceOf, namedLabelsOf } from './label-summary.ts'

/** Labelling from a session: an analyst names a subject by its kind, and the session says which one it is. */

const sessionOf = async (deps: Deps, orgId: string, id: string): Promise<Session> => {
  const session = await deps.collections.sessions.get(orgId, id)
  if (session === null)
    throw new AppError('not_found', 'There is no such session, or its data has been erased.')
  return session
}

const give = analystRoute({
  method: 'POST',
  path: '/api/labels',
  request: { ...nothing, body: labelForm },
  answer: writtenLabel,
  handle: async ({ body, analyst, log }, deps) => {
    const { _id: account, org_id } = analyst.account
    const { session_id, subject: type, ...said } = body
    const session = await sessionOf(deps, org_id, session_id)
    const place = await labelPlaceOf(deps, session)
    const subject = subjectsOfSession(deps, place, session).find((one) => one.type === type)
    if (subject === undefined)
      throw new AppError('invalid_request', 'The event of this session names no such subject.')
    const labeller = { by: account, actor_type: 'analyst' } as const
    const given = await giveLabel(deps, place, subject, { ...said, origin: null }, labeller)
    if (!given.ok) throw labelRefused(given.refusal, type)
    log.info(
      { account, org: org_id, label: given.label.id, session: session_id },
      'analyst labelled a subject',
    )
    const [label] = await namedLabelsOf(deps, org_id, [given])
    return { status: 200, body: { label } }
  },
})

const undo = analystRoute({
  method: 'POST',
  path: '/api/labels/undo',
  request: { ...nothing, body: labelUndoForm },
  answer: writtenLabel,
  handle: async ({ body, analyst, log }, deps) => {
    const { _id: account, org_id } = analyst.account
    const place = await labelPlaceOf(deps, await sessionOf(deps, org_id, body.session_id))
    const labeller = { by: account, actor_type: 'analyst' } as const
    const undone = await takeBackLabel(deps, place, body.label_id, labeller, body.reason)
    if (undone === null) throw new AppError('not_found', 'There is no such label any more.')
    log.info({ account, org: org_id, label: undone.label.id }, 'analyst took a label back')
    const [label] = await namedLabelsOf(deps, org_id, [undone])
    return { status: 200, body: { label } }
  },
})

export const labelRoutes: readonly AdminRoute[] = [give, undo]
