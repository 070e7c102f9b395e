import { hourMs } from '#contract/durations'
import { type ImportMode, listLimits } from '#contract/list'
import type { List, Ranges, StoredImport } from './list-document.ts'

/** What becomes of a list's imports: which count, which can be undone, what may be swept away. Pure. */

/** How many imports are remembered one by one. Of an older one the entries stay, and it can't be undone any more. */
const importsKept = 50
/** How many may be staged at once. */
const stagedMost = 5
/** Nobody goes on with an import after that. */
const abandonedMs = 24 * hourMs
/** How many separate stretches of imports may count: only undoing makes them. */
const rangesMost = 500

export type ImportRefusal =
  | 'unknown_import'
  | 'not_staged'
  | 'nothing_staged'
  | 'too_many_staged'
  | 'too_many_entries'
  | 'too_scattered'
  | 'undone_before'
  | 'replaced_since'

export type Changed = { ok: true; list: List } | { ok: false; reason: ImportRefusal }

const refused = (reason: ImportRefusal): Changed => ({ ok: false, reason })

/** Whether the entries of an import are there. */
export const countsIn = (ranges: Ranges, seq: number): boolean =>
  ranges.some(([from, to]) => from <= seq && seq <= to)

/**
 * Whether anybody may still ask for the entries of an import: it counts, is staged, was begun since the list was read, or an
 * undo would bring it back.
 */
export const isKept = ({ counting, imports, next_seq }: List, seq: number): boolean =>
  seq >= next_seq ||
  countsIn(counting, seq) ||
  imports.some(
    (one) =>
      (one.seq === seq && one.state === 'staged') ||
      (one.before !== null && countsIn(one.before.counting, seq)),
  )

export const findImport = ({ imports }: List, id: string): StoredImport | null =>
  imports.find((one) => one.id === id) ?? null

export const entriesOf = ({ parts }: StoredImport): number =>
  parts.reduce((sum, { entries }) => sum + entries, 0)
export const rejectedOf = ({ parts }: StoredImport): number =>
  parts.reduce((sum, { rejected }) => sum + rejected, 0)

type Begun = { id: string; mode: ImportMode; at: number; by: string }

/** Stages an import. Those that nobody went on with for a day are given up. */
export const beginImport = (list: List, { id, mode, at, by }: Begun): Changed => {
  const settled = giveUpAbandoned(list, at)
  if (settled.imports.filter(({ state }) => state === 'staged').length >= stagedMost)
    return refused('too_many_staged')
  const fresh: StoredImport = {
    id,
    seq: settled.next_seq,
    mode,
    state: 'staged',
    at,
    by,
    touched_at: at,
    parts: [],
    before: null,
  }
  const imports = [...settled.imports, fresh]
  // The oldest that is over is forgotten: a staged one, and one that can bring others back, must be known.
  const over =
    imports.length > importsKept
      ? imports.find((one) => one.state !== 'staged' && one.before === null)
      : undefined
  return {
    ok: true,
    list: { ...settled, next_seq: settled.next_seq + 1, imports: imports.filter((one) => one !== over) },
  }
}

const giveUpAbandoned = (list: List, now: number): List => {
  const isAbandoned = ({ state, touched_at }: StoredImport) =>
    state === 'staged' && touched_at <= now - abandonedMs
  if (!list.imports.some(isAbandoned)) return list
  return {
    ...list,
    imports: list.imports.map((one) => (isAbandoned(one) ? { ...one, state: 'given_up' } : one)),
    sweep_from: 0,
  }
}

const withImport = (list: List, changed: StoredImport): List => ({
  ...list,
  imports: list.imports.map((one) => (one.id === changed.id ? changed : one)),
})

type Part = { part: number; entries: number; rejected: number; at: number }

/** Notes what a part of a staged import brought. The same part again counts once. */
export const notePart = (list: List, id: string, { part, entries, rejected, at }: Part): Changed => {
  const found = findImport(list, id)
  if (found === null) return refused('unknown_import')
  if (found.state !== 'staged') return refused('not_staged')
  const parts = Array.from({ length: Math.max(found.parts.length, part + 1) }, (_, i) =>
    i === part ? { entries, rejected } : (found.parts[i] ?? { entries: 0, rejected: 0 }),
  )
  const changed = { ...found, parts, touched_at: at }
  if (entriesOf(changed) > listLimits.entries) return refused('too_many_entries')
  return { ok: true, list: withImport(list, changed) }
}

