import type { Deps } from '../deps.ts'
import type { VerifyAnswer } from '../intake/connectors/connector.ts'
import type { Log } from '../log.ts'
import { type ApiKeyDocument, checkInUse } from '../org/api-key.ts'
import { findApiKey, findOrganisation } from '../org/find-caller.ts'
import { AppError } from './app-error.ts'
import { type KeyCaller, requireScope } from './key-caller.ts'
import { type Limits, refuseIfLimited } from './limits.ts'
import { reserveWrongKey } from './wrong-keys.ts'

type SignedCall = { route: string; key_id: string; address: string; log: Log }

/**
 * Whose signed delivery this is: that of the API key which the path names, while it is in use. Throws `AppError`: 401 for an
 * unknown key and for a signature that does not fit alike, counted as a wrong key is; 403 without the scope.
 */
export const signedCaller = async (
  deps: Deps,
  limits: Limits,
  { route, key_id, address, log }: SignedCall,
  verify: (caller: KeyCaller) => VerifyAnswer,
): Promise<KeyCaller> => {
  const key = await findApiKey(deps, key_id)
  const caller = key === null ? null : await callerOf(deps, key)
  const verified = caller === null ? ({ ok: false, reason: 'unknown_key' } as const) : verify(caller)
  if (caller === null || !verified.ok) {
    log.warn({ key_id, route, ...verified }, 'signed delivery refused')
    refuseIfLimited(await limits.takeWrongKey(address))
    refuseIfLimited(await reserveWrongKey(deps, address))
    throw new AppError(
      'unauthenticated',
      'Sign the delivery with the secret of the connector and the key in the URL.',
    )
  }
  refuseIfLimited(await limits.takeKeyCall(key_id, route))
  requireScope(caller, 'events:write')
  return caller
}

const callerOf = async (deps: Deps, key: ApiKeyDocument): Promise<KeyCaller | null> => {
  if (!checkInUse(key, deps.clock()).ok) return null
  const org = await findOrganisation(deps, key.org_id)
  return org && { org, environment: key.env, key_id: key._id, scopes: key.scopes }
}
