/**
 * Whether a host, as `URL.hostname` or `HOST` writes it, can only mean this machine: the whole of 127.0.0.0/8
 * (RFC 1122 3.2.1.3), ::1 (RFC 4291 2.5.3) and `localhost` (RFC 6761 6.3). Anchored, so that `127.0.0.1.evil.example`
 * and `localhost.evil.example` are not.
 */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
