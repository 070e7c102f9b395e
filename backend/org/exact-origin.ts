import { isLoopbackHost } from './loopback-host.ts'

/**
 * Letters, digits, dots and hyphens, or an IPv6 literal. Narrower than the URL standard on purpose: that one lets `*`,
 * `;`, `,` and quotes into a host, and origins are copied into Content-Security-Policy, where they would be wildcards
 * and new directives.
 */
const plainHost = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])$/

/** Whether a host name may be registered, as `URL.hostname` writes it. */
export const isPlainHost = (hostname: string): boolean => plainHost.test(hostname)

/** https anywhere, http on this machine alone. */
export const isSecureScheme = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))

/**
 * Whether `value` is one web origin in its serialised form (RFC 6454 6.2): scheme, host and port, no path, no wildcard,
 * https unless the host is this machine.
 */
export const isExactOrigin = (value: string): boolean => {
  const url = URL.parse(value)
  return url !== null && url.origin === value && isSecureScheme(url) && isPlainHost(url.hostname)
}
