import {
  type EntriesAnswer,
  entriesAnswer,
  type ImportMode,
  type ListAnswer,
  listImport,
} from '#contract/list'
import { partsOf } from '#contract/list-parts'
import { type Answer, post, type Refusal, sendCsv } from '../../app/api.ts'

/** Sends a file in parts, so that it may be as large as a list, and nobody meets any of it before all of it is there. */

export type FileSent = Pick<EntriesAnswer, 'lines' | 'entries' | 'duplicates' | 'rejected' | 'rejections'>

const rejectionsShown = 50

/** Where a list's own calls go: to its environment, also while another one is shown. */
export const pathOf = (
  { name, environment }: ListAnswer,
  rest: string,
  query: Record<string, string> = {},
): string => `/api/lists/${name}/${rest}?${new URLSearchParams({ environment, ...query })}`

/** `told`: hears how much of the file, from 0 to 1, the server has taken. A refusal leaves nothing in the list. */
export const sendFile = async (
  list: ListAnswer,
  mode: ImportMode,
  file: File,
  told: (share: number) => void,
): Promise<Answer<FileSent>> => {
  const begun = await post(listImport, pathOf(list, 'imports'), { mode })
  if (!begun.ok) return begun
  const { id } = begun.value
  const total: FileSent = { lines: 0, entries: 0, duplicates: 0, rejected: 0, rejections: [] }
  let part = 0
  for await (const { text, firstLine, read } of partsOf(textOf(file))) {
    const query = { import: id, part: String(part), first_line: String(firstLine) }
    const sent = await sendCsv(entriesAnswer, pathOf(list, 'entries', query), text)
    if (!sent.ok) return giveUp(list, id, sent)
    part += 1
    total.lines += sent.value.lines
    total.entries += sent.value.entries
    total.duplicates += sent.value.duplicates
    total.rejected += sent.value.rejected
    total.rejections = [...total.rejections, ...sent.value.rejections].slice(0, rejectionsShown)
    told(read / Math.max(1, file.size))
  }
  // What is wrong with every line is wrong with the file: the list stays as it was.
  if (total.entries === 0) {
    await undoImport(list, id)
    return { ok: true, value: total }
  }
  const committed = await post(listImport, pathOf(list, `imports/${id}/commit`), {})
  return committed.ok ? { ok: true, value: total } : giveUp(list, id, committed)
}

export const undoImport = (list: ListAnswer, id: string) =>
  post(listImport, pathOf(list, `imports/${id}/undo`), {})

const giveUp = async (list: ListAnswer, id: string, refusal: Refusal): Promise<Refusal> => {
  await undoImport(list, id)
  return refusal
}

async function* textOf(file: File): AsyncGenerator<{ text: string; bytes: number }> {
  const decoder = new TextDecoder()
  const reader = file.stream().getReader()
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
    yield { text: decoder.decode(chunk.value, { stream: true }), bytes: chunk.value.byteLength }
}
