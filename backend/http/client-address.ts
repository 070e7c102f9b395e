import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/**
 * The client's address. The caller may write anything into `X-Forwarded-For`; only the entries at its end come from our own
 * proxies. With `hops` proxies, the entry that the outermost one wrote is the client.
 */
export const clientAddress = (
  request: Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } },
  hops: number,
): string => {
  const peer = request.socket.remoteAddress ?? 'unknown'
  if (hops === 0) return peer
  const header = request.headers['x-forwarded-for']
  const entries = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((entry) => entry.trim())
  // Fewer entries than proxies: the request did not come through them, so the header is the caller's.
  const claimed = entries.at(-hops) ?? ''
  return isIP(claimed) === 0 ? peer : claimed
}

/** The eight groups of an IPv6 address, from the parser that every URL goes through. */
const groupsOf = (address: string): number[] => {
  const compressed = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [left = '', right] = compressed.split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16))
}

/**
 * What an address is counted under: IPv4 as it is (also when mapped into IPv6), IPv6 by its /64, because that is what
 * one subscriber gets and can rotate within.
 */
export const addressBucket = (address: string): string => {
  const plain = address.replace(/%.*$/, '')
  if (isIP(plain) !== 6) return plain
  const groups = groupsOf(plain)
  const [high = 0, low = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}
