import { createHash } from 'node:crypto'
import { secondMs } from '#contract/durations'
import type { Deps } from '../../deps.ts'
import {
  type AdminAccount,
  type AdminLogin,
  canonicalEmail,
  checkPassword,
  loginIsLive,
  loginLifetimeSeconds,
  type PasswordRefusal,
} from '../../org/admin-account.ts'
import { AppError } from '../app-error.ts'
import { readCookie } from './login-cookie.ts'

/** Who is at the page: beginning, finding and ending a login. */

export type Analyst = { account: AdminAccount; login: AdminLogin }

const tokenBytes = 32
/** A look is written down at most this often: a login may end up to a minute early, never late. */
const touchSeconds = 60

const loginIdOf = (token: string): string => createHash('sha256').update(token).digest('hex')

/** The account of an address, or null. Two organisations can't share an address: then it opens neither. */
export const findAccount = async (deps: Deps, email: string): Promise<AdminAccount | null> => {
  const accounts = await deps.collections.adminAccounts.find({
    index: 'email',
    equals: [canonicalEmail(email)],
    limit: 2,
  })
  const [account] = accounts
  if (accounts.length > 1)
    deps.log.error({ accounts: accounts.map(({ _id }) => _id) }, 'one address, two accounts')
  return accounts.length === 1 && account !== undefined ? account : null
}

/** Judges a password against the account that an address found, or null, and begins a login. `token` goes into the cookie. */
export const beginLogin = async (
  deps: Deps,
  known: AdminAccount | null,
  password: string,
): Promise<
  | { ok: true; analyst: Analyst; token: string }
  | { ok: false; reason: PasswordRefusal; account_id: string | null }
> => {
  const checked = await checkPassword(password, known)
  if (!checked.ok) return { ok: false, reason: checked.reason, account_id: known?._id ?? null }
  const { account } = checked
  const token = deps.random(tokenBytes).toString('base64url')
  const now = deps.clock()
  const expiresAt = now + loginLifetimeSeconds * secondMs
  const inserted = await deps.collections.adminLogins.insert({
    _id: loginIdOf(token),
    org_id: account.org_id,
    version: 1,
    purge_at: expiresAt,
    account_id: account._id,
    created_at: now,
    seen_at: now,
    expires_at: expiresAt,
  })
  if (!inserted.ok) throw new Error('two logins drew the same token')
  return { ok: true, analyst: { account, login: inserted.doc }, token }
}

/** The analyst behind a cookie's token, or null: unknown, idle, expired and disabled look the same. */
export const findAnalyst = async (deps: Deps, token: string | null): Promise<Analyst | null> => {
  if (token === null) return null
  const [login] = await deps.collections.adminLogins.find({
    index: 'token',
    equals: [loginIdOf(token)],
    limit: 1,
  })
  if (login === undefined || !loginIsLive(login, deps.clock())) return null
  const account = await deps.collections.adminAccounts.get(login.org_id, login.account_id)
  return account === null || account.disabled_at !== null ? null : { account, login }
}

/** The analyst behind a `Cookie` header; throws 401 without a live login. */
export const requireAnalyst = async (deps: Deps, cookies: string | undefined): Promise<Analyst> => {
  const analyst = await findAnalyst(deps, readCookie(deps.config, cookies))
  if (analyst === null) throw new AppError('unauthenticated', 'Log in to go on.')
  return analyst
}

/** Whether a login that was live still is: for connections that stay open. Looking does not prolong it. */
export const stillLoggedIn = async (deps: Deps, analyst: Analyst): Promise<boolean> => {
  const { org_id: orgId, _id: id } = analyst.login
  const login = await deps.collections.adminLogins.get(orgId, id)
  if (login === null || !loginIsLive(login, deps.clock())) return false
  const account = await deps.collections.adminAccounts.get(orgId, login.account_id)
  return account !== null && account.disabled_at === null
}

/** Notes that the person did something. A lost race means that another request has just noted it. */
export const touchLogin = async (deps: Deps, analyst: Analyst): Promise<Analyst> => {
  const now = deps.clock()
  if (now - analyst.login.seen_at < touchSeconds * secondMs) return analyst
  const replaced = await deps.collections.adminLogins.replace(
    { ...analyst.login, seen_at: now },
    analyst.login.version,
  )
  return replaced.ok ? { ...analyst, login: replaced.doc } : analyst
}

const endAttempts = 4

/** Ends a login. Tries again when a look was being noted meanwhile; afterwards the cookie opens nothing. */
export const endLogin = async (deps: Deps, login: AdminLogin): Promise<boolean> => {
  for (let attempt = 0; attempt < endAttempts; attempt += 1) {
    const stored = await deps.collections.adminLogins.get(login.org_id, login._id)
    if (stored === null) return true
    if (await deps.collections.adminLogins.remove(stored.org_id, stored._id, stored.version)) return true
  }
  return false
}
