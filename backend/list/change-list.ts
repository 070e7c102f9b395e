import type { Environment } from '#contract/environment'
import { type ImportMode, type ListRequest, listLimits } from '#contract/list'
import type { AuditMeta } from '#contract/trail'
import { byAuthor } from '../audit/actors.ts'
import { withTrail } from '../audit/organisation-trail.ts'
import { changeDocument } from '../store/change.ts'
import type { World } from '../world.ts'
import type { ListStore } from './collections.ts'
import {
  beginImport,
  type Changed,
  commitImport,
  entriesOf,
  findImport,
  type ImportRefusal,
  rejectedOf,
  undoImport,
} from './imports.ts'
import { type List, listId, type StoredImport } from './list-document.ts'

/** Changes of a list: each is one write, and carries its entry of the organisation's trail. */

export type Lists = ListStore & Pick<World, 'clock' | 'random'>
export type ListRef = { org_id: string; environment: Environment; name: string }

/** `contended`: others kept changing the list; nothing was done. */
export type ListRefusal = ImportRefusal | 'unknown_list' | 'other_kind' | 'too_many_lists' | 'contended'
export type ListChange = { ok: true; list: List } | { ok: false; reason: ListRefusal }
export type ImportChange = { ok: true; list: List; of: StoredImport } | { ok: false; reason: ListRefusal }

/** The list of that name, unless it was removed. */
export const findList = async (
  { collections }: ListStore,
  { org_id, environment, name }: ListRef,
): Promise<List | null> => {
  const list = await collections.lists.get(org_id, listId(environment, name))
  return list === null || list.removed_at !== null ? null : list
}

/** Every list of an environment, by name. */
export const listsOf = (
  { collections }: ListStore,
  { org_id, environment }: Omit<ListRef, 'name'>,
): Promise<List[]> =>
  collections.lists.find({ index: 'standing', org_id, equals: [environment], limit: listLimits.lists })

const uidBytes = 5
const importIdBytes = 8

const recorded = (list: List, by: string, action: string, meta: AuditMeta, at: number): List => {
  const { name, environment } = list
  return withTrail(list, byAuthor(by, action, { list: name, environment, ...meta }), at)
}

/** Makes a list, or says something new of the one with this name. */
export const putList = async (
  deps: Lists,
  ref: ListRef,
  { kind, owner, description, expires_at }: ListRequest,
  by: string,
): Promise<ListChange> => {
  const at = deps.clock()
  const facts = { owner, description, expires_at: expires_at === null ? null : Date.parse(expires_at) }
  if ((await findList(deps, ref)) === null && (await listsOf(deps, ref)).length >= listLimits.lists)
    return { ok: false, reason: 'too_many_lists' }
  const fresh = (): List => ({
    _id: listId(ref.environment, ref.name),
    org_id: ref.org_id,
    version: 0,
    purge_at: null,
    environment: ref.environment,
    name: ref.name,
    kind,
    ...facts,
    created_at: at,
    uid: deps.random(uidBytes).toString('hex'),
    removed_at: null,
    next_seq: 1,
    counting: [],
    entries: 0,
    imports: [],
    sweep_from: null,
    trail_due: [],
  })
  return change(deps, ref, fresh, (before) => {
    if (before.version === 0) return { ok: true, list: recorded(before, by, 'list.created', { kind }, at) }
    if (before.removed_at !== null) {
      // What is left of the removed one is met by nobody, because no import counts, and is swept away as before.
      const { version, trail_due, uid, next_seq } = before
      const anew = { ...fresh(), version, trail_due, uid, next_seq, sweep_from: 0 }
      return { ok: true, list: recorded(anew, by, 'list.created', { kind }, at) }
    }
    if (before.kind !== kind) return { ok: false, reason: 'other_kind' }
    return { ok: true, list: recorded({ ...before, ...facts }, by, 'list.changed', {}, at) }
  })
}

/** Removes a list. Its entries are gone at once, and swept away later. */
export const removeList = (deps: Lists, ref: ListRef, by: string): Promise<ListChange> =>
  changeStanding(deps, ref, (list) => {
    const at = deps.clock()
    const gone = { ...list, removed_at: at, counting: [], entries: 0, imports: [], sweep_from: 0 }
    return { ok: true, list: recorded(gone, by, 'list.removed', {}, at) }
  })

export const startImport = async (
  deps: Lists,
  ref: ListRef,
  { mode, by }: { mode: ImportMode; by: string },
): Promise<ImportChange> => {
  const id = `imp_${deps.random(importIdBytes).toString('hex')}`
  return withImport(
    id,
    await changeStanding(deps, ref, (list) => beginImport(list, { id, mode, by, at: deps.clock() })),
  )
}

/** Makes a staged import count. Committing it again changes nothing. */
export const finishImport = (deps: Lists, ref: ListRef, id: string, by: string): Promise<ImportChange> =>
  changeImport(deps, ref, { id, by, action: 'list.import_committed' }, commitImport)

/** Takes an import back; a staged one is given up. */
export const takeBackImport = (deps: Lists, ref: ListRef, id: string, by: string): Promise<ImportChange> =>
  changeImport(deps, ref, { id, by, action: 'list.import_undone' }, undoImport)

/** What changed something is in the trail, with what the import brought. */
const changeImport = async (
  deps: Lists,
  ref: ListRef,
  { id, by, action }: { id: string; by: string; action: string },
  change: (list: List, id: string, at: number) => Changed,
): Promise<ImportChange> =>
  withImport(
    id,
    await changeStanding(deps, ref, (list) => {
      const at = deps.clock()
      const changed = change(list, id, at)
      return changed.ok && changed.list !== list
        ? { ok: true, list: recordedImport(changed.list, id, by, action, at) }
        : changed
    }),
  )

const recordedImport = (list: List, id: string, by: string, action: string, at: number): List => {
  const found = findImport(list, id)
  if (found === null) return list
  const { mode } = found
  return recorded(
    list,
    by,
    action,
    { import: id, mode, entries: entriesOf(found), rejected: rejectedOf(found) },
    at,
  )
}

export const withImport = (id: string, changed: ListChange): ImportChange => {
  if (!changed.ok) return changed
  const of = findImport(changed.list, id)
  return of === null ? { ok: false, reason: 'unknown_import' } : { ...changed, of }
}

/** Changes a list that stands. A refusal writes nothing. */
export const changeStanding = (
  deps: Lists,
  ref: ListRef,
  by: (list: List) => Changed | ListChange,
): Promise<ListChange> =>
  change(
    deps,
    ref,
    () => null,
    (list) => (list.removed_at === null ? by(list) : { ok: false, reason: 'unknown_list' }),
  )

const change = async (
  deps: Lists,
  { org_id, environment, name }: ListRef,
  empty: () => List | null,
  by: (list: List) => ListChange,
): Promise<ListChange> => {
  let answer: ListChange = { ok: false, reason: 'unknown_list' }
  const written = await changeDocument(
    deps.collections.lists,
    { org_id, _id: listId(environment, name) },
    empty,
    (list) => {
      answer = by(list)
      return answer.ok ? answer.list : list
    },
  )
  if (!written.ok) return { ok: false, reason: written.reason === 'busy' ? 'contended' : 'unknown_list' }
  return refusedOr(answer, written.doc)
}

const refusedOr = (answer: ListChange, list: List): ListChange => (answer.ok ? { ok: true, list } : answer)
