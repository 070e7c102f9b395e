import { columnsOf, type ListColumn, type ListEntry, type ListKind, listLimits } from '#contract/list'

/** Entries as CSV (RFC 4180) says them: a header that names the columns, then a line each. A field stays on its line. */

export type NumberedEntry = { line: number; entry: ListEntry } | { line: number; detail: string }
export type ReadHeader = { ok: true; entries: Iterable<NumberedEntry> } | { ok: false; detail: string }

const lineMax = 4_096

/** `firstLine`: the number that the line behind the header has in the file. Lines are read as they are asked for. */
export const readCsv = (text: string, kind: ListKind, firstLine: number): ReadHeader => {
  const lines = linesOf(text.replace(/^\uFEFF/, ''))
  const header = fieldsOf(lines.next().value ?? '')
  const names = (header ?? []).map((name) => name.trim().toLowerCase())
  const allowed = columnsOf(kind)
  const columns = names.flatMap((name) => allowed.filter((column) => column === name))
  if (columns.length === 0 || columns.length !== names.length || new Set(names).size !== names.length)
    return {
      ok: false,
      detail: `The first line must name the columns, each once, out of ${allowed.join(', ')}; it is “${names.join(',').slice(0, 100)}”`,
    }
  return { ok: true, entries: entriesOf(lines, columns, firstLine) }
}

function* entriesOf(
  lines: Iterator<string>,
  columns: readonly ListColumn[],
  firstLine: number,
): Generator<NumberedEntry> {
  let line = firstLine - 1
  for (let next = lines.next(); next.done !== true; next = lines.next()) {
    line += 1
    if (line - firstLine >= listLimits.linesOfCall) {
      yield { line, detail: `is beyond ${listLimits.linesOfCall} lines: send the rest as further parts` }
      return
    }
    if (next.value.trim() === '') continue
    yield { line, ...entryOf(next.value, columns) }
  }
}

const entryOf = (text: string, columns: readonly ListColumn[]): { entry: ListEntry } | { detail: string } => {
  if (text.length > lineMax) return { detail: `is longer than ${lineMax} characters` }
  if (text.includes('\uFFFD')) return { detail: 'is not UTF-8' }
  const fields = fieldsOf(text)
  if (fields === null) return { detail: 'has a quote that is not closed on this line' }
  if (fields.length !== columns.length)
    return { detail: `has ${fields.length} fields, and the header names ${columns.length}` }
  return { entry: Object.fromEntries(columns.map((column, i) => [column, fields[i]?.trim() ?? ''])) }
}

/** One after the other: a million strings at once would cost more than the text. */
function* linesOf(text: string): Generator<string, undefined> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const to = end === -1 ? text.length : end
    yield text.slice(from, text[to - 1] === '\r' ? to - 1 : to)
    from = to + 1
  }
}

/** Null if a quote stays open. */
const fieldsOf = (line: string): string[] | null => {
  if (!line.includes('"')) return line.split(',')
  const fields: string[] = []
  for (let rest: string | null = line; rest !== null; ) {
    const [whole, quoted, plain]: (string | undefined)[] =
      /^(?:\s*"((?:[^"]|"")*)"\s*(?=,|$)|([^",]*)(?=,|$))/.exec(rest) ?? []
    if (whole === undefined) return null
    fields.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    rest = whole.length === rest.length ? null : rest.slice(whole.length + 1)
  }
  return fields
}
