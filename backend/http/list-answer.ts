import type { ListAnswer, ListImport } from '#contract/list'
import { listLimits } from '#contract/list'
import type { PlacedUse } from '../checkpoint.ts'
import type { ListRefusal } from '../list/change-list.ts'
import { entriesOf, isUndoable, rejectedOf } from '../list/imports.ts'
import type { List, StoredImport } from '../list/list-document.ts'
import type { AppError } from './app-error.ts'
import { problemOf, type Said } from './problem-of-refusal.ts'
import { wireTime } from './wire-time.ts'

/** Lists as they are answered: how many entries, and never which. */

type NameOf = (id: string) => string

export const importAnswerOf = (list: List, one: StoredImport, nameOf: NameOf): ListImport => ({
  id: one.id,
  mode: one.mode,
  state: one.state,
  at: wireTime(one.at),
  by: nameOf(one.by),
  entries: entriesOf(one),
  rejected: rejectedOf(one),
  undoable: isUndoable(list, one),
})

export const listAnswerOf = (list: List, uses: readonly PlacedUse[], nameOf: NameOf): ListAnswer => ({
  environment: list.environment,
  name: list.name,
  kind: list.kind,
  owner: list.owner,
  description: list.description,
  expires_at: list.expires_at === null ? null : wireTime(list.expires_at),
  created_at: wireTime(list.created_at),
  entries: list.entries,
  imports: list.imports.toReversed().map((one) => importAnswerOf(list, one, nameOf)),
  used_by: uses
    .filter((use) => use.list === list.name)
    .map(({ policy, state, rule, name }) => ({ policy, state, rule, name })),
})

const conflict = (detail: string): Said => ({ code: 'list_conflict', detail })

const ofList: Record<ListRefusal, Said> = {
  unknown_list: {
    code: 'not_found',
    detail: 'There is no such list in this environment; GET /lists shows them.',
  },
  other_kind: conflict(
    'There is a list of this name and of another kind. Choose another name, or remove that list first.',
  ),
  too_many_lists: {
    code: 'too_many_kept',
    detail: `You keep ${listLimits.lists} lists, which is the most. Remove one that no rule names.`,
  },
  contended: { code: 'busy', detail: 'This list is being changed by others. Send it again in a second.' },
  unknown_import: {
    code: 'not_found',
    detail: 'The list has no such import, or it is so old that it is not remembered by itself any more.',
  },
  not_staged: conflict(
    'This import is committed, undone or given up, so nothing can be added to it. Begin another one.',
  ),
  nothing_staged: conflict(
    'This import has no entry, so there is nothing to commit. Send its lines first, or undo it.',
  ),
  too_many_staged: conflict('Five imports of this list are staged. Commit one, or undo it.'),
  too_many_entries: {
    code: 'body_too_large',
    detail: `A list holds at most ${listLimits.entries} entries, and an import too. Bring fewer, replace what is there (mode=replace), or use two lists.`,
  },
  too_scattered: conflict(
    'Too many imports of this list were undone one by one. Bring the whole list once with mode=replace.',
  ),
  undone_before: conflict('This import was undone or given up before; nothing of it counts.'),
  replaced_since: conflict(
    'The whole list was replaced since, and what it replaced is not kept. Bring the entries again.',
  ),
}
export const listRefused = (reason: ListRefusal): AppError => problemOf(ofList[reason])

export const listInUse = (name: string, uses: readonly PlacedUse[]): AppError =>
  problemOf(
    conflict(
      `${name} is used by ${uses.map((use) => `rule ${use.rule} (“${use.name}”) of ${use.policy}, ${use.state}`).join(', ')}. Publish a version without that first.`,
    ),
  )
