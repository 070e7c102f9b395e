import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import getRawBody from 'raw-body'
import { historyMaxBytes } from '#contract/history'
import { AppError } from '../errors.ts'
import { formMaxBytes, parseFormBody } from './form-body.ts'
import { type JsonLimits, jsonLimits, jsonMaxBytes, parseStrictJson } from './strict-json.ts'

/**
 * How a route may be spoken to. `raw` keeps the bytes for signatures over them; nothing is parsed. `ndjson` is handed on as
 * one text: its lines stand each for themselves.
 */
export type BodyKind = 'json' | 'form' | 'ndjson' | 'raw'

export type ReadBody = { kind: BodyKind; raw: Buffer; value: unknown }

const rawMaxBytes = jsonMaxBytes

/** A charset parameter is tolerated when it says what is true anyway; any other would be read differently by us. */
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
  // A compressed body is a small request and a large one at once; nobody who calls us needs it.
  if (encoding !== 'identity')
    throw new AppError('unsupported_media_type', 'Send the body without Content-Encoding.')
  const type = request.headers['content-type'] ?? ''
  const kind = accepts.find((one) => one === 'raw' || contentTypes[one].test(type))
  if (kind !== undefined) return kind
  const wanted = accepts.map((one) => contentTypeNames[one]).join(' or ')
  throw new AppError('unsupported_media_type', `Send the body with Content-Type: ${wanted}.`)
}

/** A caller that hung up or lied about the length gets the refusal that fits; nothing of it is a fault of ours. */
const refusalFor = (fault: unknown, limit: number): AppError => {
  const type = fault instanceof Error && 'type' in fault ? fault.type : undefined
  if (type === 'entity.too.large')
    return new AppError('body_too_large', `The body is larger than ${limit} bytes.`)
  return new AppError('invalid_request', 'The body did not arrive completely; send it again.', {
    cause: fault,
  })
}

const textOf = (raw: Buffer): string => {
  if (isUtf8(raw)) return raw.toString()
  throw new AppError('malformed_json', 'The body is not valid UTF-8.')
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
