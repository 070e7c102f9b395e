import { expect, it } from 'vitest'
import { fairTurns } from '../../backend/analytics/fair-turns.ts'

/** Pieces of work that end when the test says so. */
const stage = (limits: Parameters<typeof fairTurns>[0]) => {
  const turns = fairTurns(limits)
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const take = (owner: string, name: string) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    ends.set(name, resolve)
    return turns.take(owner, () => {
      begun.push(name)
      return promise
    })
  }
  const end = async (name: string, answer: Promise<void> | null) => {
    ends.get(name)?.()
    await answer
  }
  return { take, begun, end }
}

it('an organisation that asks for much waits behind its own', async () => {
  const { take, begun, end } = stage({ slots: 2, inLineOfOwner: 3, inLine: 10 })
  const first = take('loud', 'loud 1')
  take('loud', 'loud 2')
  take('loud', 'loud 3')
  await Promise.resolve()
  expect(begun).toEqual(['loud 1'])
  take('quiet', 'quiet 1')
  take('other', 'other 1')
  await Promise.resolve()
  expect(begun).toEqual(['loud 1', 'quiet 1'])
  await end('loud 1', first)
  expect(begun).toEqual(['loud 1', 'quiet 1', 'other 1'])
})

it('an organisation may have several at once, and the next begins when one of them ends', async () => {
  const limits = { slots: Number.POSITIVE_INFINITY, ofOwner: 2, inLineOfOwner: 1, inLine: 10 }
  const { take, begun, end } = stage(limits)
  const first = take('a', 'a 1')
  take('a', 'a 2')
  take('a', 'a 3')
  expect(take('a', 'a 4')).toBeNull()
  take('b', 'b 1')
  await Promise.resolve()
  expect(begun).toEqual(['a 1', 'a 2', 'b 1'])
  await end('a 1', first)
  expect(begun).toEqual(['a 1', 'a 2', 'b 1', 'a 3'])
})

it('an organisation has a bounded line, and the line as a whole has one', () => {
  const { take } = stage({ slots: 1, inLineOfOwner: 1, inLine: 2 })
  expect([take('a', '1'), take('a', '2'), take('a', '3')].map((taken) => taken === null)).toEqual([
    false,
    false,
    true,
  ])
  expect([take('b', '4'), take('c', '5')].map((taken) => taken === null)).toEqual([false, true])
})

it('work that fails gives its place back', async () => {
  const turns = fairTurns({ slots: 1, inLineOfOwner: 1, inLine: 2 })
  await expect(turns.take('a', () => Promise.reject(new Error('no store')))).rejects.toThrow('no store')
  expect(await turns.take('a', async () => 'next')).toBe('next')
})
