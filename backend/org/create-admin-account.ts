import { createHash } from 'node:crypto'
import type { AdminRole } from '#contract/login'
import { mailboxAddress } from '#contract/text'
import { byOperator } from '../audit/actors.ts'
import { withTrail } from '../audit/organisation-trail.ts'
import {
  type AdminAccount,
  canonicalEmail,
  hashPassword,
  passwordMaxLength,
  passwordMinLength,
} from './admin-account.ts'
import type { OrgStore } from './collections.ts'
import { settleTrail } from './keep-trail.ts'

export type AccountRefusal = 'not_an_address' | 'password_too_short' | 'password_too_long' | 'duplicate'

export type NewAccount = { org_id: string; email: string; password: string; role: AdminRole }

const idLength = 24

const accountIdOf = (email: string): string =>
  `adm_${createHash('sha256').update(email).digest('hex').slice(0, idLength)}`

/** Why the command itself is refused, or null. */
const refusalOf = (email: string, password: string): AccountRefusal | null => {
  if (!mailboxAddress.safeParse(email).success) return 'not_an_address'
  if (password.length < passwordMinLength) return 'password_too_short'
  return password.length > passwordMaxLength ? 'password_too_long' : null
}

/**
 * Creates an analyst's account. `duplicate` if the address has an account in any organisation: people log in by
 * address alone. Writes no log line; the password is kept as scrypt alone. Throws StoreUnavailable.
 */
export const createAdminAccount = async (
  deps: {
    collections: Pick<OrgStore['collections'], 'adminAccounts' | 'trail'>
    clock: () => number
    random: (bytes: number) => Buffer
  },
  command: NewAccount,
): Promise<{ ok: true; account: AdminAccount } | { ok: false; reason: AccountRefusal }> => {
  const email = canonicalEmail(command.email)
  const refusal = refusalOf(email, command.password)
  if (refusal !== null) return { ok: false, reason: refusal }
  const known = await deps.collections.adminAccounts.find({ index: 'email', equals: [email], limit: 1 })
  if (known.length > 0) return { ok: false, reason: 'duplicate' }
  const account: AdminAccount = {
    _id: accountIdOf(email),
    org_id: command.org_id,
    version: 1,
    purge_at: null,
    email,
    password_scrypt: await hashPassword(command.password, deps.random),
    role: command.role,
    created_at: deps.clock(),
    disabled_at: null,
    trail_due: [],
  }
  const { _id: id, role } = account
  const entry = byOperator('admin.created', { account: id, role })
  const inserted = await deps.collections.adminAccounts.insert(withTrail(account, entry, account.created_at))
  if (!inserted.ok) return { ok: false, reason: 'duplicate' }
  return { ok: true, account: await settleTrail(deps, deps.collections.adminAccounts, inserted.doc) }
}
