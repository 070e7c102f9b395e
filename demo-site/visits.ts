import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { type Customer, newCustomer } from './bank/customer.ts'
import { type Ledger, openLedger } from './bank/ledger.ts'
import type { Person } from './bank/people.ts'
import { type CallerFacts, nobodyCalling } from './caller.ts'
import type { CheckpointClient } from './checkpoint-client.ts'
import { openPast, type Past } from './history.ts'
import type { PendingAction } from './protected-action.ts'
import type { Part, Story } from './stories/story.ts'
import { Trace } from './trace.ts'

/** How somebody came in: kept when they start over. */
export interface Arrival {
  person: Person
  userAgent: string
  /** On a device that the bank has never seen. */
  newDevice: boolean
  mode: 'popup' | 'redirect'
}

/** The story that is being played, and how far it has come. */
export interface Scene {
  story: Story
  part: Part
  isNext: boolean
}

/** One signed-in browser, kept on the server; the cookie holds its random id and nothing else. */
export interface Visit {
  id: string
  arrival: Arrival
  /** Nobody else's: two visitors who are both Ana share neither money nor memory. */
  customer: Customer
  ledger: Ledger
  past: Past
  deviceId: string
  mode: Arrival['mode']
  caller: CallerFacts
  scene: Scene | null
  trace: Trace
  /** By the form's submission id: the same form sent twice finds the same action. */
  pending: Map<string, PendingAction>
}

/** Whether the check has opened a hold for this visit's person, as far as the bank was told. */
export const isHeld = ({ pending }: Visit): boolean =>
  [...pending.values()].some(
    ({ outcome }) => outcome !== null && 'hold' in outcome && outcome.hold !== undefined,
  )

const keptVisits = 500

export class Visits {
  #visits = new Map<string, Visit>()
  #client: CheckpointClient
  #now: () => number

  constructor(client: CheckpointClient, now: () => number) {
    this.#client = client
    this.#now = now
  }

  /** Opens a clean slate: a customer whom the checkpoint knows by their past alone. */
  open(arrival: Arrival, story: Story | null = null): Visit {
    const mark = String(randomInt(1e9, 1e10))
    const ledger = openLedger(newCustomer(arrival.person, mark, this.#now()), this.#now)
    const { customer } = ledger
    const trace = new Trace()
    const onUsualDevice = arrival.person.onUsualDevice && !arrival.newDevice
    const visit: Visit = {
      id: randomBytes(24).toString('base64url'),
      arrival,
      customer,
      ledger,
      past: openPast(this.#client, customer, this.#now(), trace.engine.bind(trace)),
      deviceId: onUsualDevice ? customer.usualDevice : `d_${randomUUID()}`,
      mode: arrival.mode,
      caller: { ...(story?.facts ?? nobodyCalling) },
      scene: story && { story, part: story.begin(customer), isNext: false },
      trace,
      pending: new Map(),
    }
    // Ahead of the first action, which waits for it; if it fails now, that action tries again.
    visit.past.brought().catch(() => undefined)
    this.#visits.set(visit.id, visit)
    const [oldest] = this.#visits.keys()
    if (this.#visits.size > keptVisits && oldest !== undefined) this.#visits.delete(oldest)
    return visit
  }

  /** The same person from the beginning, in a story or in none. What was done before stays with who did it. */
  startOver(visit: Visit, story: Story | null): Visit {
    this.close(visit.id)
    return this.open({ ...visit.arrival, mode: visit.mode }, story)
  }

  find(id: string | undefined): Visit | undefined {
    return id === undefined ? undefined : this.#visits.get(id)
  }

  close(id: string): void {
    this.#visits.delete(id)
  }
}
