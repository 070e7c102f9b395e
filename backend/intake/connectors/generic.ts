import { ingestEvent } from '#contract/event'
import { normaliseEvent } from '../normalise-event.ts'
import { connector } from './connector.ts'

/** Our own format, for every site that can speak it. */
export const generic = connector({
  name: 'generic',
  path: '/events/ingest',
  summary: 'Score an action that is about to happen, and open its session',
  description:
    '`GET /actions` says what your own policy knows. Another name with an amount or a payee is evaluated as `money_out` and answered with the warning `action_unmapped`; with neither it is refused with `action_unknown` (422).',
  verify: null,
  idempotency_header: 'idempotency-key',
  body: ingestEvent,
  test: (event) => event.test ?? null,
  normalise: normaliseEvent,
})
