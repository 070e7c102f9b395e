import * as z from 'zod/mini'
import { mistakeWords } from '#contract/mistake'
import type { ProblemCode } from '#contract/problem'
import { type JsonLimits, jsonLimits } from '../intake/strict-json.ts'
import type { Log } from '../log.ts'
import type { Scope } from '../org/api-key.ts'
import { fits } from '../store/fits.ts'
import type { Analyst } from './admin/logins.ts'
import { AppError } from './app-error.ts'
import type { HeaderTable } from './headers.ts'
import type { KeyCaller } from './key-caller.ts'
import type { WhenLost } from './open-outcome.ts'
import type { BodyKind } from './read-body.ts'

/**
 * A route as data: who may call it, what it takes, what it may answer, and one call to the spine. The request handler runs
 * it and the OpenAPI document is made from it, so neither can say something that the other doesn't do.
 */

type Schema = z.ZodMiniType

/**
 * - `public`: everybody.
 * - `person`: whoever holds a session's key, which is in the request.
 * - `key`: an API key that was granted `scope`.
 * - `visitor`: whoever comes to the desk, logged in or not: for logging in itself.
 * - `analyst`: whoever is logged in at the desk. `prolongs`: a call keeps the login from ending.
 */
export type Access =
  | { kind: 'public' }
  | { kind: 'person' }
  | { kind: 'key'; scope: Scope }
  | { kind: 'visitor' }
  | { kind: 'analyst'; prolongs: boolean }

/** Analysts have a listener of their own, which answers nobody else; the public one doesn't answer them. */
export type Listener = 'public' | 'desk'
export const listenerOf = ({ access }: Pick<Route, 'access'>): Listener =>
  access.kind === 'analyst' || access.kind === 'visitor' ? 'desk' : 'public'

/** A refusal that carries more than a problem does is still one (RFC 9457 3.2); default: plain JSON. */
type JsonType = 'application/json' | 'application/problem+json'

/** What a status means and what its body may hold: a schema for JSON, a content type for anything else, or nothing. */
export type AnswerSpec =
  | { description: string; schema: Schema; json?: JsonType }
  | { description: string; type: string }
  /** Written for as long as both sides want; what it writes, it has parsed itself. */
  | { description: string; type: string; stream: true }
  /** Either, by what the request was: text to a browser's form, JSON to a program. */
  | { description: string; schema: Schema; type: string; json?: JsonType }
  | { description: string; empty: true }

export type RouteAnswer = {
  status: number
  body: unknown
  /** `Location`, `Idempotent-Replayed`, …; security headers come from `headerTable`. */
  headers?: Readonly<Record<string, string>>
  /** One `Set-Cookie` each. */
  cookies?: readonly string[]
  /** Instead of the API's headers. */
  headerTable?: HeaderTable
}

/** What every handler is given beside its parsed parts. */
type CallFacts = {
  request_id: string
  log: Log
  /** The client's address, through as many proxies as the configuration trusts. */
  address: string
  /** The `Cookie` header. Only the desk sets cookies. */
  cookies: string | undefined
  /** How the body came, and its exact bytes for signatures and digests over them; null without a body. */
  body_kind: BodyKind | null
  raw_body: Buffer | null
}

type RouteInput<Params, Query, Headers, Body, Who> = CallFacts & {
  params: Params
  query: Query
  headers: Headers
  body: Body
  caller: Who
}

/** A request before its parts are parsed. */
type RawInput = CallFacts & {
  params: unknown
  query: unknown
  headers: unknown
  body: unknown
  caller: KeyCaller | null
  analyst: Analyst | null
}

export type Method = 'GET' | 'POST' | 'DELETE'

export type Route = {
  method: Method
  /** Router syntax: `/sessions/:id`. */
  path: string
  access: Access
  summary: string
  /** More than a line can say, in Markdown; left out, the summary is enough. */
  description?: string
  tag: string
  accepts: readonly BodyKind[]
  /** What a line of a body of lines looks like. */
  line?: Schema
  json: JsonLimits
  /** Whether a call costs many times what a decision does: such calls are counted by organisation. */
  heavy: boolean
  request: { params: Schema; query: Schema; headers: Schema; body: Schema }
  answers: Readonly<Record<number, AnswerSpec>>
  /** What it may refuse with, beyond what every route of its kind may. */
  problems: readonly ProblemCode[]
  /** What a caller does when the answer is lost; a route that changes something and says nothing means: look first. */
  whenLost?: WhenLost
  /** Parses the parts, throws `AppError` 400 with one entry a mistake, then runs the handler. */
  run: (raw: RawInput) => Promise<RouteAnswer>
}

