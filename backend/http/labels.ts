import * as z from 'zod/mini'
import {
  labelAnswer,
  labelForm,
  labelRequest,
  labelSubject,
  labelUndoForm,
  labelUndoReason,
  subjectType,
  writtenLabel,
} from '#contract/label'
import { identifier, text } from '#contract/text'
import {
  findSubject,
  giveLabel,
  labelById,
  labelsOf,
  recentLabels,
  subjectsAPage,
  subjectsOfSession,
  takeBackLabel,
} from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { AppError } from './app-error.ts'
import { sessionAtDesk } from './at-desk.ts'
import { cursorMaxLength, writeCursor } from './cursor.ts'
import type { KeyCaller } from './key-caller.ts'
import { labelAnswerOf, namedSubject } from './label-answer.ts'
import { labelTenantOf, namedLabelsOf } from './named-labels.ts'
import { repeatIsSafe } from './open-outcome.ts'
import { busyRefused, labelRefused, noLabel } from './refusals.ts'
import { cursorFrom } from './request-parts.ts'
import { analystRoute, keyRoute, nothing, type Route } from './route.ts'

const labelPage = z.strictObject({ labels: z.array(labelAnswer), next: z.nullable(z.string()) })

const listQuery = z.strictObject({
  subject_type: z.optional(subjectType),
  /** For a payee `account:…`, `id:…` or `name:…`. */
  subject_value: z.optional(text(200)),
  cursor: z.optional(z.string().check(z.maxLength(cursorMaxLength))),
})
type ListQuery = z.infer<typeof listQuery>

const idParam = z.strictObject({ id: text(80) })

const give = (deps: Deps): Route =>
  keyRoute('labels:write', {
    method: 'POST',
    path: '/labels',
    problems: ['not_found', 'label_refused', 'idempotency_key_reused'],
    summary: 'Label a subject: the next event that has it shows the label as a reason',
    tag: 'Labels',
    request: {
      ...nothing,
      headers: z.object({ 'idempotency-key': z.optional(identifier(255)) }),
      body: labelRequest,
    },
    whenLost:
      'Repeat the request with the same Idempotency-Key, which is safe; without a key it would be a second label.',
    answers: {
      200: {
        description: 'Written. The same Idempotency-Key for the same subject answers the label of before.',
        schema: labelAnswer,
      },
    },
    handle: async ({ body, headers, caller }) => {
      const key = headers['idempotency-key']
      const order = {
        label: body.label,
        family: body.family ?? null,
        provenance: body.provenance,
        reason: body.reason,
        expires_at: body.expires_at === undefined ? null : Date.parse(body.expires_at),
        origin: key === undefined ? null : `key:${key}`,
      }
      const subject = await findSubject(deps, caller, body.subject)
      if (subject === null) throw labelRefused({ refusal: { reason: 'unknown_subject' } }, body.subject.type)
      const given = await giveLabel(deps, caller, subject, order, `key:${caller.key_id}`)
      if (!given.ok) throw labelRefused(given, body.subject.type)
      return {
        status: 200,
        body: labelAnswerOf(given.document, given.label, deps.clock()),
        ...(given.replayed ? { headers: { 'Idempotent-Replayed': 'true' } } : {}),
      }
    },
  })

const list = (deps: Deps): Route =>
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/labels',
    problems: ['not_found'],
    summary: 'The labels of one subject, or of all, newest first',
    tag: 'Labels',
    request: { ...nothing, query: listQuery },
    answers: {
      200: {
        description:
          'With subject_type and subject_value every label that is remembered of it. Without, pages of up to twenty subjects, the one that changed last first.',
        schema: labelPage,
      },
    },
    handle: async ({ query, caller }) => ({ status: 200, body: await pageOf(deps, caller, query) }),
  })

const one = (deps: Deps): Route =>
  keyRoute('sessions:read', {
    method: 'GET',
    path: '/labels/:id',
    problems: ['not_found'],
    summary: 'One label, with how it stands',
    tag: 'Labels',
    request: { ...nothing, params: idParam },
    answers: { 200: { description: 'The label.', schema: labelAnswer } },
    handle: async ({ params, caller }) => {
      const found = await labelById(deps, caller, params.id)
      if (found === null) throw noLabel()
      return { status: 200, body: labelAnswerOf(found.document, found.label, deps.clock()) }
    },
  })

