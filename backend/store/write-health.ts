import { StoreUnavailable } from './port.ts'

/** `small`: a row of a few bytes. `ample`: as long as a large document, which a full disk refuses. */
export type Probe = (size: 'small' | 'ample') => Promise<void>

export type WriteHealth = {
  /** Remembers how a durable write ended. A lost race counts as a write that works. */
  watch<Answer>(write: Promise<Answer>): Promise<Answer>
  /** Rejects with the last write's fault while none has succeeded since. */
  ask(): Promise<void>
}

const probeEveryMs = 1_000

/**
 * Whether durable writes work now, learned from the writes themselves. If the last write is older than a second, asking
 * tries one write, however many ask at once. After a fault that write is an ample one: on a full disk a small one may still
 * fit. `now`: steady milliseconds.
 */
export const openWriteHealth = (probe: Probe, now: () => number): WriteHealth => {
  let last: { at: number; fault: StoreUnavailable | null } | null = null
  let probing: Promise<void> | null = null

  const watch = async <Answer>(write: Promise<Answer>): Promise<Answer> => {
    try {
      const answer = await write
      last = { at: now(), fault: null }
      return answer
    } catch (fault) {
      if (fault instanceof StoreUnavailable) last = { at: now(), fault }
      throw fault
    }
  }
  const tryOne = async (): Promise<void> => {
    try {
      await watch(probe(last === null || last.fault === null ? 'small' : 'ample'))
    } finally {
      probing = null
    }
  }

  return {
    watch,
    ask: async () => {
      if (probing === null && (last === null || now() - last.at >= probeEveryMs)) probing = tryOne()
      if (probing !== null) return probing
      if (last !== null && last.fault !== null) throw last.fault
    },
  }
}
