import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaughtThing } from '../../backend/contract/event-result.ts'
import type { NormalisedEvent } from '../../backend/contract/normalised-event.ts'
import { learn } from '../../backend/risk/learn.ts'
import type { Profile } from '../../backend/risk/profile.ts'
import { taughtBy } from '../../backend/risk/taught.ts'
import { nobody, now } from './events.ts'
import { anEvent } from './random-events.ts'

/** What a site is told that its event taught is what the profile took. */
const learnedOf = (after: Profile): TaughtThing[] => [
  ...(after.devices.length > 0 ? (['device'] as const) : []),
  ...(after.places.length > 0 || after.last_position !== null ? (['place'] as const) : []),
  'hour',
  ...(after.payees.length > 0 ? (['payee'] as const) : []),
  ...(after.amounts.length > 0 ? (['amount'] as const) : []),
]

test('what an event is said to teach is what the profile learns from it', () => {
  fc.assert(
    fc.property(anEvent, (event: NormalisedEvent) => {
      const after = learn(nobody, event, { id: 'evt_1', source: 'ingest', arrived_at: now })
      expect(taughtBy(event, now)).toEqual(learnedOf(after))
    }),
  )
})
