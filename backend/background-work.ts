import { minuteMs } from '#contract/durations'
import { expireDue } from './checkpoint.ts'
import type { Deps } from './deps.ts'
import { effectsOf } from './effects/carry-out.ts'
import { sweepLists } from './list/sweep-lists.ts'
import { settleDueTrails } from './org/keep-trail.ts'
import { tellOfEnforcement } from './org/tell-of-enforcement.ts'
import { lanes } from './outbox/document.ts'
import { createRelay } from './outbox/relay.ts'

/**
 * What runs beside the requests: the relay (on every nudge and once a second), the expiry of sessions, the purge of what
 * has outlived its retention, entries of lists that are gone, backtests. Every pass stands for itself; one that fails is logged and tried again.
 * Any number of processes may do all of it at once; of one instance's workers one does what no request waits for.
 */

const relayEveryMs = 1000
const expireEveryMs = 2000
const purgeEveryMs = minuteMs
const purgeBatch = 500
const backtestsEveryMs = 1000
const sweepEveryMs = 5000
/** Whoever makes a change writes it into the trail at once; this finds what was cut off. */
const trailEveryMs = 5000

const enforcementMailEveryMs = 2000

export type BackgroundWork = {
  nudge: () => void
  /** Starts no new pass and waits for those under way. */
  stop: () => Promise<void>
}

/** `share`: `all`, or the relay alone, which a request nudges in its own process. */
export const startBackgroundWork = (deps: Deps, share: 'all' | 'relay' = 'all'): BackgroundWork => {
  const relay = createRelay(deps, effectsOf(deps))
  const carrying = lanes.map((lane) => repeat(deps, `outbox ${lane}`, relayEveryMs, () => relay.work(lane)))
  const moving = repeat(deps, 'relay', relayEveryMs, async () => {
    const moved = await relay.moveOut()
    if (moved > 0) for (const lane of carrying) lane.now()
    return moved
  })
  const forTheInstance = () => [
    repeat(deps, 'expiry', expireEveryMs, () => expireDue(deps)),
    repeat(deps, 'purge', purgeEveryMs, () => purge(deps)),
    repeat(deps, 'lists', sweepEveryMs, () => sweepLists(deps)),
    repeat(deps, 'trail', trailEveryMs, () => settleDueTrails(deps)),
    repeat(deps, 'enforcement mail', enforcementMailEveryMs, () => tellOfEnforcement(deps)),
    repeat(deps, 'backtests', backtestsEveryMs, () => runBacktests(deps)),
  ]
  const passes = [moving, ...carrying, ...(share === 'all' ? forTheInstance() : [])]
  return {
    nudge: moving.now,
    stop: async () => {
      // Theirs may take minutes, and lose nothing by being cut.
      const stopped = passes.map((pass) => pass.stop())
      await deps.analytics.stop()
      await Promise.all(stopped)
    },
  }
}

/** A thread is started only when there is something for it. */
const runBacktests = async (deps: Deps): Promise<number> => {
  const [due] = await deps.collections.backtests.findLines({
    index: 'due',
    before: deps.clock() + 1,
    limit: 1,
  })
  return due === undefined ? 0 : deps.analytics.runBacktests()
}

const purge = async (deps: Deps): Promise<number> => {
  let removed = 0
  for (const collection of Object.values(deps.collections))
    removed += await collection.purge(deps.clock(), purgeBatch)
  return removed
}

type Repeated = { now: () => void; stop: () => Promise<void> }

/** Runs `pass` every `everyMs`, sooner when told to, never twice at once. A pass that did something is followed at once. */
const repeat = (deps: Deps, name: string, everyMs: number, pass: () => Promise<number>): Repeated => {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | null = null
  let again = false
  let stopped = false

  const schedule = (delayMs: number): void => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(start, delayMs)
  }
  const start = (): void => {
    if (running !== null) {
      again = true
      return
    }
    again = false
    running = once().finally(() => {
      running = null
      schedule(again ? 0 : everyMs)
    })
  }
  const once = async (): Promise<void> => {
    try {
      if ((await pass()) > 0) again = true
    } catch (cause) {
      deps.log.error({ err: cause, pass: name }, 'background pass failed')
    }
  }
  schedule(0)
  return {
    now: () => {
      if (!stopped) start()
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
