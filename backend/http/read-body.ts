import type { IncomingMessage } from 'node:http'
import getRawBody from 'raw-body'
import { listLimits } from '#contract/list'
import { type JsonLimits, jsonLimits, jsonMaxBytes, parseStrictJson } from '../intake/strict-json.ts'
import { AppError } from './app-error.ts'
import { formMaxBytes, parseFormBody } from './form-body.ts'

/**
 * Content types that a route may take. `raw`: the bytes, unparsed, for signatures over them. `ndjson`: the bytes as they
 * arrive, which the route bounds and parses line by line.
 */
export type BodyKind = 'json' | 'form' | 'ndjson' | 'csv' | 'raw'

/** `raw`: null for a body that was not read yet. */
export type ReadBody = { kind: BodyKind; raw: Buffer | null; value: unknown }

const rawMaxBytes = jsonMaxBytes

/** The charset parameter may say utf-8. We read no other. */
const contentTypes: Record<Exclude<BodyKind, 'raw'>, RegExp> = {
  json: /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i,
  form: /^application\/x-www-form-urlencoded\s*(;\s*charset="?utf-8"?\s*)?$/i,
  csv: /^text\/csv\s*(;\s*(charset="?utf-8"?|header=present)\s*)*$/i,
  ndjson: /^application\/(x-)?ndjson\s*(;\s*charset="?utf-8"?\s*)?$/i,
}
const contentTypeNames: Record<BodyKind, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  raw: 'any content type',
}
const maxBytes: Record<Exclude<BodyKind, 'json' | 'ndjson'>, number> = {
  form: formMaxBytes,
  csv: listLimits.bytesOfCall,
  raw: rawMaxBytes,
}

const kindOf = (request: IncomingMessage, accepts: readonly BodyKind[]): BodyKind => {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  // A small compressed body may be a huge one. No caller needs compression.
  if (encoding !== 'identity')
    throw new AppError('unsupported_media_type', 'Send the body without Content-Encoding.')
  const type = request.headers['content-type'] ?? ''
  const kind = accepts.find((one) => one === 'raw' || contentTypes[one].test(type))
  if (kind !== undefined) return kind
  const wanted = accepts.map((one) => contentTypeNames[one]).join(' or ')
  throw new AppError('unsupported_media_type', `Send the body with Content-Type: ${wanted}.`)
}

/** For a caller that hung up or sent a wrong length: a refusal, no fault of ours. */
const refusalFor = (fault: unknown, limit: number): AppError => {
  const type = fault instanceof Error && 'type' in fault ? fault.type : undefined
  if (type === 'entity.too.large')
    return new AppError('body_too_large', `The body is larger than ${limit} bytes. Send less at once.`)
  return new AppError('invalid_request', 'The body did not arrive completely; send it again.', {
    cause: fault,
  })
}

/** A body as it arrives. Throws `AppError` 400 when the caller hangs up half-way. */
async function* whole(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk
  } catch (fault) {
    throw refusalFor(fault, Number.POSITIVE_INFINITY)
  }
}

/**
 * Reads and parses a request's body. Throws `AppError`: 415 for another content type or an encoding, 413 beyond the
 * limit (forms 16 kB; JSON 64 kB, unless the route takes more), 400 for what the parsers refuse. Lines of JSON are handed on
 * unread.
 */
export const readBody = async (
  request: IncomingMessage,
  accepts: readonly BodyKind[],
  json: JsonLimits = jsonLimits,
): Promise<ReadBody> => {
  const kind = kindOf(request, accepts)
  // A route that stops early must still be able to answer, so it doesn't close the connection.
  if (kind === 'ndjson') return { kind, raw: null, value: whole(request) }
  const limit = kind === 'json' ? json.bytes : maxBytes[kind]
  const raw = await getRawBody(request, { limit, length: request.headers['content-length'] ?? null }).catch(
    (fault: unknown) => {
      throw refusalFor(fault, limit)
    },
  )
  if (kind === 'raw') return { kind, raw, value: undefined }
  // Of CSV a line that is not UTF-8 is a wrong line, and the others are read.
  if (kind === 'csv') return { kind, raw, value: raw.toString() }
  const parsed = kind === 'json' ? parseStrictJson(raw, json) : parseFormBody(raw)
  if (!parsed.ok) throw new AppError(parsed.code, parsed.detail)
  return { kind, raw, value: parsed.value }
}