type Definition<Params, Query, Headers, Body, Who> = Pick<
  Route,
  'method' | 'path' | 'summary' | 'description' | 'line' | 'answers' | 'whenLost'
> & {
  tag: string
  /** Default: none. */
  problems?: readonly ProblemCode[]
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
const noBody = z.undefined()

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

type ReadPart<Value> =
  | { ok: true; value: Value }
  | { ok: false; mistakes: { path: string; message: string }[] }

/** Reads a part. One that is already what its schema would answer is taken as it is. */
const readerOf = <Value>(
  schema: z.ZodMiniType<Value>,
  part: string,
): ((value: unknown) => ReadPart<Value>) => {
  const isFit = fits(schema)
  return (value) => {
    if (isFit(value)) return { ok: true, value }
    const parsed = schema.safeParse(value, { error: mistakeWords })
    return parsed.success
      ? { ok: true, value: parsed.data }
      : { ok: false, mistakes: readable(part, parsed.error.issues) }
  }
}

const refuse = (mistakes: { path: string; message: string }[]): AppError => {
  const [first] = mistakes
  const where = first === undefined || first.path === '' ? 'The body' : first.path
  const more = mistakes.length > 1 ? ` (and ${mistakes.length - 1} more in errors)` : ''
  return new AppError('invalid_request', `${where}: ${first?.message ?? 'does not fit'}${more}`, {
    errors: mistakes.slice(0, mistakesMax),
  })
}

/** Every part is read before one refuses, so that a caller sees all mistakes at once. */
const routeOf = <Params, Query, Headers, Body, Who>(
  access: Access,
  definition: Definition<Params, Query, Headers, Body, Who>,
  who: (raw: RawInput) => Who,
): Route => {
  const { request, handle } = definition
  const readParams = readerOf(request.params, 'path')
  const readQuery = readerOf(request.query, 'query')
  const readHeaders = readerOf(request.headers, 'header')
  const readBody = readerOf(request.body, 'body')
  return {
    ...definition,
    access,
    accepts: definition.accepts ?? ['json'],
    json: definition.json ?? jsonLimits,
    heavy: definition.heavy ?? false,
    problems: definition.problems ?? [],
    run: async (raw) => {
      const params = readParams(raw.params)
      const query = readQuery(raw.query)
      const headers = readHeaders(raw.headers)
      const body = readBody(raw.body)
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
    },
  }
}

const known = <Who>(who: Who | null): Who => {
  if (who === null) throw new Error('a route that needs a caller ran without one')
  return who
}

/** A route for everybody, or for a person whose session key is the proof. */
export const openRoute = <Params, Query, Headers, Body>(
  kind: 'public' | 'person',
  definition: Definition<Params, Query, Headers, Body, null>,
): Route => routeOf({ kind }, definition, () => null)

/** A route for an API key that was granted `scope`. */
export const keyRoute = <Params, Query, Headers, Body>(
  scope: Scope,
  definition: Definition<Params, Query, Headers, Body, KeyCaller>,
): Route => routeOf({ kind: 'key', scope }, definition, (raw) => known(raw.caller))

/** The desk's own API is one chapter of the document. */
export const deskTag = 'Desk'
type DeskDefinition<Params, Query, Headers, Body, Who> = Omit<
  Definition<Params, Query, Headers, Body, Who>,
  'tag'
>

/** A route for whoever is logged in at the desk. Calling it counts as doing something, unless `prolongs` is false. */
export const analystRoute = <Params, Query, Headers, Body>(
  definition: DeskDefinition<Params, Query, Headers, Body, Analyst> & { prolongs?: boolean },
): Route => {
  const { prolongs = true, ...rest } = definition
  return routeOf({ kind: 'analyst', prolongs }, { ...rest, tag: deskTag }, (raw) => known(raw.analyst))
}

/** A route of the desk for whoever is not logged in yet, or any more. */
export const visitorRoute = <Params, Query, Headers, Body>(
  definition: DeskDefinition<Params, Query, Headers, Body, null>,
): Route => routeOf({ kind: 'visitor' }, { ...definition, tag: deskTag }, () => null)

/** Whether requests of this route carry a body. */
export const hasBody = (route: Pick<Route, 'request'>): boolean => route.request.body !== noBody
