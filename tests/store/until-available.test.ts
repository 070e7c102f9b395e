import { describe, expect, it } from 'vitest'
import { StoreUnavailable, StoreUnfit } from '../../backend/store/port.ts'
import { StoppedWaiting, untilAvailable } from '../../backend/store/until-available.ts'

/** A store that fails so often, and what waiting for it looked like. */
const waitFor = async (failures: readonly Error[], stop = new AbortController()) => {
  const pauses: number[] = []
  const lines: unknown[] = []
  let tries = 0
  const attempt = async () => {
    const failure = failures[tries]
    tries += 1
    if (failure !== undefined) throw failure
    return 'open'
  }
  const log = { warn: (line: unknown) => void lines.push(line) }
  const pause = async (ms: number) => void pauses.push(ms)
  const result = untilAvailable(attempt, { log, stop: stop.signal, pause }).catch((fault: unknown) => fault)
  return { result: await result, pauses, lines }
}

describe('waiting for the store at boot', () => {
  it('tries until it is there, with longer pauses up to ten seconds and a line for each failure', async () => {
    const away = Array.from({ length: 8 }, (_, at) => new StoreUnavailable(`no primary ${at}`))
    const { result, pauses, lines } = await waitFor(away)
    expect(result).toBe('open')
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
    expect(lines).toEqual(pauses.map((next_try_ms, at) => ({ why: `no primary ${at}`, next_try_ms })))
  })

  it.each([new StoreUnfit('a standalone server'), new TypeError('ours')])(
    'does not wait for what no wait mends: %s',
    async (fault) => {
      expect(await waitFor([fault])).toEqual({ result: fault, pauses: [], lines: [] })
    },
  )

  it('ends when it is told to stop, also in the middle of a try that hangs', async () => {
    const stop = new AbortController()
    const waiting = untilAvailable(() => new Promise(() => {}), {
      log: { warn: () => {} },
      stop: stop.signal,
    })
    stop.abort('SIGTERM')
    await expect(waiting).rejects.toThrow(StoppedWaiting)
    expect((await waitFor([], stop)).result).toBeInstanceOf(StoppedWaiting)
  })
})
