import { createHmac } from 'node:crypto'

/** Makes tokens that look like ours, right or wrong, without the library that the product checks them with. */

export type Segments = { header: Record<string, unknown>; payload: Record<string, unknown> }

export const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

const hashes: Record<string, string> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }

/** Signs with the hash that the header's `alg` names; SHA-256 when it names none. */
export const sign = (header: unknown, payload: unknown, key: Uint8Array, alg = 'HS256'): string => {
  const signed = `${encode(header)}.${encode(payload)}`
  return `${signed}.${createHmac(hashes[alg] ?? 'sha256', key)
    .update(signed)
    .digest('base64url')}`
}

export const decode = (token: string): Segments => {
  const [header = '', payload = ''] = token.split('.')
  const read = (segment: string) => JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'))
  return { header: read(header), payload: read(payload) }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Another text that lenient decoders read as the same bytes: unused bits of the last character, or one more of it. */
export const otherSpelling = (segment: string): string => {
  const bytes = Buffer.from(segment, 'base64url')
  const candidates = [...[...alphabet].map((last) => segment.slice(0, -1) + last), `${segment}A`]
  const found = candidates.find((text) => text !== segment && Buffer.from(text, 'base64url').equals(bytes))
  if (found === undefined) throw new Error('this segment has one spelling')
  return found
}

/** The token with one of its three segments replaced. */
export const withSegment = (token: string, at: 0 | 1 | 2, change: (segment: string) => string): string =>
  token
    .split('.')
    .map((segment, index) => (index === at ? change(segment) : segment))
    .join('.')
