import { dayMs } from '#contract/durations'
import type { Deps } from '../deps.ts'
import type { Fate } from '../risk/profile.ts'
import { fateOf } from '../session/attempt.ts'
import { StoreUnavailable } from '../store/port.ts'
import { sessionIdOf } from './identity.ts'

/**
 * What became of earlier attempts, as their sessions say it at this moment. An attempt without a session stays what the
 * profile says of it: its ingest is under way, or died, and counts for a bounded time.
 */
export const fatesOf = async (
  deps: Deps,
  orgId: string,
  eventIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, Fate>> => {
  const told = await Promise.all(
    eventIds.map(async (id) => {
      const fate = await oneFate(deps, orgId, id, now)
      return fate === null ? [] : [[id, fate] as const]
    }),
  )
  return new Map(told.flat())
}

/** A session that can't be read counts as money that may go out: it must neither hide anything nor lock anybody out. */
const oneFate = async (deps: Deps, orgId: string, eventId: string, now: number): Promise<Fate | null> => {
  try {
    const session = await deps.attempts.get(orgId, sessionIdOf(eventId))
    return session && fateOf(session, now)
  } catch (fault) {
    if (fault instanceof StoreUnavailable) throw fault
    deps.log.error({ err: fault, event: eventId }, 'a session can’t be read and counts as under way')
    return { state: 'open', open_until: now + dayMs }
  }
}
