import { loginLifetimeSeconds } from '../../org/admin-account.ts'

/**
 * The analysts' cookies (RFC 6265bis). On https their names begin with `__Host-`, so that no neighbouring host can set
 * them; on loopback http browsers refuse that prefix, and they have plain names.
 */

export type CookiePlace = { adminOrigin: string }

const isHttps = (place: CookiePlace): boolean => new URL(place.adminOrigin).protocol === 'https:'

const nameOf = (place: CookiePlace, name: string): string => (isHttps(place) ? `__Host-${name}` : name)

/** A `Set-Cookie` for this host alone, out of reach of scripts and of other sites' requests. */
export const writeCookie = (
  place: CookiePlace,
  cookie: { name: string; value: string; maxAgeSeconds: number },
): string =>
  [
    `${nameOf(place, cookie.name)}=${cookie.value}`,
    'Path=/',
    `Max-Age=${cookie.maxAgeSeconds}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(isHttps(place) ? ['Secure'] : []),
  ].join('; ')

/** The value of a cookie of ours, or null. Two of one name mean that one was planted: neither counts. */
export const readNamedCookie = (
  place: CookiePlace,
  name: string,
  header: string | undefined,
): string | null => {
  const begin = `${nameOf(place, name)}=`
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(begin))
    .map((pair) => pair.slice(begin.length))
  const [value] = values
  return values.length === 1 && value !== undefined ? value : null
}

const loginName = 'ase_analyst'

export const setCookie = (place: CookiePlace, token: string): string =>
  writeCookie(place, { name: loginName, value: token, maxAgeSeconds: loginLifetimeSeconds })

export const clearCookie = (place: CookiePlace): string =>
  writeCookie(place, { name: loginName, value: '', maxAgeSeconds: 0 })

const tokenPattern = /^[A-Za-z0-9_-]{43}$/

/** The token of a `Cookie` header, or null. */
export const readCookie = (place: CookiePlace, header: string | undefined): string | null => {
  const value = readNamedCookie(place, loginName, header)
  return value !== null && tokenPattern.test(value) ? value : null
}
