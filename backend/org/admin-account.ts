import { scrypt, timingSafeEqual } from 'node:crypto'
import * as z from 'zod/mini'
import { secondMs } from '#contract/durations'
import { adminRole } from '#contract/login'
import { mailboxAddress } from '#contract/text'
import { dueEntries } from '../audit/organisation-trail.ts'
import { storedFields } from '../store/define-collection.ts'

/**
 * The people who may look: accounts of an organisation's analysts and their logins. A password is kept as scrypt alone,
 * a login as the digest of its cookie: neither document opens anything for whoever reads the database.
 */

const ms = z.int()

/** Salt and hash in base64url; the parameters stand beside them, so that they may be raised later. */
const passwordScrypt = z.strictObject({
  salt: z.string(),
  n: z.int(),
  r: z.int(),
  p: z.int(),
  hash: z.string(),
})
export type PasswordScrypt = z.infer<typeof passwordScrypt>

export const adminAccountDocument = z.strictObject({
  /** `_id`: `adm_…`, derived from the address: the same address twice in an organisation is one account. */
  ...storedFields,
  /** Lower case. */
  email: mailboxAddress,
  password_scrypt: passwordScrypt,
  role: adminRole,
  created_at: ms,
  disabled_at: z.nullable(ms),
  trail_due: dueEntries,
})
export type AdminAccount = z.infer<typeof adminAccountDocument>

export const adminLoginDocument = z.strictObject({
  /** `_id`: SHA-256 of the cookie's token, hex. */
  ...storedFields,
  account_id: z.string(),
  created_at: ms,
  /** The last time that the person did something; raised at most once a minute. */
  seen_at: ms,
  /** The end, whatever the person does. */
  expires_at: ms,
})
export type AdminLogin = z.infer<typeof adminLoginDocument>

const loginIdleSeconds = 15 * 60
export const loginLifetimeSeconds = 8 * 3600

/** Whether a login still counts at `now`: neither idle for too long nor at its absolute end. */
export const loginIsLive = (login: AdminLogin, now: number): boolean => now < loginEndsAt(login)

/** When a login ends if nobody does anything more with it. */
export const loginEndsAt = (login: AdminLogin): number =>
  Math.min(login.expires_at, login.seen_at + loginIdleSeconds * secondMs)

/** Short enough to be typed in full, long enough for a sentence (OWASP ASVS 5.0, 6.2.1 and 6.2.9). */
export const passwordMinLength = 12
export const passwordMaxLength = 256

/** One account, however its address was typed. */
export const canonicalEmail = (email: string): string => email.trim().toLowerCase()

/** OWASP's password storage cheat sheet names N 2¹⁵, r 8, p 3 among its equals; each takes 32 MiB while it runs. */
const cost = { n: 2 ** 15, r: 8, p: 3 }
const hashBytes = 32
const saltBytes = 16

const derive = (password: string, kept: Omit<PasswordScrypt, 'hash'>): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(
      password.normalize('NFKC'),
      Buffer.from(kept.salt, 'base64url'),
      hashBytes,
      { N: kept.n, r: kept.r, p: kept.p, maxmem: 256 * kept.n * kept.r },
      (fault, key) => (fault === null ? resolve(key) : reject(fault)),
    )
  })

/** What is kept of a password. `random` answers cryptographically strong bytes. */
export const hashPassword = async (
  password: string,
  random: (bytes: number) => Buffer,
): Promise<PasswordScrypt> => {
  const kept = { salt: random(saltBytes).toString('base64url'), ...cost }
  return { ...kept, hash: (await derive(password, kept)).toString('base64url') }
}

/** Compared with the password if there is no such account: the same work, and no password hashes to it. */
const nobody: PasswordScrypt = {
  salt: Buffer.alloc(saltBytes).toString('base64url'),
  ...cost,
  hash: Buffer.alloc(hashBytes).toString('base64url'),
}

export type PasswordRefusal = 'unknown' | 'disabled' | 'wrong_password'

/**
 * Judges a password against the account that the address found, or null. Hash and comparison run in every case and take
 * the same time (ASVS 5.0, 6.3.8); the reasons are for the log, the person is told one thing for all of them.
 */
export const checkPassword = async (
  password: string,
  account: AdminAccount | null,
): Promise<{ ok: true; account: AdminAccount } | { ok: false; reason: PasswordRefusal }> => {
  const kept = account?.password_scrypt ?? nobody
  const stored = Buffer.from(kept.hash, 'base64url')
  const derived = await derive(password, kept)
  const fits = stored.length === derived.length && timingSafeEqual(stored, derived)
  if (account === null) return { ok: false, reason: 'unknown' }
  if (!fits) return { ok: false, reason: 'wrong_password' }
  if (account.disabled_at !== null) return { ok: false, reason: 'disabled' }
  return { ok: true, account }
}
