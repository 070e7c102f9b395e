import { describe, expect, it } from 'vitest'
import type { Environment } from '#contract/environment'
import { defaultScopes, type Scope, scope } from '../../backend/org/api-key.ts'
import { type KeyTerms, keyTerms } from '../../backend/org/key-terms.ts'

const now = Date.UTC(2026, 10, 21)
const ends = (days: number | null): KeyTerms => ({
  ok: true,
  expires_at: days === null ? null : now + days * 86_400_000,
})
const refused = (reason: Extract<KeyTerms, { ok: false }>['reason']): KeyTerms => ({ ok: false, reason })
const history: Scope[] = ['history:write']

describe('the terms of a key', () => {
  it('gives nobody history by default', () => {
    expect(defaultScopes).not.toContain('history:write')
  })

  it.each<[string, Environment, readonly Scope[], number | null, KeyTerms]>([
    ['a backend’s key does not end', 'live', defaultScopes, null, ends(null)],
    ['unless somebody wishes it', 'live', defaultScopes, 90, ends(90)],
    ['a history key ends after a week', 'live', history, null, ends(7)],
    ['or after thirty days', 'live', history, 30, ends(30)],
    ['and no later', 'live', history, 31, refused('history_ends_sooner')],
    ['it may be believed about scams', 'live', ['history:write', 'labels:write'], null, ends(7)],
    [
      'but does nothing of every day',
      'live',
      ['events:write', 'history:write'],
      1,
      refused('history_stands_alone'),
    ],
    ['in test it goes with anything', 'test', scope.options, null, ends(7)],
    ['and still ends', 'test', scope.options, 31, refused('history_ends_sooner')],
  ])('%s', (_, env, scopes, days, terms) => {
    expect(keyTerms({ env, scopes, days, now })).toEqual(terms)
  })
})
