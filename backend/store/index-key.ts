import type { IndexValue, Query } from './port.ts'

/**
 * One index entry as one string whose byte order (UTF-8) is the order the port promises: the index values, then `_id`.
 * Both engines keep and compare these strings, so ranges, ties and cursors mean the same on both, an index needs one
 * column whatever its number of values, and a value from outside can be nothing but part of a string.
 *
 * A number is `n` and 16 hex digits (IEEE 754 bits, arranged so that they sort as the numbers do); a string is `s`, its
 * characters and an end mark below every character. No complete entry is the beginning of another one.
 */
const endMark = '\u0001'
const pastEveryValue = '~'

/** The entry of a document, or null when it has a null in this index and therefore no place in it. */
export const indexKey = (values: readonly IndexValue[], id: string): string | null => {
  const present = values.filter((value) => value !== null)
  return present.length === values.length ? encodeTuple([...present, id]) : null
}

export type KeyRange = {
  /** Inclusive. */
  low: string
  /** Exclusive. */
  high: string
}

/** The entries that a query means, whatever its order. */
export const keyRange = (query: Query): KeyRange => {
  const leading = query.equals ?? []
  const low = encodeTuple(query.from === undefined ? leading : [...leading, query.from])
  const high =
    query.before === undefined
      ? encodeTuple(leading) + pastEveryValue
      : encodeTuple([...leading, query.before])
  if (query.after === undefined) return { low, high }
  const reached = encodeTuple([...leading, ...query.after.values, query.after._id])
  return query.order === 'descending'
    ? { low, high: inByteOrder(reached, high) ? reached : high }
    : { low: inByteOrder(low, reached) ? reached + endMark : low, high }
}

const encodeTuple = (values: readonly (string | number)[]): string => values.map(encodeValue).join('')

const encodeValue = (value: string | number): string =>
  typeof value === 'number' ? `n${sortableBits(value)}` : `s${escapeControls(value)}${endMark}`

const inByteOrder = (first: string, second: string): boolean =>
  Buffer.compare(Buffer.from(first), Buffer.from(second)) <= 0

/** U+0000 to U+0002 give way to the end mark, keeping their order among themselves and below the rest. */
const escapeControls = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the three characters that the encoding itself needs
  text.replace(/[\u0000-\u0002]/g, (character) => `\u0002${character.charCodeAt(0) + 3}`)

const signBit = 0x8000_0000
const scratch = new DataView(new ArrayBuffer(8))

const sortableBits = (value: number): string => {
  if (!Number.isFinite(value)) throw new RangeError(`an index cannot hold ${value}`)
  scratch.setFloat64(0, value === 0 ? 0 : value)
  const [high, low] = [scratch.getUint32(0), scratch.getUint32(4)]
  return high < signBit ? hex(high + signBit) + hex(low) : hex(~high) + hex(~low)
}

const hex = (bits: number): string => (bits >>> 0).toString(16).padStart(8, '0')
