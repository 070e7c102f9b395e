import { constants, crc32, deflateRawSync } from 'node:zlib'

/**
 * A text as gzip (RFC 1952) that compresses only the long parts which are the same in every answer, once for all. What is of
 * one person stands between them as it is: it costs nothing to send, and its length says nothing of its content, as that of
 * compressed secrets does (BREACH). Each constant is looked for behind the one before; one that isn't there is passed over.
 */
export const gzipAround = (text: string, same: readonly string[]): Buffer => {
  const pieces: Buffer[] = [head]
  let rest = text
  for (const constant of same) {
    const at = rest.indexOf(constant)
    if (at < 0) continue
    pieces.push(...storedBlocks(rest.slice(0, at)), compressed(constant))
    rest = rest.slice(at + constant.length)
  }
  const tail = Buffer.alloc(8)
  tail.writeUInt32LE(crc32(text), 0)
  tail.writeUInt32LE(Buffer.byteLength(text), 4)
  return Buffer.concat([...pieces, ...storedBlocks(rest), lastBlock, tail])
}

/** Magic, deflate, no flags, no time, no extra flags, unknown system. */
const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
/** Stored, empty, the last (RFC 1951, 3.2.4). */
const lastBlock = Buffer.from([1, 0, 0, 0xff, 0xff])
const storedMax = 0xffff

const storedBlocks = (text: string): Buffer[] => {
  const bytes = Buffer.from(text)
  const blocks: Buffer[] = []
  for (let from = 0; from < bytes.length; from += storedMax) {
    const part = bytes.subarray(from, from + storedMax)
    const header = Buffer.alloc(5)
    header.writeUInt16LE(part.length, 1)
    header.writeUInt16LE(part.length ^ 0xffff, 3)
    blocks.push(header, part)
  }
  return blocks
}

const known = new Map<string, Buffer>()

/** Ends at a byte's border, so that a block may follow; never the last. */
const compressed = (constant: string): Buffer => {
  const made =
    known.get(constant) ?? deflateRawSync(constant, { level: 9, finishFlush: constants.Z_SYNC_FLUSH })
  known.set(constant, made)
  return made
}
