import { describe, expect, test } from 'vitest'
import { addressBucket, clientAddress } from '../../../backend/http/client-address.ts'
import { createLimits, type LimitAnswer, refuseIfLimited } from '../../../backend/http/limits.ts'

const granted = async (
  take: (key: string) => Promise<LimitAnswer>,
  tries: number,
  key = 'a',
): Promise<number> => {
  let passed = 0
  for (let at = 0; at < tries; at += 1) if ((await take(key)).ok) passed += 1
  return passed
}

describe('soft limits', () => {
  test.each([
    ['takePage', 30],
    ['takeUnknownSession', 10],
    ['takeWrongKey', 20],
  ] as const)('%s grants %i a minute to each', async (name, limit) => {
    const limits = createLimits({ instances: 1, limitsScale: 1 })
    expect(await granted(limits[name], limit + 5)).toBe(limit)
    expect(await granted(limits[name], limit + 5, 'b')).toBe(limit)
    expect(await limits[name]('a')).toEqual({ ok: false, retryAfterSeconds: expect.any(Number) })
  })

  test('a key may make 200 calls of one route at once', async () => {
    const limits = createLimits({ instances: 1, limitsScale: 1 })
    const burst = (route: string) =>
      Promise.all(Array.from({ length: 250 }, () => limits.takeKeyCall('key', route)))
    expect((await burst('POST /events/ingest')).filter((answer) => answer.ok)).toHaveLength(200)
    expect((await burst('POST /decisions/verify')).filter((answer) => answer.ok)).toHaveLength(200)
  })

  test('instances share a limit, each granting at least one', async () => {
    expect(await granted(createLimits({ instances: 3, limitsScale: 1 }).takePage, 50)).toBe(10)
    expect(await granted(createLimits({ instances: 500, limitsScale: 1 }).takePage, 50)).toBe(1)
  })

  test('the scale multiplies it', async () => {
    expect(await granted(createLimits({ instances: 1, limitsScale: 2 }).takePage, 100)).toBe(60)
  })

  test('addresses of one /64 are one caller', async () => {
    const limits = createLimits({ instances: 1, limitsScale: 1 })
    const addresses = Array.from({ length: 15 }, (_, at) => `2001:db8:1:2::${at + 1}`)
    const answers = await Promise.all(addresses.map((address) => limits.takeUnknownSession(address)))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(10)
    expect((await limits.takeUnknownSession('2001:db8:1:3::1')).ok).toBe(true)
  })

  test('a refused take becomes 429 with whole seconds', () => {
    expect(() => refuseIfLimited({ ok: true })).not.toThrow()
    expect(() => refuseIfLimited({ ok: false, retryAfterSeconds: 7 })).toThrow(
      expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 7 }),
    )
  })
})

describe('whose request it is', () => {
  const from = (header: string | undefined, hops: number, remoteAddress = '10.0.0.1') =>
    clientAddress(
      { headers: header === undefined ? {} : { 'x-forwarded-for': header }, socket: { remoteAddress } },
      hops,
    )

  test.each<[string, string | undefined, number, string]>([
    ['no proxy, forged header', '1.2.3.4', 0, '10.0.0.1'],
    ['one proxy', '1.2.3.4', 1, '1.2.3.4'],
    ['one proxy, forged entry before its own', '6.6.6.6, 1.2.3.4', 1, '1.2.3.4'],
    ['two proxies', '6.6.6.6, 1.2.3.4, 10.0.0.9', 2, '1.2.3.4'],
    ['one proxy, no header', undefined, 1, '10.0.0.1'],
    ['two proxies, one entry', '1.2.3.4', 2, '10.0.0.1'],
    ['an entry that is no address', 'unknown', 1, '10.0.0.1'],
    ['an entry with a port', '1.2.3.4:80', 1, '10.0.0.1'],
    ['IPv6', '2001:db8::1', 1, '2001:db8::1'],
    ['an empty entry', '1.2.3.4, ', 1, '10.0.0.1'],
  ])('%s', (_, header, hops, address) => {
    expect(from(header, hops)).toBe(address)
  })

  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s is counted as %s', (address, bucket) => {
    expect(addressBucket(address)).toBe(bucket)
  })
})
