import type * as z from 'zod/mini'
import type { entriesQuery, ImportMode, ListEntry, ListRequest } from '#contract/list'
import {
  commitStaged,
  dropList,
  entryDigest,
  type ListTenant,
  listRef,
  undoCommitted,
  usesOf,
  writeList,
} from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { findList, listsOf, startImport } from '../list/change-list.ts'
import type { List, StoredImport } from '../list/list-document.ts'
import type { NumberedEntry } from '../list/read-lines.ts'
import { readCsv } from '../list/read-lines.ts'
import { type Staged, stageEntries } from '../list/stage-entries.ts'
import { AppError } from './app-error.ts'
import { authorsOf } from './author-names.ts'
import { importAnswerOf, listAnswerOf, listInUse, listRefused } from './list-answer.ts'
import type { RouteAnswer } from './route.ts'

/** What may be done with lists, for a key and for an analyst alike. */

/** In which organisation and environment, and who does it. */
export type ListCaller = ListTenant & { by: string }

type Brought = { list: string; query: z.infer<typeof entriesQuery>; body: string | { entries: ListEntry[] } }

const answerOf = async (deps: Deps, caller: ListCaller, list: List): Promise<RouteAnswer> => {
  const nameOf = await namesIn(deps, caller, [list])
  return { status: 200, body: listAnswerOf(list, await usesOf(deps, caller), nameOf) }
}

const namesIn = (deps: Deps, { org }: ListCaller, lists: readonly List[]) =>
  authorsOf(
    deps,
    org._id,
    lists.flatMap(({ imports }) => imports.map(({ by }) => by)),
  )

export const showLists = async (deps: Deps, caller: ListCaller): Promise<RouteAnswer> => {
  const { org, environment } = caller
  const [lists, uses] = await Promise.all([
    listsOf(deps, { org_id: org._id, environment }),
    usesOf(deps, caller),
  ])
  const nameOf = await namesIn(deps, caller, lists)
  return { status: 200, body: { lists: lists.map((list) => listAnswerOf(list, uses, nameOf)) } }
}

export const showList = async (deps: Deps, caller: ListCaller, name: string): Promise<RouteAnswer> => {
  const list = await findList(deps, listRef(caller, name))
  if (list === null) throw listRefused('unknown_list')
  return answerOf(deps, caller, list)
}

export const putListBy = async (deps: Deps, caller: ListCaller, wish: ListRequest): Promise<RouteAnswer> => {
  const written = await writeList(deps, caller, wish, caller.by)
  if (!written.ok) throw listRefused(written.reason)
  return answerOf(deps, caller, written.list)
}

export const dropListBy = async (deps: Deps, caller: ListCaller, name: string): Promise<RouteAnswer> => {
  const dropped = await dropList(deps, caller, name, caller.by)
  if (!dropped.ok)
    throw dropped.reason === 'in_use' ? listInUse(name, dropped.uses) : listRefused(dropped.reason)
  return { status: 204, body: null }
}

const importAnswer = async (
  deps: Deps,
  caller: ListCaller,
  list: List,
  of: StoredImport,
): Promise<RouteAnswer> => ({
  status: 200,
  body: importAnswerOf(list, of, await namesIn(deps, caller, [list])),
})

export const begin = async (
  deps: Deps,
  caller: ListCaller,
  name: string,
  mode: ImportMode,
): Promise<RouteAnswer> => {
  const begun = await startImport(deps, listRef(caller, name), { mode, by: caller.by })
  if (!begun.ok) throw listRefused(begun.reason)
  return importAnswer(deps, caller, begun.list, begun.of)
}

export const commit = async (
  deps: Deps,
  caller: ListCaller,
  name: string,
  id: string,
): Promise<RouteAnswer> => {
  const committed = await commitStaged(deps, caller, name, id, caller.by)
  if (!committed.ok) throw listRefused(committed.reason)
  return importAnswer(deps, caller, committed.list, committed.of)
}

export const undo = async (
  deps: Deps,
  caller: ListCaller,
  name: string,
  id: string,
): Promise<RouteAnswer> => {
  const undone = await undoCommitted(deps, caller, name, id, caller.by)
  if (!undone.ok) throw listRefused(undone.reason)
  return importAnswer(deps, caller, undone.list, undone.of)
}

/** Brings entries: a part of a staged import, or an import of its own, which is committed at once or leaves nothing. */
export const bring = async (deps: Deps, caller: ListCaller, brought: Brought): Promise<RouteAnswer> => {
  const { list: name, query } = brought
  const list = await findList(deps, listRef(caller, name))
  if (list === null) throw listRefused('unknown_list')
  const entries = entriesIn(list, brought)
  const digest = entryDigest(deps, caller)
  const id = query.import ?? (await begunFor(deps, caller, brought))
  const staged = await stageEntries(deps, listRef(caller, name), { id, part: query.part, entries, digest })
  if (query.import !== undefined) {
    if (!staged.ok) throw listRefused(staged.reason)
    return entriesAnswer(deps, caller, staged)
  }
  const committed = staged.ok ? await commitStaged(deps, caller, name, id, caller.by) : staged
  if (committed.ok && staged.ok) return entriesAnswer(deps, caller, { ...committed, staged: staged.staged })
  await undoCommitted(deps, caller, name, id, caller.by)
  if (staged.ok && staged.staged.entries === 0) throw nothingToBring(staged.staged)
  throw listRefused(committed.ok ? 'contended' : committed.reason)
}

const begunFor = async (deps: Deps, caller: ListCaller, { list, query }: Brought): Promise<string> => {
  const begun = await startImport(deps, listRef(caller, list), { mode: query.mode, by: caller.by })
  if (!begun.ok) throw listRefused(begun.reason)
  return begun.of.id
}

const entriesIn = ({ kind }: List, { body, query }: Brought): Iterable<NumberedEntry> => {
  if (typeof body !== 'string') return body.entries.map((entry, i) => ({ line: i + 1, entry }))
  const read = readCsv(body, kind, query.first_line)
  if (!read.ok) throw new AppError('invalid_request', read.detail)
  return read.entries
}

const entriesAnswer = async (
  deps: Deps,
  caller: ListCaller,
  { list, of, staged }: { list: List; of: StoredImport; staged: Staged },
): Promise<RouteAnswer> => ({
  status: 200,
  body: { import: importAnswerOf(list, of, await namesIn(deps, caller, [list])), ...staged },
})

const namedAsErrors = 20

const nothingToBring = ({ rejected, rejections }: Staged): AppError =>
  new AppError(
    'invalid_request',
    rejected === 0
      ? 'There is no line behind the header, so nothing was brought.'
      : `None of ${rejected} lines can be read, so nothing was brought. Line ${rejections[0]?.line}: ${rejections[0]?.detail}.`,
    {
      errors: rejections
        .slice(0, namedAsErrors)
        .map(({ line, detail }) => ({ path: `line ${line}`, message: detail })),
    },
  )