/** Makes a staged import count, all of it at once. A *replace* remembers what counted before, and nothing older. */
export const commitImport = (list: List, id: string, at: number): Changed => {
  const found = findImport(list, id)
  if (found === null) return refused('unknown_import')
  if (found.state === 'committed') return { ok: true, list }
  if (found.state !== 'staged') return refused('not_staged')
  if (entriesOf(found) === 0) return refused('nothing_staged')
  const replaces = found.mode === 'replace'
  const entries = (replaces ? 0 : list.entries) + entriesOf(found)
  if (entries > listLimits.entries) return refused('too_many_entries')
  const counting = withSeq(replaces ? [] : list.counting, found.seq)
  if (counting.length > rangesMost) return refused('too_scattered')
  const { counting: had, entries: hadEntries } = list
  const before = replaces ? { counting: had, entries: hadEntries } : null
  const others = replaces
    ? { ...list, imports: list.imports.map((one) => ({ ...one, before: null })), sweep_from: 0 }
    : list
  const committed: StoredImport = { ...found, state: 'committed', touched_at: at, before }
  return { ok: true, list: { ...withImport(others, committed), counting, entries } }
}

/** Takes an import back, or gives a staged one up. What came after it stays. */
export const undoImport = (list: List, id: string): Changed => {
  const found = findImport(list, id)
  if (found === null) return refused('unknown_import')
  if (found.state === 'undone' || found.state === 'given_up') return refused('undone_before')
  if (found.state === 'staged')
    return { ok: true, list: { ...withImport(list, { ...found, state: 'given_up' }), sweep_from: 0 } }
  const gone: StoredImport = { ...found, state: 'undone', before: null }
  const without = { ...withImport(list, gone), sweep_from: 0 }
  if (!countsIn(list.counting, found.seq)) {
    // A later *replace* took its place; undoing that must not bring it back.
    const replacing = list.imports.find(
      (one) => one.before !== null && countsIn(one.before.counting, found.seq),
    )
    if (replacing === undefined || replacing.before === null || found.mode === 'replace')
      return refused('replaced_since')
    const before = {
      counting: withoutSeq(replacing.before.counting, found.seq),
      entries: Math.max(0, replacing.before.entries - entriesOf(found)),
    }
    return { ok: true, list: withImport(without, { ...replacing, before }) }
  }
  const rest = withoutSeq(list.counting, found.seq)
  const entries = Math.max(0, list.entries - entriesOf(found))
  if (found.mode !== 'replace') return { ok: true, list: { ...without, counting: rest, entries } }
  if (found.before === null) return refused('replaced_since')
  const back = found.before.entries + entries
  if (back > listLimits.entries) return refused('too_many_entries')
  const counting = [...found.before.counting, ...rest].reduce<Ranges>(
    (ranges, [from, to]) => joined(ranges, from, to),
    [],
  )
  return { ok: true, list: { ...without, counting, entries: back } }
}

export const isUndoable = (list: List, { id }: StoredImport): boolean => undoImport(list, id).ok

const withSeq = (ranges: Ranges, seq: number): Ranges => joined(ranges, seq, seq)

/** Ranges that touch become one. */
const joined = (ranges: Ranges, from: number, to: number): Ranges => {
  const touching = ranges.filter(([first, last]) => first <= to + 1 && last >= from - 1)
  const whole: [number, number] = [
    Math.min(from, ...touching.map(([first]) => first)),
    Math.max(to, ...touching.map(([, last]) => last)),
  ]
  return [...ranges.filter((range) => !touching.includes(range)), whole].toSorted((a, b) => a[0] - b[0])
}

const withoutSeq = (ranges: Ranges, seq: number): Ranges =>
  ranges.flatMap(([from, to]): Ranges => {
    if (seq < from || seq > to) return [[from, to]]
    const left: Ranges = from <= seq - 1 ? [[from, seq - 1]] : []
    const right: Ranges = seq + 1 <= to ? [[seq + 1, to]] : []
    return [...left, ...right]
  })
