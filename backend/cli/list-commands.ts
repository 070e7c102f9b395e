import { createReadStream } from 'node:fs'
import { appendFile, rm, writeFile } from 'node:fs/promises'
import { type ImportMode, importMode, listKind } from '#contract/list'
import { partsOf } from '#contract/list-parts'
import {
  commitStaged,
  entryDigest,
  type ListTenant,
  listRef,
  undoCommitted,
  writeList,
} from '../checkpoint.ts'
import { findList, type ListRefusal, startImport } from '../list/change-list.ts'
import { entriesOf } from '../list/imports.ts'
import type { List } from '../list/list-document.ts'
import { readCsv } from '../list/read-lines.ts'
import { type Staged, stageEntries } from '../list/stage-entries.ts'
import {
  type Command,
  given,
  knownOrganisation,
  needed,
  neededEnvironment,
  sizeOf,
  type Tools,
  UsageError,
  type Values,
} from './command.ts'
import { openProgress } from './progress.ts'

/** Fills a list from a CSV file: all of it counts from one moment on, or nothing. */

const by = 'operator'

const refusals: Record<ListRefusal, string> = {
  unknown_list: 'there is no such list; name --kind and --owner, and it is made',
  other_kind: 'is a list of another kind',
  too_many_lists: 'there are as many lists as there may be; remove one',
  contended: 'is being changed by others; give the same command again',
  unknown_import: 'the import was taken away meanwhile; give the same command again',
  not_staged: 'the import was given up meanwhile; give the same command again',
  nothing_staged: 'no line could be read, so the list stays as it was',
  too_many_staged: 'has five imports that nobody finished; undo one on the desk',
  too_many_entries: 'would hold more entries than a list may; use --mode replace, or two lists',
  too_scattered: 'has too many imports that were undone; use --mode replace',
  undone_before: 'the import was undone before',
  replaced_since: 'the list was replaced since',
}

const modeIn = (values: Values): ImportMode => {
  const mode = importMode.safeParse(given(values, 'mode') ?? 'add')
  if (!mode.success) throw new UsageError(`--mode must be ${importMode.options.join(', ')}`)
  return mode.data
}

/** The list of that name. One that there is none of is made, if it is said what it holds and whose it is. */
const listIn = async (values: Values, tools: Tools, tenant: ListTenant): Promise<List> => {
  const name = needed(values, 'name')
  const found = await findList(tools, listRef(tenant, name))
  if (found !== null) return found
  const kind = listKind.safeParse(given(values, 'kind'))
  const owner = given(values, 'owner')
  if (!kind.success || owner === null)
    throw new UsageError(`--name: ${refusals.unknown_list} (--kind is ${listKind.options.join(', ')})`)
  const facts = { name, kind: kind.data, owner, description: null, expires_at: null }
  const made = await writeList(tools, tenant, facts, by)
  if (!made.ok) throw new UsageError(`--name: ${name} ${refusals[made.reason]}`)
  return made.list
}

async function* textOf(path: string): AsyncGenerator<{ text: string; bytes: number }> {
  for await (const text of createReadStream(path, 'utf8')) {
    const said = String(text)
    yield { text: said, bytes: Buffer.byteLength(said) }
  }
}

type Filling = { tenant: ListTenant; list: List; id: string; path: string; size: number; rejects: string }

const stageFile = async (
  tools: Tools,
  { tenant, list, id, path, size, rejects }: Filling,
): Promise<Omit<Staged, 'rejections'>> => {
  const digest = entryDigest(tools, tenant)
  const progress = openProgress(size)
  const total = { lines: 0, entries: 0, duplicates: 0, rejected: 0 }
  let part = 0
  for await (const { text, firstLine, read } of partsOf(textOf(path))) {
    const csv = readCsv(text, list.kind, firstLine)
    if (!csv.ok) throw new UsageError(`${path}: ${csv.detail}`)
    const staged = await stageEntries(tools, listRef(tenant, list.name), {
      id,
      part,
      entries: csv.entries,
      digest,
    })
    if (!staged.ok) throw new UsageError(`${list.name} ${refusals[staged.reason]}`)
    part += 1
    const { lines, entries, duplicates, rejected, rejections } = staged.staged
    total.lines += lines
    total.entries += entries
    total.duplicates += duplicates
    total.rejected += rejected
    await appendFile(rejects, rejections.map((one) => `${JSON.stringify(one)}\n`).join(''))
    progress.at(read, total.lines, total.rejected)
  }
  return total
}

const importList = async (values: Values, tools: Tools): Promise<void> => {
  const path = needed(values, 'file')
  const mode = modeIn(values)
  const size = await sizeOf(path)
  const org = await knownOrganisation(values, tools)
  const tenant = { org, environment: neededEnvironment(values) }
  const list = await listIn(values, tools, tenant)
  const begun = await startImport(tools, listRef(tenant, list.name), { mode, by })
  if (!begun.ok) throw new UsageError(`${list.name} ${refusals[begun.reason]}`)
  const { id } = begun.of
  const rejects = `${path}.rejects`
  await writeFile(rejects, '')
  const giveUp = () => undoCommitted(tools, tenant, list.name, id, by)
  const total = await stageFile(tools, { tenant, list, id, path, size, rejects }).catch(
    async (fault: unknown) => {
      await giveUp()
      throw fault
    },
  )
  if (total.rejected === 0) await rm(rejects)
  else console.error(`${rejects} says why lines were rejected, a line each`)
  const committed = await commitStaged(tools, tenant, list.name, id, by)
  if (!committed.ok) {
    await giveUp()
    throw new UsageError(`${list.name}: ${refusals[committed.reason]}`)
  }
  console.log(
    `${list.name}: ${entriesOf(committed.of)} entries by ${id}, ${total.duplicates} said twice, ${total.rejected} rejected; the list has ${committed.list.entries}`,
  )
}

const undoImport = async (values: Values, tools: Tools): Promise<void> => {
  const org = await knownOrganisation(values, tools)
  const tenant = { org, environment: neededEnvironment(values) }
  const [name, id] = [needed(values, 'name'), needed(values, 'id')]
  const undone = await undoCommitted(tools, tenant, name, id, by)
  if (!undone.ok) throw new UsageError(`--id: ${refusals[undone.reason]}`)
  console.log(`${id} is undone; ${name} has ${undone.list.entries} entries`)
}

const place = ['org', 'env', 'name']

export const listCommands: Record<string, Command> = {
  'list import': {
    needsStore: true,
    operand: 'file',
    options: [...place, 'file', 'mode', 'kind', 'owner'],
    run: importList,
  },
  'list undo': { needsStore: true, options: [...place, 'id'], run: undoImport },
}
