import type * as z from 'zod/mini'
import type { IngestEvent } from '#contract/event'
import type { NormaliseAnswer, NormaliseOptions } from '../normalise-event.ts'

/**
 * How the events of one system come in. A connector is one file in this folder and one line in `list.ts`; it knows its
 * system and the intake, and neither the score nor the store.
 */

/** A request as it arrived. `headers` are in lower case, as Node hands them over. */
type Delivery = {
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** The exact bytes, which signatures are made over. */
  raw_body: Uint8Array
  /** Epoch milliseconds. */
  now: number
}

export type VerifyAnswer =
  | { ok: true }
  | { ok: false; reason: 'signature_missing' | 'signature_wrong' | 'signature_too_old' }

/**
 * Whether the system that holds `secret` sent this. Compares in constant time, and refuses a signature that is too old to be
 * the first one: a delivery may be recorded and sent again.
 */
export type Verify = (delivery: Delivery, secret: string) => VerifyAnswer

/** A body that fits. */
export type Payload = {
  /** What it says: the same content again is a repeat, any other under the same key is refused. */
  said: unknown
  test: NonNullable<IngestEvent['test']> | null
  normalise: (options: NormaliseOptions) => NormaliseAnswer
}

export type Connector = {
  /** Lower case; part of the secret that its deliveries are signed with. */
  name: string
  /** Its route. With `verify`, the id of an API key follows as the last segment and says whose delivery it is. */
  path: string
  summary: string
  description: string
  /** Null: the caller's API key is the proof. */
  verify: Verify | null
  /** The header that names a delivery: the same name is the same event. */
  idempotency_header: string
  /** Hands out what a body looks like, and what its payload is: each connector has a body of its own. */
  withBody: <Result>(
    use: <Body>(body: z.ZodMiniType<Body>, payloadOf: (said: Body) => Payload) => Result,
  ) => Result
}

type Row<Body> = Omit<Connector, 'withBody'> & {
  body: z.ZodMiniType<Body>
  normalise: (body: Body, options: NormaliseOptions) => NormaliseAnswer
  /** Only our own format can ask for a rehearsed outcome. */
  test?: (body: Body) => Payload['test']
}

/** A row of the list from its parts; `normalise` makes of a body what every event becomes. */
export const connector = <Body>({ body, normalise, test, ...row }: Row<Body>): Connector => ({
  ...row,
  withBody: (use) =>
    use(body, (said) => ({
      said,
      test: test?.(said) ?? null,
      normalise: (options) => normalise(said, options),
    })),
})
