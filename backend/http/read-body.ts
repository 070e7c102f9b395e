import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import getRawBody from 'raw-body'
import { historyMaxBytes } from '#contract/history'
import { type JsonLimits, jsonLimits, jsonMaxBytes, parseStrictJson } from '../intake/strict-json.ts'
import { AppError } from './app-error.ts'
import { formMaxBytes, parseFormBody } from './form-body.ts'

/**
 * Content types that a route may take. `raw`: the bytes, unparsed, for signatures over them. `ndjson`: one text, whose lines
 * the route parses one by one.
 */
export type BodyKind = 'json' | 'form' | 'ndjson' | 'raw'

export type ReadBody = { kind: BodyKind; raw: Buffer; value: unknown }

const rawMaxBytes = jsonMaxBytes

/** The charset parameter may say utf-8. We read no other. */
const contentTypes: Record<Exclude<BodyKind, 'raw'>, RegExp> = {
  json: /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i,
  form: /^application\/x-www-form-urlencoded\s*(;\s*charset="?utf-8"?\s*)?$/i,
  ndjson: /^application\/(x-)?ndjson\s*(;\s*charset="?utf-8"?\s*)?$/i,
}
const contentTypeNames: Record<BodyKind, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  ndjson: 'application/x-ndjson',
  raw: 'any content type',
}
const maxBytes: Record<Exclude<BodyKind, 'json'>, number> = {
  form: formMaxBytes,
  ndjson: historyMaxBytes,
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

const textOf = (raw: Buffer): string => {
  if (isUtf8(raw)) return raw.toString()
  throw new AppError('malformed_json', 'The body is not valid UTF-8. Send it in UTF-8.')
}

/**
 * Reads and parses a request's body. Throws `AppError`: 415 for another content type or an encoding, 413 beyond the
 * limit (forms 16 kB; lines of JSON 1 MB; JSON 64 kB, unless the route takes more), 400 for what the parsers refuse.
 */
export const readBody = async (
  request: IncomingMessage,
  accepts: readonly BodyKind[],
  json: JsonLimits = jsonLimits,
): Promise<ReadBody> => {
  const kind = kindOf(request, accepts)
  const limit = kind === 'json' ? json.bytes : maxBytes[kind]
  const raw = await getRawBody(request, { limit, length: request.headers['content-length'] ?? null }).catch(
    (fault: unknown) => {
      throw refusalFor(fault, limit)
    },
  )
  if (kind === 'raw') return { kind, raw, value: undefined }
  if (kind === 'ndjson') return { kind, raw, value: textOf(raw) }
  const parsed = kind === 'json' ? parseStrictJson(raw, json) : parseFormBody(raw)
  if (!parsed.ok) throw new AppError(parsed.code, parsed.detail)
  return { kind, raw, value: parsed.value }
}
