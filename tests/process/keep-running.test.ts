import { describe, expect, it } from 'vitest'
import type { Child } from '../../backend/processes/child.ts'
import { keepRunning } from '../../backend/processes/keep-running.ts'

/** A process whose fate the test decides: `fails` ends before it is ready, `dies` afterwards, `lives` until it is stopped. */
type Fate = 'fails' | 'dies' | 'lives'

const run = (fates: readonly Fate[], stopInPause = Number.POSITIVE_INFINITY) => {
  const said: string[] = []
  const pauses: number[] = []
  const stop = Promise.withResolvers<void>()
  let starts = 0
  const start = (): Child => {
    const fate = fates[starts] ?? 'lives'
    starts += 1
    const end = Promise.withResolvers<string>()
    if (fate !== 'lives') end.resolve('SIGKILL')
    return {
      ready:
        fate === 'fails' ? Promise.reject(new Error('It ended before it was ready.')) : Promise.resolve({}),
      ended: end.promise,
      stop: async () => end.resolve('SIGTERM'),
    }
  }
  const running = keepRunning({
    name: 'The backend',
    start,
    ready: () => {
      if (starts === fates.length) stop.resolve()
    },
    say: (sentence) => said.push(sentence),
    stopped: stop.promise,
    pause: async (ms) => {
      pauses.push(ms)
      if (pauses.length >= stopInPause) {
        stop.resolve()
        await new Promise(() => undefined)
      }
    },
  })
  return { running, said, pauses, starts: () => starts }
}

describe('a process that is kept running', () => {
  it('is started again each time that it dies', async () => {
    const kept = run(['dies', 'dies', 'lives'])
    await kept.running
    expect(kept.pauses).toEqual([500, 500])
    expect(kept.said).toEqual([
      'The backend ended (SIGKILL). Starting it again in 0.5 s.',
      'The backend is back.',
      'The backend ended (SIGKILL). Starting it again in 0.5 s.',
      'The backend is back.',
    ])
  })

  it('is given twice as long after each start that failed, half a minute at most, and from the beginning once it was up', async () => {
    const kept = run(['dies', ...Array<Fate>(8).fill('fails'), 'dies', 'lives'])
    await kept.running
    expect(kept.pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 500])
  })

  it('is given up, with its own words, when its very first start fails', async () => {
    const kept = run(['fails', 'lives'])
    await expect(kept.running).rejects.toThrow('It ended before it was ready.')
    expect(kept.starts()).toBe(1)
  })

  it('is not started again when everything ends meanwhile', async () => {
    const kept = run(['dies', 'lives', 'lives'], 1)
    await kept.running
    expect(kept.starts()).toBe(1)
  })
})
