import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  apiKeyDocument,
  checkApiKey,
  defaultScopes,
  mintApiKey,
  parseApiKey,
} from '../../../backend/org/api-key.ts'

const now = 1_800_000_000_000
const minted = mintApiKey(randomBytes, { org_id: 'org_1', env: 'live', name: 'shop', created_at: now })
const other = mintApiKey(randomBytes, { org_id: 'org_2', env: 'live', name: 'other', created_at: now })

const parsedOf = (text: string) => {
  const parsed = parseApiKey(text)
  if (!parsed.ok) throw new Error('the key does not parse')
  return parsed.key
}
const secretOf = (text: string) => parsedOf(text).secret

describe('API keys', () => {
  test('a minted key opens its own document, which holds no secret', () => {
    expect(checkApiKey(parsedOf(minted.secret_key), minted.document, now)).toEqual({ ok: true })
    expect(JSON.stringify(minted.document)).not.toContain(secretOf(minted.secret_key))
    expect(apiKeyDocument.safeParse(minted.document).success).toBe(true)
  })

  test('a secret has 256 bits, an id 96, and both differ from key to key', () => {
    expect(Buffer.from(secretOf(minted.secret_key), 'base64url')).toHaveLength(32)
    expect(minted.document._id).toMatch(/^[0-9a-f]{24}$/)
    expect(minted.secret_key).not.toBe(other.secret_key)
  })

  test('the default key may ingest, verify and report results, and read nothing', () => {
    expect(minted.document.scopes).toEqual(['events:write', 'decisions:verify', 'results:write'])
    expect(defaultScopes.filter((scope) => scope.endsWith(':read'))).toEqual([])
  })

  test('a secret with underscores and hyphens is taken apart rightly', () => {
    const secret = '_-'.repeat(21).concat('A')
    expect(parseApiKey(`ase_test_${'a'.repeat(24)}_${secret}`)).toEqual({
      ok: true,
      key: { env: 'test', key_id: 'a'.repeat(24), secret },
    })
  })

  test.each([
    '',
    'ase_live_',
    minted.secret_key.slice(0, -1),
    `${minted.secret_key}A`,
    ` ${minted.secret_key}`,
    `${minted.secret_key}\n`,
    minted.secret_key.replace('ase_live', 'ase_prod'),
    minted.secret_key.replace('ase_', 'ASE_'),
    minted.secret_key.replace(minted.document._id, minted.document._id.toUpperCase().replaceAll(/\d/g, 'A')),
    minted.secret_key.replace('_live_', '_live_live_'),
    'x'.repeat(5000),
  ])('%j is no key', (text) => {
    expect(parseApiKey(text)).toEqual({ ok: false, reason: 'malformed' })
  })

  test('the last character of a secret counts, spare bits and all', () => {
    const last = minted.secret_key.slice(-1)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const verdicts = [...alphabet]
      .filter((character) => character !== last)
      .map(
        (character) =>
          checkApiKey(parsedOf(minted.secret_key.slice(0, -1) + character), minted.document, now).ok,
      )
    expect(verdicts).toEqual(Array.from({ length: 63 }, () => false))
  })

  test.each<[string, string, Parameters<typeof checkApiKey>[1], string]>([
    ['no document', minted.secret_key, null, 'unknown'],
    ['the document of another key', minted.secret_key, other.document, 'unknown'],
    [
      'another secret',
      minted.secret_key.replace(secretOf(minted.secret_key), secretOf(other.secret_key)),
      minted.document,
      'wrong_secret',
    ],
    [
      'the other environment',
      minted.secret_key.replace('ase_live', 'ase_test'),
      minted.document,
      'wrong_environment',
    ],
    ['a revoked key', minted.secret_key, { ...minted.document, revoked_at: now }, 'revoked'],
    [
      'an expired key, to the millisecond',
      minted.secret_key,
      { ...minted.document, expires_at: now },
      'expired',
    ],
    [
      'a revoked key with another secret',
      minted.secret_key.replace(secretOf(minted.secret_key), secretOf(other.secret_key)),
      { ...minted.document, revoked_at: 1 },
      'wrong_secret',
    ],
  ])('refuses %s', (_, text, document, reason) => {
    expect(checkApiKey(parsedOf(text), document, now)).toEqual({ ok: false, reason })
  })

  test('a key lives until the millisecond before its end', () => {
    const document = { ...minted.document, expires_at: now + 1, revoked_at: now + 1 }
    expect(checkApiKey(parsedOf(minted.secret_key), document, now)).toEqual({ ok: true })
  })
})
