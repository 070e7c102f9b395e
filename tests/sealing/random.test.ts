import { describe, expect, it } from 'vitest'
import { randomBytes } from '../../backend/random.ts'

describe('random bytes', () => {
  it('are as many as were asked for, and never the same', () => {
    const drawn = Array.from({ length: 20_000 }, (_, nth) => randomBytes(12 + (nth % 9)))
    expect(drawn.every((bytes, nth) => bytes.length === 12 + (nth % 9))).toBe(true)
    expect(new Set(drawn.map((bytes) => bytes.toString('hex').slice(0, 24))).size).toBe(drawn.length)
  })

  it('belong to whoever drew them: wiping them wipes nobody else’s', () => {
    const [first, second] = [randomBytes(16), randomBytes(16)]
    first.fill(0)
    expect(second.equals(Buffer.alloc(16))).toBe(false)
    expect(randomBytes(16).equals(Buffer.alloc(16))).toBe(false)
  })

  it('come in any number', () => {
    expect([0, 1, 4096, 4097, 100_000].map((count) => randomBytes(count).length)).toEqual([
      0, 1, 4096, 4097, 100_000,
    ])
  })
})
