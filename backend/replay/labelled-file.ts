import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { type HistoryLine, historyLine } from '#contract/history'
import { mistakeWords } from '#contract/mistake'
import { linesOf, type RawLine } from '../intake/lines.ts'
import { jsonMaxBytes } from '../intake/strict-json.ts'
import type { Hearing } from './live-through.ts'

/**
 * A site's labelled history: the lines of `POST /history`, in any order. It is read twice: once to check every line and note when it
 * happened and where it stands, then line by line in the order of time. So memory holds three numbers a line and never the file.
 */

/** A line as it is replayed: one whose report was taken back is a payment like any other. */
type LabelledLine = HistoryLine & { result: Exclude<HistoryLine['result'], 'retracted'> }

/** What is wrong with one line. */
type WrongLine = { line: number; detail: string }

export type LabelledFile = {
  lines: number
  wrong: { count: number; first: readonly WrongLine[] }
  /** When the first and the last of its events happened, epoch milliseconds. */
  from: number
  to: number
  /** The one of most of its payments; null if nothing was paid. */
  currency: string | null
  results: Record<LabelledLine['result'], number>
  /** When the site came to know of each fraud that says so, by its key, in the order of time. */
  hearings: readonly Hearing[]
  inOrder: () => Iterable<LabelledLine>
}

export type FileAnswer = { ok: true; file: LabelledFile } | { ok: false; reason: string }

const labelledLinesMax = 1_000_000
const wrongShown = 10

type Place = { at: number; offset: number; bytes: number }

export const openLabelledFile = async (path: string): Promise<FileAnswer> => {
  const all: Place[] = []
  const reported = new Map<Place, string>()
  const retracted = new Set<string>()
  const results = { completed: 0, failed: 0, reported_scam: 0 }
  const hearings: Hearing[] = []
  const paidIn = new Map<string, number>()
  const first: WrongLine[] = []
  let wrong = 0
  for await (const raw of linesIn(path)) {
    const read = readLine(raw)
    if (read.ok) {
      const { said } = read
      if (all.length === labelledLinesMax)
        return { ok: false, reason: `holds more than ${labelledLinesMax} lines: cut it by customer` }
      const at = Date.parse(said.event.occurred_at)
      const place = { at, ...placeOf(raw) }
      all.push(place)
      if (said.result === 'reported_scam') reported.set(place, said.key)
      if (read.isRetracted) retracted.add(said.key)
      results[said.result] += 1
      if (said.event.amount != null)
        paidIn.set(said.event.amount.currency, (paidIn.get(said.event.amount.currency) ?? 0) + 1)
      if (said.result === 'reported_scam' && said.at !== undefined)
        hearings.push({ at: Math.max(at, Date.parse(said.at)), heardAs: said.key })
    } else {
      wrong += 1
      if (first.length < wrongShown) first.push({ line: raw.line, detail: read.detail })
    }
  }
  if (all.length === 0) {
    const [one] = first
    const why = one === undefined ? 'it is empty' : `line ${one.line}: ${one.detail}`
    return { ok: false, reason: `holds no line that can be used (${wrong} are wrong): ${why}` }
  }
  // The line that takes a report back stands for both.
  const places = all.filter((place) => !retracted.has(reported.get(place) ?? ''))
  results.reported_scam -= all.length - places.length
  places.sort((a, b) => a.at - b.at || a.offset - b.offset)
  const [currency = null] = [...paidIn].toSorted((a, b) => b[1] - a[1]).map(([code]) => code)
  return {
    ok: true,
    file: {
      lines: places.length,
      wrong: { count: wrong, first },
      from: places[0]?.at ?? 0,
      to: places.at(-1)?.at ?? 0,
      currency,
      results,
      hearings: hearings.filter(({ heardAs }) => !retracted.has(heardAs)).toSorted((a, b) => a.at - b.at),
      inOrder: () => readAgain(path, places),
    },
  }
}

async function* linesIn(path: string): AsyncGenerator<RawLine> {
  for await (const batch of linesOf(createReadStream(path))) yield* batch
}

const placeOf = ({ bytes, end, isCutOff }: RawLine): Omit<Place, 'at'> => ({
  offset: end - bytes.length - (isCutOff ? 0 : 1),
  bytes: bytes.length,
})

type Read = { ok: true; said: LabelledLine; isRetracted: boolean } | { ok: false; detail: string }

const readLine = ({ bytes, isCutOff }: Pick<RawLine, 'bytes' | 'isCutOff'>): Read => {
  // Of one that is longer, the beginning alone was kept.
  if (bytes.length > jsonMaxBytes) return { ok: false, detail: `is longer than ${jsonMaxBytes} bytes` }
  const json = parsed(bytes.toString())
  if (json === undefined)
    return { ok: false, detail: isCutOff ? 'the file ends in the middle of it' : 'is not JSON' }
  const said = historyLine.safeParse(json, { error: mistakeWords })
  if (said.success) {
    const { result } = said.data
    const isRetracted = result === 'retracted'
    return { ok: true, said: { ...said.data, result: isRetracted ? 'completed' : result }, isRetracted }
  }
  const [issue] = said.error.issues
  return { ok: false, detail: `${issue?.path.map(String).join('.')} ${issue?.message}`.trim() }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function* readAgain(path: string, places: readonly Place[]): Generator<LabelledLine> {
  const file = openSync(path, 'r')
  try {
    const room = Buffer.alloc(places.reduce((most, { bytes }) => Math.max(most, bytes), 0))
    for (const { offset, bytes } of places) {
      readSync(file, room, 0, bytes, offset)
      const read = readLine({ bytes: room.subarray(0, bytes), isCutOff: false })
      if (!read.ok) throw new Error(`${path} was changed while it was read`)
      yield read.said
    }
  } finally {
    closeSync(file)
  }
}
