import { randomBytes } from 'node:crypto'
import { type CallerFacts, nobodyCalling } from './caller.ts'
import type { PendingAction } from './protected-action.ts'
import { Trace } from './trace.ts'

/** One signed-in browser, kept on the server; the cookie holds its random id and nothing else. */
export interface Visit {
  id: string
  customerId: string
  deviceId: string
  userAgent: string
  mode: 'popup' | 'redirect'
  caller: CallerFacts
  scenarioId: string | null
  trace: Trace
  /** By the form's submission id: the same form sent twice finds the same action. */
  pending: Map<string, PendingAction>
}

const keptVisits = 500

export class Visits {
  #visits = new Map<string, Visit>()

  open(customerId: string, deviceId: string, userAgent: string): Visit {
    const visit: Visit = {
      id: randomBytes(24).toString('base64url'),
      customerId,
      deviceId,
      userAgent,
      mode: 'popup',
      caller: { ...nobodyCalling },
      scenarioId: null,
      trace: new Trace(),
      pending: new Map(),
    }
    this.#visits.set(visit.id, visit)
    const [oldest] = this.#visits.keys()
    if (this.#visits.size > keptVisits && oldest !== undefined) this.#visits.delete(oldest)
    return visit
  }

  find(id: string | undefined): Visit | undefined {
    return id === undefined ? undefined : this.#visits.get(id)
  }

  close(id: string): void {
    this.#visits.delete(id)
  }
}
