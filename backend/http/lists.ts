import * as z from 'zod/mini'
import { environment } from '#contract/environment'
import {
  entriesAnswer,
  entriesQuery,
  entriesRequest,
  importId,
  importMode,
  listAnswer,
  listImport,
  listRequest,
  listsAnswer,
} from '#contract/list'
import type { ProblemCode } from '#contract/problem'
import { listName } from '#contract/rule'
import type { Deps } from '../deps.ts'
import type { JsonLimits } from '../intake/strict-json.ts'
import { organisationOf } from '../repositories/organisations.ts'
import type { Analyst } from './admin/logins.ts'
import type { KeyCaller } from './key-caller.ts'
import {
  begin,
  bring,
  commit,
  dropListBy,
  type ListCaller,
  putListBy,
  showList,
  showLists,
  undo,
} from './list-verbs.ts'
import { repeatIsSafe } from './open-outcome.ts'
import { analystRoute, keyRoute, nothing, type Route } from './route.ts'

/** Lists that rules look subjects up in: making one, filling it from CSV or JSON, undoing an import, for a site and an analyst. */
export const listRoutes = (deps: Deps): Route[] => [
  ...listsByKey(deps),
  ...importsByKey(deps),
  ...listsAtDesk(deps),
  ...importsAtDesk(deps),
]

const params = z.strictObject({ id: listName })
const importParams = z.strictObject({ id: listName, import: importId })
const entriesBody = z.union([entriesRequest, z.string()])
const modeBody = z.strictObject({ mode: z._default(importMode, 'add') })
const problems: ProblemCode[] = ['not_found', 'list_conflict', 'too_many_kept']
const entriesJson: JsonLimits = { bytes: 2_000_000, depth: 4, keysOfObject: 10, keys: 70_000 }

const answers = {
  list: { 200: { description: 'The list, with its imports and the rules that use it.', schema: listAnswer } },
  lists: { 200: { description: 'By name.', schema: listsAnswer } },
  import: { 200: { description: 'The import as it stands now.', schema: listImport } },
  entries: { 200: { description: 'What was taken in, and which lines were not.', schema: entriesAnswer } },
  gone: { 204: { description: 'Removed. Its entries are met by nobody any more.', empty: true as const } },
}

const tag = 'Lists'
const howToFill = `CSV with a header, or JSON \`{"entries": [...]}\` with the same names: \`value\`, or for payees \`account\`, \`id\`, \`name\`, \`country\`;
\`expires_at\` may stand beside them. Networks are addresses, IPv4 ranges from /24, and IPv6 /64. Lines that can't be read are named and the others are taken.
Without \`import\` the call is an import of its own: all of it counts from one moment on, or nothing. A file of more than 200,000 lines is begun with
\`POST /lists/{id}/imports\`, sent in parts with \`import\` and \`part\`, and committed. A part that is sent again counts once.`

const callerOf = ({ org, environment, key_id }: KeyCaller): ListCaller => ({
  org,
  environment,
  by: `key:${key_id}`,
})

const listsByKey = (deps: Deps): Route[] => [
  keyRoute('policies:read', {
    method: 'GET',
    path: '/lists',
    summary: 'The lists of this environment, with their imports and the rules that use them',
    tag,
    request: nothing,
    answers: answers.lists,
    handle: ({ caller }) => showLists(deps, callerOf(caller)),
  }),
  keyRoute('policies:read', {
    method: 'GET',
    path: '/lists/:id',
    problems,
    summary: 'One list',
    tag,
    request: { ...nothing, params },
    answers: answers.list,
    handle: ({ caller, params: { id } }) => showList(deps, callerOf(caller), id),
  }),
  keyRoute('lists:write', {
    method: 'POST',
    path: '/lists',
    problems,
    summary: 'Make a list, or change the owner, the description or the end of the one with this name',
    tag,
    request: { ...nothing, body: listRequest },
    whenLost: repeatIsSafe,
    answers: answers.list,
    handle: ({ caller, body }) => putListBy(deps, callerOf(caller), body),
  }),
  keyRoute('lists:write', {
    method: 'DELETE',
    path: '/lists/:id',
    problems,
    summary: 'Remove a list that no live or previewed rule uses',
    tag,
    request: { ...nothing, params },
    whenLost: repeatIsSafe,
    answers: answers.gone,
    handle: ({ caller, params: { id } }) => dropListBy(deps, callerOf(caller), id),
  }),
]

