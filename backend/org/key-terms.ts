import { dayMs } from '#contract/durations'
import type { Environment } from '#contract/environment'
import type { Scope } from './api-key.ts'

/** What a key may be made for, and for how long. */

/**
 * Who may teach of the past can make anybody look like a customer of years. So that right ends by itself, when the history has
 * been brought, and in the live environment it goes with nothing that a backend uses every day.
 */
export const historyKeyDays = { usual: 7, most: 30 } as const

/** What may stand beside `history:write` in the live environment: the right to be believed about scams in full. */
const besideHistory: readonly Scope[] = ['history:write', 'labels:write']

export type KeyTerms =
  | { ok: true; expires_at: number | null }
  | { ok: false; reason: 'history_stands_alone' | 'history_ends_sooner' }

/** `days`: as wished; null for what is usual. Only a key that brings history ends unless somebody wishes it. */
export const keyTerms = (wanted: {
  env: Environment
  scopes: readonly Scope[]
  days: number | null
  now: number
}): KeyTerms => {
  const { env, scopes, now } = wanted
  const bringsHistory = scopes.includes('history:write')
  if (bringsHistory && env === 'live' && scopes.some((one) => !besideHistory.includes(one)))
    return { ok: false, reason: 'history_stands_alone' }
  const days = wanted.days ?? (bringsHistory ? historyKeyDays.usual : null)
  if (bringsHistory && days !== null && days > historyKeyDays.most)
    return { ok: false, reason: 'history_ends_sooner' }
  return { ok: true, expires_at: days === null ? null : now + days * dayMs }
}
