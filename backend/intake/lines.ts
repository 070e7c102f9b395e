import { jsonMaxBytes } from './strict-json.ts'

/** A line of a file or a request, without its end. */
export type RawLine = {
  /** Counts from 1. */
  line: number
  bytes: Buffer
  /** How many bytes the file has up to the next line. */
  end: number
  /** Whether nothing ends it: the last line of a file that was cut. */
  isCutOff: boolean
}

const newline = 0x0a
/** About two thousand events: enough to write a person once for many of them, and little to keep in memory. */
const batchBytes = 1_048_576

/**
 * Splits what arrives into lines, a batch of them at a time. Asks for more only when the batch before was taken, so a
 * whole file never lies in memory; of a line that is longer than a line may be, only the beginning is kept. Blank lines
 * are counted and left out. `start`: where the file was read up to before.
 */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  start: Pick<RawLine, 'line' | 'end'> = { line: 0, end: 0 },
): AsyncGenerator<RawLine[]> {
  let { line, end } = start
  let begun: Buffer = Buffer.alloc(0)
  let batch: RawLine[] = []
  let held = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let to = chunk.indexOf(newline); to !== -1; to = chunk.indexOf(newline, from)) {
      line += 1
      const bytes = joined(begun, chunk.subarray(from, to))
      if (!isBlank(bytes)) batch.push({ line, bytes, end: end + to + 1, isCutOff: false })
      begun = Buffer.alloc(0)
      from = to + 1
    }
    begun = joined(begun, chunk.subarray(from))
    end += chunk.length
    held += chunk.length
    if (held < batchBytes) continue
    yield batch
    batch = []
    held = 0
  }
  if (!isBlank(begun)) batch.push({ line: line + 1, bytes: begun, end, isCutOff: true })
  if (batch.length > 0) yield batch
}

const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte <= 0x20)

/** One byte more than may be read tells that there was more. */
const joined = (begun: Buffer, more: Buffer): Buffer =>
  begun.length === 0
    ? more.subarray(0, jsonMaxBytes + 1)
    : Buffer.concat([begun, more]).subarray(0, jsonMaxBytes + 1)