const importsByKey = (deps: Deps): Route[] => [
  keyRoute('lists:write', {
    method: 'POST',
    path: '/lists/:id/entries',
    problems,
    heavy: true,
    summary: 'Bring entries',
    description: howToFill,
    tag,
    accepts: ['json', 'csv'],
    json: entriesJson,
    request: { ...nothing, params, query: entriesQuery, body: entriesBody },
    whenLost:
      'Look at the imports of the list. Repeat a part of a staged import, which is safe; otherwise undo what was committed, or leave it.',
    answers: answers.entries,
    handle: ({ caller, params: { id }, query, body }) =>
      bring(deps, callerOf(caller), { list: id, query, body }),
  }),
  keyRoute('lists:write', {
    method: 'POST',
    path: '/lists/:id/imports',
    problems,
    summary: 'Begin an import of several parts: nobody meets its entries before it is committed',
    tag,
    request: { ...nothing, params, body: modeBody },
    whenLost: 'Begin another one: one that nobody goes on with is given up after a day.',
    answers: answers.import,
    handle: ({ caller, params: { id }, body }) => begin(deps, callerOf(caller), id, body.mode),
  }),
  keyRoute('lists:write', {
    method: 'POST',
    path: '/lists/:id/imports/:import/commit',
    problems,
    summary: 'Let all entries of an import count from now on',
    tag,
    request: { ...nothing, params: importParams },
    whenLost: repeatIsSafe,
    answers: answers.import,
    handle: ({ caller, params }) => commit(deps, callerOf(caller), params.id, params.import),
  }),
  keyRoute('lists:write', {
    method: 'POST',
    path: '/lists/:id/imports/:import/undo',
    problems,
    summary: 'Take an import back, or give up one that is not committed',
    tag,
    request: { ...nothing, params: importParams },
    whenLost: 'Look at the imports of the list.',
    answers: answers.import,
    handle: ({ caller, params }) => undo(deps, callerOf(caller), params.id, params.import),
  }),
]

const inEnvironment = z.strictObject({ environment })

const analystIn = async (
  deps: Deps,
  { account }: Analyst,
  query: z.infer<typeof inEnvironment>,
): Promise<ListCaller> => ({
  org: await organisationOf(deps, account),
  environment: query.environment,
  by: account._id,
})

const listsAtDesk = (deps: Deps): Route[] => [
  analystRoute({
    method: 'GET',
    path: '/api/lists',
    summary: 'The lists of an environment',
    request: { ...nothing, query: inEnvironment },
    answers: answers.lists,
    handle: async ({ caller, query }) => showLists(deps, await analystIn(deps, caller, query)),
  }),
  analystRoute({
    method: 'POST',
    path: '/api/lists',
    problems,
    summary: 'Make a list, or change the owner, the description or the end of the one with this name',
    request: { ...nothing, query: inEnvironment, body: listRequest },
    whenLost: repeatIsSafe,
    answers: answers.list,
    handle: async ({ caller, query, body }) => putListBy(deps, await analystIn(deps, caller, query), body),
  }),
  analystRoute({
    method: 'POST',
    path: '/api/lists/:id/remove',
    problems,
    summary: 'Remove a list that no live or previewed rule uses',
    request: { ...nothing, params, query: inEnvironment },
    whenLost: repeatIsSafe,
    answers: answers.gone,
    handle: async ({ caller, params: { id }, query }) =>
      dropListBy(deps, await analystIn(deps, caller, query), id),
  }),
]

const importsAtDesk = (deps: Deps): Route[] => [
  analystRoute({
    method: 'POST',
    path: '/api/lists/:id/imports',
    problems,
    summary: 'Begin an import',
    request: { ...nothing, params, query: inEnvironment, body: modeBody },
    answers: answers.import,
    handle: async ({ caller, params: { id }, query, body }) =>
      begin(deps, await analystIn(deps, caller, query), id, body.mode),
  }),
  analystRoute({
    method: 'POST',
    path: '/api/lists/:id/entries',
    problems,
    summary: 'Bring a part of an import, as CSV with a header',
    accepts: ['json', 'csv'],
    json: entriesJson,
    request: {
      ...nothing,
      params,
      query: z.extend(entriesQuery, { environment, import: importId }),
      body: entriesBody,
    },
    whenLost: repeatIsSafe,
    answers: answers.entries,
    handle: async ({ caller, params: { id }, query, body }) =>
      bring(deps, await analystIn(deps, caller, query), { list: id, query, body }),
  }),
  analystRoute({
    method: 'POST',
    path: '/api/lists/:id/imports/:import/commit',
    problems,
    summary: 'Let all entries of an import count from now on',
    request: { ...nothing, params: importParams, query: inEnvironment },
    whenLost: repeatIsSafe,
    answers: answers.import,
    handle: async ({ caller, params, query }) =>
      commit(deps, await analystIn(deps, caller, query), params.id, params.import),
  }),
  analystRoute({
    method: 'POST',
    path: '/api/lists/:id/imports/:import/undo',
    problems,
    summary: 'Take an import back, or give up one that is not committed',
    request: { ...nothing, params: importParams, query: inEnvironment },
    answers: answers.import,
    handle: async ({ caller, params, query }) =>
      undo(deps, await analystIn(deps, caller, query), params.id, params.import),
  }),
]
