import * as z from 'zod/mini'
import { mistakeWords } from '#contract/mistake'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Scope } from '../org/api-key.ts'
import type { Caller } from './access.ts'
import type { HeaderTable } from './headers.ts'
import type { WhenLost } from './open-outcome.ts'
import type { BodyKind } from './read-body.ts'
import { type JsonLimits, jsonLimits } from './strict-json.ts'

/**
 * A route as data: what it takes, who may call it, what it may answer, and one call to the spine. The guard runs it and
 * the OpenAPI document is made from it, so neither can say something that the other doesn't do.
 */

type Schema = z.ZodMiniType

export type Access = { kind: 'key'; scope: Scope } | { kind: 'open' } | { kind: 'page' }

/** A refusal that carries more than a problem does is still one (RFC 9457 3.2); default: plain JSON. */
export type JsonType = 'application/json' | 'application/problem+json'

/** What a status means and what its body may hold: a schema for JSON, a content type for anything else, or nothing. */
export type AnswerSpec =
  | { description: string; schema: Schema; json?: JsonType }
  | { description: string; type: string }
  /** Either, by what the request was: text to a browser's form, JSON to a program. */
  | { description: string; schema: Schema; type: string; json?: JsonType }
  | { description: string; empty: true }

export type RouteAnswer = {
  status: number
  body: unknown
  /** `Location`, `Idempotent-Replayed`, …; security headers come from `headerTable`. */
  headers?: Readonly<Record<string, string>>
  /** Instead of the API's headers. */
  headerTable?: HeaderTable
}

/** What every handler is given beside its parsed parts. */
type CallFacts = {
  request_id: string
  log: Log
  /** The client's address, through as many proxies as the configuration trusts. */
  address: string
  /** How the body came, and its exact bytes for signatures and digests over them; null without a body. */
  body_kind: BodyKind | null
  raw_body: Buffer | null
}

export type RouteInput<Params, Query, Headers, Body, Who> = CallFacts & {
  params: Params
  query: Query
  headers: Headers
  body: Body
  caller: Who
}

/** A request before its parts are parsed. */
export type RawInput = CallFacts & {
  params: unknown
  query: unknown
  headers: unknown
  body: unknown
  caller: Caller | null
}

export type Route = {
  method: 'GET' | 'POST' | 'DELETE'
  /** Router syntax: `/sessions/:id`. */
  path: string
  access: Access
  summary: string
  /** More than a line can say, in Markdown; left out, the summary is enough. */
  description?: string
  tag: string
  accepts: readonly BodyKind[]
  json: JsonLimits
  /** Whether a call costs many times what a decision does: such calls are counted by organisation. */
  heavy: boolean
  request: { params: Schema; query: Schema; headers: Schema; body: Schema }
  answers: Readonly<Record<number, AnswerSpec>>
  /** What a caller does when the answer is lost; a route that changes something and says nothing means: look first. */
  whenLost?: WhenLost
  /** Parses the parts, throws `AppError` 400 with one entry a mistake, then runs the handler. */
  run: (raw: RawInput) => Promise<RouteAnswer>
}

type Definition<Params, Query, Headers, Body, Who> = Pick<
  Route,
  'method' | 'path' | 'summary' | 'description' | 'tag' | 'answers' | 'whenLost'
> & {
  /** Default: JSON alone. */
  accepts?: readonly BodyKind[]
  /** Default: what one event needs. */
  json?: JsonLimits
  /** Default: false. */
  heavy?: boolean
  request: {
    params: z.ZodMiniType<Params>
    query: z.ZodMiniType<Query>
    headers: z.ZodMiniType<Headers>
    body: z.ZodMiniType<Body>
  }
  handle: (input: RouteInput<Params, Query, Headers, Body, Who>) => Promise<RouteAnswer>
}

/** The body of a request that has none. */
export const noBody = z.undefined()

/** A request with no parts; spread it and name those that there are. Query fields that nobody declared are refused. */
export const nothing = {
  params: z.strictObject({}),
  query: z.strictObject({}),
  headers: z.object({}),
  body: noBody,
}

const mistakesMax = 20
const messageMax = 200

const readable = (part: string, issues: readonly z.core.$ZodIssue[]): { path: string; message: string }[] =>
  issues.map((issue) => ({
    path: [...(part === 'body' ? [] : [part]), ...issue.path.map(String)].join('.'),
    message: issue.message.slice(0, messageMax),
  }))

/** The refusal of a body that a handler judged itself. */
export const refuseBody = (issues: readonly z.core.$ZodIssue[]): AppError => refuse(readable('body', issues))

/** Parses every part before refusing, so that a caller sees all mistakes at once. */
const parsePart = <Value>(
  schema: z.ZodMiniType<Value>,
  value: unknown,
  part: string,
): { ok: true; value: Value } | { ok: false; mistakes: { path: string; message: string }[] } => {
  const parsed = schema.safeParse(value, { error: mistakeWords })
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, mistakes: readable(part, parsed.error.issues) }
}

const refuse = (mistakes: { path: string; message: string }[]): AppError => {
  const [first] = mistakes
  const where = first === undefined || first.path === '' ? 'The body' : first.path
  const more = mistakes.length > 1 ? ` (and ${mistakes.length - 1} more in errors)` : ''
  return new AppError('invalid_request', `${where}: ${first?.message ?? 'does not fit'}${more}`, {
    errors: mistakes.slice(0, mistakesMax),
  })
}

const runnerOf =
  <Params, Query, Headers, Body, Who>(
    definition: Definition<Params, Query, Headers, Body, Who>,
    who: (raw: RawInput) => Who,
  ): Route['run'] =>
  async (raw) => {
    const { request, handle } = definition
    const params = parsePart(request.params, raw.params, 'path')
    const query = parsePart(request.query, raw.query, 'query')
    const headers = parsePart(request.headers, raw.headers, 'header')
    const body = parsePart(request.body, raw.body, 'body')
    if (params.ok && query.ok && headers.ok && body.ok)
      return handle({
        ...raw,
        params: params.value,
        query: query.value,
        headers: headers.value,
        body: body.value,
        caller: who(raw),
      })
    throw refuse([params, query, headers, body].flatMap((part) => (part.ok ? [] : part.mistakes)))
  }

const knownCaller = (raw: RawInput): Caller => {
  if (raw.caller === null) throw new Error('a keyed route ran without a caller')
  return raw.caller
}

/** A route for an API key that was granted `scope`. */
export const keyRoute = <Params, Query, Headers, Body>(
  scope: Scope,
  definition: Definition<Params, Query, Headers, Body, Caller>,
): Route => ({
  ...definition,
  accepts: definition.accepts ?? ['json'],
  json: definition.json ?? jsonLimits,
  heavy: definition.heavy ?? false,
  access: { kind: 'key', scope },
  run: runnerOf(definition, knownCaller),
})

/** A route without a key: `open` for everybody, `page` for a person whose session key is the proof. */
export const openRoute = <Params, Query, Headers, Body>(
  kind: 'open' | 'page',
  definition: Definition<Params, Query, Headers, Body, null>,
): Route => ({
  ...definition,
  accepts: definition.accepts ?? ['json'],
  json: definition.json ?? jsonLimits,
  heavy: definition.heavy ?? false,
  access: { kind },
  run: runnerOf(definition, () => null),
})

/** Whether requests of this route carry a body. */
export const hasBody = (route: Pick<Route, 'request'>): boolean => route.request.body !== noBody
