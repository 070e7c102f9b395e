import type { Caller } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import type { Log } from '../log.ts'
import {
  type ApiKeyDocument,
  type ApiKeyRefusal,
  checkApiKey,
  type ParsedApiKey,
  parseApiKey,
  type Scope,
} from '../org/api-key.ts'
import { findApiKey, findOrganisation } from '../org/find-caller.ts'
import type { Organisation } from '../org/organisation.ts'
import { AppError } from './app-error.ts'
import { type LimitAnswer, refuseIfLimited } from './limits.ts'
import { wireTime } from './wire-time.ts'

/** Who calls with an API key: the spine's caller, and what their key was granted. */
export type KeyCaller = Caller & { scopes: readonly Scope[] }

/** What finding a caller needs from outside; faults of the store are thrown and end as 503. */
export type KeyDeps = {
  findKey: (keyId: string) => Promise<ApiKeyDocument | null>
  findOrganisation: (orgId: string) => Promise<Organisation | null>
  /** Epoch milliseconds. */
  clock: () => number
  /** This process's own bucket, in front of `reserve`. */
  takeWrongKey: (address: string) => Promise<LimitAnswer>
  /** The count over all instances, kept in the store. */
  reserve: (address: string) => Promise<LimitAnswer>
}

/** Keys and organisations as a store has them, a second old at most. */
export const keysIn = (deps: Deps): Pick<KeyDeps, 'findKey' | 'findOrganisation'> => ({
  findKey: (keyId) => findApiKey(deps, keyId),
  findOrganisation: (orgId) => findOrganisation(deps, orgId),
})

/** A key that nobody has. Text that is no key is treated like an unknown one. */
const noKey: ParsedApiKey = { env: 'live', key_id: '0'.repeat(24), secret: '' }

const bearer = /^Bearer ([\x21-\x7e]{1,256})$/i

/**
 * The answer is the same for a missing, unknown, foreign, revoked or garbled key, so nobody learns which keys exist. Whoever
 * holds a key that has ended knows it already, and is told what to do.
 */
const refuseCaller = async (deps: KeyDeps, address: string, endedAt: number | null): Promise<never> => {
  refuseIfLimited(await deps.takeWrongKey(address))
  refuseIfLimited(await deps.reserve(address))
  throw new AppError(
    'unauthenticated',
    endedAt === null
      ? 'Send a valid key as "Authorization: Bearer ase_…".'
      : `This key ended on ${wireTime(endedAt)}. Make another one: npm run ase -- key create.`,
  )
}

/**
 * Finds the caller behind an `Authorization` header (RFC 6750 2.1). Throws `AppError`: 401, or 429 after too many wrong
 * keys from one address. A valid key is never refused because of wrong ones from the same address.
 */
export const authenticate = async (
  deps: KeyDeps,
  call: { authorization: string | undefined; address: string; log: Log },
): Promise<KeyCaller> => {
  const [, presented = ''] = bearer.exec(call.authorization ?? '') ?? []
  const parsed = parseApiKey(presented)
  const key = parsed.ok ? parsed.key : noKey
  // One hash and one comparison, whether the key is unknown or wrong. Only an unknown id asks the index each time, which tells
  // somebody who measures it that they have guessed 96 random bits. The organisation comes after.
  const document = await deps.findKey(key.key_id)
  const checked = checkApiKey(key, document, deps.clock())
  const org = checked.ok && document !== null ? await deps.findOrganisation(document.org_id) : null
  if (!checked.ok || document === null || org === null) {
    const reason: ApiKeyRefusal | 'malformed' | 'no_organisation' = !parsed.ok
      ? 'malformed'
      : checked.ok
        ? 'no_organisation'
        : checked.reason
    call.log.warn({ key_id: parsed.ok ? key.key_id : null, reason }, 'API key refused')
    return refuseCaller(deps, call.address, reason === 'expired' ? (document?.expires_at ?? null) : null)
  }
  return { org, environment: document.env, key_id: document._id, scopes: document.scopes }
}

/** Throws 403 unless the key was granted `scope`. */
export const requireScope = (caller: KeyCaller, scope: Scope): void => {
  if (caller.scopes.includes(scope)) return
  throw new AppError('forbidden_scope', `This key lacks the scope ${scope}; use one that has it.`)
}
