import { loginLifetimeSeconds } from '../../org/admin-account.ts'

/**
 * The analyst's cookie (RFC 6265bis). On https its name begins with `__Host-`, so that no neighbouring host can set it;
 * on loopback http browsers refuse that prefix, and it has a plain name.
 */

type CookiePlace = { adminOrigin: string }

const isHttps = (place: CookiePlace): boolean => new URL(place.adminOrigin).protocol === 'https:'

export const cookieName = (place: CookiePlace): string =>
  isHttps(place) ? '__Host-ase_analyst' : 'ase_analyst'

const write = (place: CookiePlace, value: string, maxAgeSeconds: number): string =>
  [
    `${cookieName(place)}=${value}`,
    'Path=/',
    `Max-Age=${maxAgeSeconds}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(isHttps(place) ? ['Secure'] : []),
  ].join('; ')

export const setCookie = (place: CookiePlace, token: string): string =>
  write(place, token, loginLifetimeSeconds)

export const clearCookie = (place: CookiePlace): string => write(place, '', 0)

const tokenPattern = /^[A-Za-z0-9_-]{43}$/

/** The token of a `Cookie` header, or null. Two cookies of our name mean that one was planted: neither counts. */
export const readCookie = (place: CookiePlace, header: string | undefined): string | null => {
  const name = `${cookieName(place)}=`
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(name))
    .map((pair) => pair.slice(name.length))
  const [value] = values
  return values.length === 1 && value !== undefined && tokenPattern.test(value) ? value : null
}
