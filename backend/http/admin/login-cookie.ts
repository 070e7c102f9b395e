import { loginLifetimeSeconds } from '../../org/admin-account.ts'

/**
 * The analysts' cookies (RFC 6265bis). On https their names begin with `__Host-`, so that no neighbouring host can set
 * them; on loopback http browsers refuse that prefix, and they have plain names.
 */

export type DeskAddress = { adminOrigin: string }

const isHttps = (desk: DeskAddress): boolean => new URL(desk.adminOrigin).protocol === 'https:'

const nameOf = (desk: DeskAddress, name: string): string => (isHttps(desk) ? `__Host-${name}` : name)

/** A `Set-Cookie` for this host alone, out of reach of scripts and of other sites' requests. */
export const writeCookie = (
  desk: DeskAddress,
  cookie: { name: string; value: string; maxAgeSeconds: number },
): string =>
  [
    `${nameOf(desk, cookie.name)}=${cookie.value}`,
    'Path=/',
    `Max-Age=${cookie.maxAgeSeconds}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(isHttps(desk) ? ['Secure'] : []),
  ].join('; ')

/** The value of a cookie of ours, or null. Two of one name mean that one was planted: neither counts. */
export const readNamedCookie = (
  desk: DeskAddress,
  name: string,
  header: string | undefined,
): string | null => {
  const begin = `${nameOf(desk, name)}=`
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(begin))
    .map((pair) => pair.slice(begin.length))
  const [value] = values
  return values.length === 1 && value !== undefined ? value : null
}

const loginName = 'ase_analyst'

export const setCookie = (desk: DeskAddress, token: string): string =>
  writeCookie(desk, { name: loginName, value: token, maxAgeSeconds: loginLifetimeSeconds })

export const clearCookie = (desk: DeskAddress): string =>
  writeCookie(desk, { name: loginName, value: '', maxAgeSeconds: 0 })

const tokenPattern = /^[A-Za-z0-9_-]{43}$/

/** The token of a `Cookie` header, or null. */
export const readCookie = (desk: DeskAddress, header: string | undefined): string | null => {
  const value = readNamedCookie(desk, loginName, header)
  return value !== null && tokenPattern.test(value) ? value : null
}
