import type * as z from 'zod/mini'
import { environmentShown } from './state.ts'

/** Asks the analysts' API. Answers are parsed by the schemas that the server wrote them by; refusals are values. */

export type Refusal = {
  ok: false
  /** `login`: nobody is logged in any more; `absent`: there is no such thing; `unreachable`: no answer at all. */
  reason: 'login' | 'absent' | 'refused' | 'unreachable'
  detail: string
}

export type Answer<Value> = { ok: true; value: Value } | Refusal

const reasonOf = (status: number): Refusal['reason'] =>
  status === 401 ? 'login' : status === 404 ? 'absent' : 'refused'

const detailOf = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'detail' in body && typeof body.detail === 'string'
    ? body.detail
    : 'The server refused without saying why. Try again.'

const ask = async <Value>(
  path: string,
  init: RequestInit,
  read: (body: unknown) => Value,
): Promise<Answer<Value>> => {
  try {
    const response = await fetch(path, init)
    const body: unknown = response.status === 204 ? null : await response.json()
    if (response.ok) return { ok: true, value: read(body) }
    return { ok: false, reason: reasonOf(response.status), detail: detailOf(body) }
  } catch {
    return {
      ok: false,
      reason: 'unreachable',
      detail:
        'The server could not be reached, or answered in a way that this page does not know. Try again.',
    }
  }
}

export const get = <Value>(schema: z.ZodMiniType<Value>, path: string): Promise<Answer<Value>> =>
  ask(path, { headers: { accept: 'application/json' } }, (body) => schema.parse(body))

export const post = <Value>(
  schema: z.ZodMiniType<Value>,
  path: string,
  body: unknown,
): Promise<Answer<Value>> =>
  ask(
    path,
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    (answer) => schema.parse(answer),
  )

/** Sends lines of a file. */
export const sendCsv = <Value>(
  schema: z.ZodMiniType<Value>,
  path: string,
  text: string,
): Promise<Answer<Value>> =>
  ask(path, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: text }, (answer) =>
    schema.parse(answer),
  )

/** The answer with its value read as something else. */
export const mapped = <Value, Other>(answer: Answer<Value>, to: (value: Value) => Other): Answer<Other> =>
  answer.ok ? { ok: true, value: to(answer.value) } : answer

/** Where the API lists something of the environment that is shown. What is null is not asked. */
export const listPath = (path: string, asked: Readonly<Record<string, string | null>>): string => {
  const query = new URLSearchParams({ environment: environmentShown() })
  for (const [name, value] of Object.entries(asked)) if (value !== null) query.set(name, value)
  return `/api/${path}?${query}`
}

/** Where the API has one thing. */
export const onePath = (path: string, id: string): string => `/api/${path}/${encodeURIComponent(id)}`
