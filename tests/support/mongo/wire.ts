import { BSON } from 'mongodb'

/** One message of MongoDB's wire protocol, cut from the stream. */
export type Message = {
  id: number
  /** The id of the request that this answers. */
  answers: number
  /** The command's name, or the first field of a reply. */
  command: string
  bytes: Buffer
}

const headerBytes = 16
const flagBytes = 4
const opMsg = 2013
const bodySection = 0

/** Cuts what arrives into whole messages (MongoDB wire protocol: length, id, answers, code, little-endian). */
export const readMessages = (onMessage: (message: Message) => void): ((chunk: Buffer) => void) => {
  let held = Buffer.alloc(0)
  return (chunk) => {
    held = Buffer.concat([held, chunk])
    while (held.length >= headerBytes && held.length >= held.readInt32LE(0)) {
      const bytes = held.subarray(0, held.readInt32LE(0))
      held = held.subarray(bytes.length)
      const [command = ''] = Object.keys(bodyOf(bytes) ?? {})
      onMessage({ id: bytes.readInt32LE(4), answers: bytes.readInt32LE(8), command, bytes })
    }
  }
}

/** The same request as if its sender had not written this field. */
export const withoutField = ({ bytes }: Message, field: string): Buffer => {
  const body = bodyOf(bytes)
  if (body === null || !(field in body)) return bytes
  const { [field]: _, ...rest } = body
  const start = headerBytes + flagBytes + 1
  const tail = bytes.subarray(start + bytes.readInt32LE(start))
  const changed = Buffer.concat([
    bytes.subarray(0, start),
    BSON.serialize(rest, { ignoreUndefined: true }),
    tail,
  ])
  changed.writeInt32LE(changed.length, 0)
  return changed
}

/** An OP_MSG's first section, which the driver sends first and the server sends alone; null for other messages. */
const bodyOf = (bytes: Buffer): BSON.Document | null => {
  const start = headerBytes + flagBytes
  if (bytes.readInt32LE(12) !== opMsg || bytes[start] !== bodySection) return null
  return BSON.deserialize(bytes.subarray(start + 1, start + 1 + bytes.readInt32LE(start + 1)), {
    promoteValues: false,
  })
}
