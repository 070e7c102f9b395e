import { expect, test } from 'vitest'
import { StoreUnavailable } from '../../backend/store/port.ts'
import { openWriteHealth } from '../../backend/store/write-health.ts'

const full = new StoreUnavailable('the disk is full')

/** A store whose probes are counted, and fail while `broken`. */
const watched = () => {
  let now = 0
  const state = { broken: false }
  const probes: string[] = []
  const health = openWriteHealth(
    async (size) => {
      probes.push(size)
      if (state.broken) throw full
    },
    () => now,
  )
  const write = (works: boolean) =>
    health.watch(works ? Promise.resolve('written') : Promise.reject(full)).catch(() => 'failed')
  return {
    health,
    state,
    probes,
    write,
    later: (ms: number) => {
      now += ms
    },
  }
}

test('a store that has written within the last second is not asked to write again', async () => {
  const { health, probes, write, later } = watched()
  await write(true)
  later(999)
  await expect(health.ask()).resolves.toBeUndefined()
  expect(probes).toEqual([])
  later(1)
  await health.ask()
  expect(probes).toEqual(['small'])
})

test('after a write that failed the store is not ready, though a small one would still fit', async () => {
  const { health, probes, write } = watched()
  await write(true)
  await write(false)
  await expect(health.ask()).rejects.toBe(full)
  expect(probes).toEqual([])
})

test('it is ready again as soon as one write succeeds, whoever sent it', async () => {
  const { health, write } = watched()
  await write(false)
  await write(true)
  await expect(health.ask()).resolves.toBeUndefined()
})

test('while it fails it tries an ample write itself, at most once a second, until one succeeds', async () => {
  const { health, state, probes, write, later } = watched()
  state.broken = true
  await write(false)
  for (let asked = 0; asked < 30; asked += 1) {
    await expect(health.ask()).rejects.toBe(full)
    later(100)
  }
  expect(probes).toEqual(['ample', 'ample'])
  state.broken = false
  later(1000)
  await expect(health.ask()).resolves.toBeUndefined()
  expect(probes).toEqual(['ample', 'ample', 'ample'])
})

test('many who ask at once share one write', async () => {
  const { health, probes } = watched()
  await Promise.all(Array.from({ length: 20 }, () => health.ask()))
  expect(probes).toEqual(['small'])
})

test('a fault of ours is not a fault of the disk', async () => {
  const { health } = watched()
  await health.watch(Promise.resolve())
  await health.watch(Promise.reject(new RangeError('a mistake'))).catch(() => {})
  await expect(health.ask()).resolves.toBeUndefined()
})
