import { isExactOrigin } from '../org/exact-origin.ts'
import type { HttpContext } from './http-state.ts'

/**
 * The security headers, as tables. They are written out and not taken from a middleware's defaults: half of the challenge
 * page's values depend on the organisation and the session, a new release of a middleware must not change that page, and a
 * reviewer sees here every value that is sent.
 */
export type HeaderTable = Readonly<Record<string, string>>

const hstsSeconds = 63_072_000

/** No feature of the browser is needed. Only names that Chromium knows: an unknown one is an error in the host's console. */
const permissionsPolicy = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'clipboard-read',
  'clipboard-write',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'xr-spatial-tracking',
]
  .map((feature) => `${feature}=()`)
  .join(', ')

/**
 * On every response. `strict-origin`: with `no-referrer` a browser sends `Origin: null` with our own forms, with
 * anything laxer the session key in the URL would travel in a Referer.
 */
const everywhere = {
  'Strict-Transport-Security': `max-age=${hstsSeconds}; includeSubDomains`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin',
  'Permissions-Policy': permissionsPolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const

const nothingAllowed = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** For JSON answers of both listeners, health and problems: never rendered, never cached. */
export const apiHeaders: HeaderTable = {
  ...everywhere,
  'Content-Security-Policy': nothingAllowed,
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  'X-Robots-Tag': 'noindex',
}

/** Five minutes, so that a fix of the loader reaches every site soon. */
const loaderMaxAgeSeconds = 300

/** The loader: any site may run it, under COEP too, and read it with CORS for subresource integrity. */
export const publicScriptHeaders: HeaderTable = {
  ...everywhere,
  'Content-Security-Policy': nothingAllowed,
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Access-Control-Allow-Origin': '*',
  'Cache-Control': `public, max-age=${loaderMaxAgeSeconds}`,
}

/** Scripts and styles of the checkpoint's own pages, their hash in their name. */
export const hashedAssetHeaders: HeaderTable = {
  ...everywhere,
  'Content-Security-Policy': nothingAllowed,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'public, max-age=31536000, immutable',
}

/** Origins are checked when they are registered. One that is not exact is a fault of ours, and must not be sent. */
const checkedOrigins = (origins: readonly string[]): readonly string[] => {
  const wrong = origins.find((origin) => !isExactOrigin(origin))
  if (wrong !== undefined)
    throw new Error('an origin that is not exact was about to be written into a policy')
  return origins
}

const checkedNonce = (nonce: string): string => {
  if (!/^[A-Za-z0-9+/_-]{22,}={0,2}$/.test(nonce)) throw new Error('a nonce needs 128 bits in base64')
  return nonce
}

/**
 * A checkpoint's page. `frameAncestors`: the organisation's origins, empty when nobody may frame it. `trusted-types lit-html`
 * is the one policy that the screens' renderer creates.
 */
export const challengeHeaders = (page: { nonce: string; frameAncestors: readonly string[] }): HeaderTable => {
  const nonce = checkedNonce(page.nonce)
  const ancestors = checkedOrigins(page.frameAncestors)
  const isFramed = ancestors.length > 0
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${isFramed ? ancestors.join(' ') : "'none'"}`,
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ]
  return {
    ...everywhere,
    'Content-Security-Policy': policy.join('; '),
    // X-Frame-Options knows no list; it would overrule nothing and confuse older proxies.
    ...(isFramed ? {} : { 'X-Frame-Options': 'DENY' }),
    // A host with COEP shows a frame only if the frame's document sends both.
    'Cross-Origin-Resource-Policy': isFramed ? 'cross-origin' : 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cache-Control': 'no-store',
    'X-Robots-Tag': 'noindex',
  }
}

/** Every name that some table sets: a table replaces another one completely. */
const allNames = [
  ...Object.keys(apiHeaders),
  ...Object.keys(publicScriptHeaders),
  'Cross-Origin-Embedder-Policy',
]

/** Sends `table` and none of the other tables' headers. */
export const replaceHeaders = ({ res }: Pick<HttpContext, 'res'>, table: HeaderTable): void => {
  if (res.headersSent) return
  for (const name of allNames) if (table[name] === undefined) res.removeHeader(name)
  for (const [name, value] of Object.entries(table)) res.setHeader(name, value)
}
