import type { VerifyAnswer } from '../../backend/contract/decision.ts'
import type { HistoryAnswer } from '../../backend/contract/history.ts'
import type { IngestAnswer } from '../../backend/contract/ingest-answer.ts'
import type { Problem } from '../../backend/contract/problem.ts'
import type { SessionView } from '../../backend/contract/session-view.ts'
import type { World } from './world.ts'

/** Speaks to a backend as a site's server and as the checkpoint's page do: over HTTP, and nothing else. */

export type Answer<Body> = { status: number; headers: Headers; body: Body }

export const post = async <Body>(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<Body>> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    redirect: 'manual',
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
}

export const get = async <Body>(url: string, headers: Record<string, string> = {}): Promise<Answer<Body>> => {
  const response = await fetch(url, { headers, redirect: 'manual' })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

/** A transfer that a known customer makes to somebody new: the demo's main path. Fields can be replaced. */
export const transfer = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  action: 'transfer',
  user: { id: 'u_42', email: 'ana@example.com', created_at: '2019-05-01T00:00:00Z' },
  amount: { value: 1_000_000, currency: 'USD' },
  payee: { id: 'p_9', name: 'J. Smith', account: 'GB33BUKB20201555555555', country: 'GB' },
  device: { id: 'd_7f' },
  place: { country: 'ES', city: 'Sevilla' },
  ...change,
})

/** What the site says it is about to do: the same action as `transfer(change)`. */
export const expectedOf = (event: Record<string, unknown>): Record<string, unknown> => {
  const user = event['user'] as { id: string }
  const amount = event['amount'] as { value: number; currency: string } | undefined
  const payee = event['payee'] as Record<string, unknown> | undefined
  const { added_at: _, ...bound } = payee ?? {}
  return {
    action: event['action'],
    user_id: user.id,
    ...(amount === undefined ? {} : { amount: amount.value, currency: amount.currency }),
    ...(payee === undefined ? {} : { payee: bound }),
    ...(event['target'] === undefined ? {} : { target: event['target'] }),
  }
}

export const ingest = (
  world: Pick<World, 'url'>,
  key: string,
  event: unknown,
  idempotencyKey?: string,
): Promise<Answer<IngestAnswer & Problem>> =>
  post(`${world.url}/events/ingest`, event, {
    ...bearer(key),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  })

/** Brings lines of history; text is sent as it is. */
export const history = (
  world: Pick<World, 'url'>,
  key: string,
  lines: string | readonly unknown[],
): Promise<Answer<HistoryAnswer & Problem>> =>
  post(
    `${world.url}/history`,
    typeof lines === 'string' ? lines : lines.map((line) => JSON.stringify(line)).join('\n'),
    { ...bearer(key), 'content-type': 'application/x-ndjson' },
  )

/** An answer or a problem; both have a `code`, each from its own closed list. */
type VerifySaid = Omit<VerifyAnswer, 'code'> &
  Omit<Problem, 'code'> & { code?: NonNullable<VerifyAnswer['code']> | Problem['code'] }

export const verify = (
  world: Pick<World, 'url'>,
  key: string,
  body: Record<string, unknown>,
): Promise<Answer<VerifySaid>> => post(`${world.url}/decisions/verify`, body, bearer(key))

export const trail = (world: Pick<World, 'url'>, key: string, sessionId: string) =>
  get<{ entries: { action: string; meta: Record<string, unknown> }[]; head: { seq: number; hash: string } }>(
    `${world.url}/audit?session=${sessionId}`,
    bearer(key),
  )

/** The checkpoint as its own script sees it. `key` comes from the session's URL. */
export type Page = { key: string; view: SessionView }

const bootPattern = /<script type="application\/json" id="view">(.*?)<\/script>/s

export const keyOfUrl = (sessionUrl: string): string => sessionUrl.split('/').at(-1) ?? ''

/** Loads the page and reads the view that the server wrote into it. */
export const openPage = async (world: Pick<World, 'url'>, sessionUrl: string): Promise<Page> => {
  const key = keyOfUrl(sessionUrl)
  const html = await (await fetch(`${world.url}/challenge/${key}`)).text()
  const boot = bootPattern.exec(html)
  if (boot?.[1] === undefined) throw new Error(`no view in the page: ${html.slice(0, 300)}`)
  return { key, view: JSON.parse(boot[1]).view }
}

/** Submits as the page's script does. */
export const submit = async (
  world: Pick<World, 'url'>,
  page: Page,
  action: string,
  fields: Record<string, unknown> = {},
): Promise<Answer<{ view: SessionView } & Problem>> =>
  post(
    `${world.url}/checkpoint/${action}`,
    { session: page.key, step_token: page.view.step_token, ...fields },
    { 'sec-fetch-site': 'same-origin' },
  )

/** Submits and follows: answers the page as it is afterwards. */
export const step = async (
  world: Pick<World, 'url'>,
  page: Page,
  action: string,
  fields: Record<string, unknown> = {},
): Promise<Page> => {
  const answered = await submit(world, page, action, fields)
  if (answered.status !== 200)
    throw new Error(`${action}: ${answered.status} ${JSON.stringify(answered.body)}`)
  return { key: page.key, view: answered.body.view }
}

const codePattern = /(\d{3,4}) (\d{3,4})\b/

/** The code in the newest mail that has one. */
export const codeIn = (world: World): string => {
  const mail = world.mails.findLast(({ text }) => codePattern.test(text))
  const found = codePattern.exec(mail?.text ?? '')
  if (found === null) throw new Error('no mail with a code')
  return `${found[1]}${found[2]}`
}