const undo = (deps: Deps): Route =>
  keyRoute('labels:write', {
    method: 'DELETE',
    path: '/labels/:id',
    problems: ['not_found'],
    summary: 'Take a label back, with the reason; it stays in the history and counts no more',
    tag: 'Labels',
    request: { ...nothing, params: idParam, body: z.strictObject({ reason: labelUndoReason }) },
    whenLost: repeatIsSafe,
    answers: {
      200: {
        description: 'Taken back. A label that was taken back before stays as it was then.',
        schema: labelAnswer,
      },
    },
    handle: async ({ params, body, caller }) => {
      const undone = await takeBackLabel(deps, caller, params.id, `key:${caller.key_id}`, body.reason)
      if (!undone.ok) throw undone.reason === 'busy' ? busyRefused(undone) : noLabel()
      return { status: 200, body: labelAnswerOf(undone.document, undone.label, deps.clock()) }
    },
  })

/** An analyst names a subject by its kind, and the session says which one it is. */
const giveAtDesk = (deps: Deps): Route =>
  analystRoute({
    method: 'POST',
    path: '/api/labels',
    problems: ['not_found', 'label_refused'],
    summary: 'Label a subject of a session: the next event that has it shows the label as a reason',
    request: { ...nothing, body: labelForm },
    answers: { 200: { description: 'Written.', schema: writtenLabel } },
    handle: async ({ body, caller: { account }, log }) => {
      const { session_id, subject: type, ...said } = body
      const session = await sessionAtDesk(deps, account, session_id)
      const tenant = await labelTenantOf(deps, session)
      const subject = subjectsOfSession(deps, tenant, session).find((one) => one.type === type)
      if (subject === undefined)
        throw new AppError('invalid_request', 'The event of this session names no such subject.')
      const given = await giveLabel(deps, tenant, subject, { ...said, origin: null }, account._id)
      if (!given.ok) throw labelRefused(given, type)
      const { _id, org_id } = account
      log.info(
        { account: _id, org: org_id, label: given.label.id, session: session_id },
        'analyst labelled a subject',
      )
      const [label] = await namedLabelsOf(deps, org_id, [given])
      return { status: 200, body: { label } }
    },
  })

const undoAtDesk = (deps: Deps): Route =>
  analystRoute({
    method: 'POST',
    path: '/api/labels/undo',
    problems: ['not_found'],
    summary: 'Take a label back, with the reason; it stays in the history and counts no more',
    request: { ...nothing, body: labelUndoForm },
    whenLost: repeatIsSafe,
    answers: { 200: { description: 'Taken back.', schema: writtenLabel } },
    handle: async ({ body, caller: { account }, log }) => {
      const tenant = await labelTenantOf(deps, await sessionAtDesk(deps, account, body.session_id))
      const undone = await takeBackLabel(deps, tenant, body.label_id, account._id, body.reason)
      if (!undone.ok)
        throw undone.reason === 'busy'
          ? busyRefused(undone)
          : new AppError('not_found', 'There is no such label any more. Open the session again.')
      const { _id, org_id } = account
      log.info({ account: _id, org: org_id, label: undone.label.id }, 'analyst took a label back')
      const [label] = await namedLabelsOf(deps, org_id, [undone])
      return { status: 200, body: { label } }
    },
  })

/** Labels: giving one to a subject, reading them, taking one back, for a site and an analyst. */
export const labelRoutes = (deps: Deps): Route[] => [
  give(deps),
  list(deps),
  one(deps),
  undo(deps),
  giveAtDesk(deps),
  undoAtDesk(deps),
]

const pageOf = async (
  deps: Deps,
  caller: KeyCaller,
  query: ListQuery,
): Promise<z.infer<typeof labelPage>> => {
  const now = deps.clock()
  if (query.subject_type !== undefined || query.subject_value !== undefined) {
    const subject = labelSubject.safeParse(namedSubject(query.subject_type, query.subject_value))
    if (!subject.success || query.cursor !== undefined) throw unreadableSubject()
    const found = await labelsOf(deps, caller, subject.data)
    if (found === null) throw labelRefused({ refusal: { reason: 'unknown_subject' } }, subject.data.type)
    const { document, labels } = found
    return {
      labels: document === null ? [] : labels.map((label) => labelAnswerOf(document, label, now)),
      next: null,
    }
  }
  const documents = await recentLabels(deps, caller, cursorFrom(query.cursor))
  const last = documents.length < subjectsAPage ? undefined : documents.at(-1)
  return {
    labels: documents.flatMap((document) =>
      document.labels.toReversed().map((label) => labelAnswerOf(document, label, now)),
    ),
    next: last === undefined ? null : writeCursor({ at: last.changed_at, id: last._id }),
  }
}

const unreadableSubject = (): AppError =>
  new AppError(
    'invalid_request',
    'Name a subject by subject_type and a subject_value of that type (a payee by account:…, id:… or name:…), without a cursor.',
    {
      errors: [
        { path: 'query.subject_value', message: 'is not a subject of this type, or came with a cursor' },
      ],
    },
  )
