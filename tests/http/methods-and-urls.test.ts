import { describe, expect, it } from 'vitest'
import { codeIn, ingest, keyOfUrl, openPage, step, transfer, verify } from '../support/client.ts'
import { openOrganisation, openWorld } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'
import { type Document, operationsOf, readDocument } from './documented.ts'
import { expectProblem, jsonCall, send } from './send.ts'

/** What a path takes, and what a caller can't make us say by lying about where it comes from. */

/** What any template that fits a path takes: `/rules/backtest` fits `/rules/{id}` too. */
const methodsOf = ({ paths: items }: Document, path: string): string[] => {
  const fits = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)
  const found = Object.entries(items).flatMap(([template, item]) => (fits(template) ? Object.keys(item) : []))
  return [...new Set(found)].map((method) => method.toUpperCase())
}

const world = await worldForFile({
  env: { PUBLIC_ORIGIN: 'https://api.checkpoint.example', CHECKPOINT_ORIGIN: 'https://checkpoint.example' },
})
const key = (await openOrganisation(world)).key
const document = await readDocument(world.url)
const templates = new Set(operationsOf(document, 'public').map((one) => one.replace(/^\w+ /, '')))
const paths = [...templates].map((template): [path: string, taken: string[]] => {
  const path = template.replaceAll(/\{\w+\}/g, 'x')
  return [path, methodsOf(document, path)]
})

describe('a method that a path does not take', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    '%s is answered with 405 and what the path takes',
    async (method) => {
      let refused = 0
      for (const [path, taken] of paths) {
        if (taken.includes(method)) continue
        const got = await send(world.url, { method, path, headers: { authorization: `Bearer ${key}` } })
        expectProblem(got, 405, 'method_not_allowed')
        const allowed = got.headers['allow']?.split(', ').filter((one) => one !== 'HEAD')
        expect(allowed?.toSorted(), path).toEqual(taken.toSorted())
        refused += 1
      }
      expect(refused).toBeGreaterThan(3)
    },
  )

  it('HEAD is GET without its body, and no way around POST', async () => {
    for (const [path, taken] of paths) {
      const head = await send(world.url, { method: 'HEAD', path })
      expect(head.text).toBe('')
      if (!taken.includes('GET')) expect([path, head.status]).toEqual([path, 405])
    }
    const { body } = await ingest(world, key, transfer())
    const page = await send(world.url, { method: 'HEAD', path: `/challenge/${keyOfUrl(body.session.url)}` })
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  })

  it('a method override is text like any other', async () => {
    const got = await send(world.url, {
      ...jsonCall('/events/ingest', key, transfer()),
      method: 'GET',
      headers: { authorization: `Bearer ${key}`, 'x-http-method-override': 'POST' },
    })
    expectProblem(got, 405, 'method_not_allowed')
  })
})

describe('where a request says that it comes from', () => {
  const forged = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
    'x-forwarded-for': '198.51.100.7',
    'x-forwarded-port': '1',
    'x-original-url': '/metrics',
    'x-rewrite-url': '/metrics',
    forwarded: 'for=198.51.100.7;host=evil.example;proto=http',
  }

  it('never reaches a URL in an answer: they are those of the configuration', async () => {
    const call = jsonCall('/events/ingest', key, transfer())
    const got = await send(world.url, { ...call, headers: { ...call.headers, ...forged } })
    const { session } = JSON.parse(got.text)
    expect(session.url).toMatch(/^https:\/\/checkpoint\.example\/challenge\/[A-Za-z0-9_-]{43}$/)
    const path = `/challenge/${keyOfUrl(session.url)}`
    const page = await send(world.url, { path, headers: forged })
    const document = await send(world.url, { path: '/openapi.json', headers: forged })
    const unknown = await send(world.url, { path: '/nothing', headers: forged })
    for (const { text, headers } of [got, page, document, unknown])
      expect(JSON.stringify([text, headers])).not.toContain('evil.example')
    expect(JSON.parse(document.text).servers).toEqual([{ url: 'https://api.checkpoint.example' }])
    const form = await send(world.url, {
      method: 'POST',
      path: '/checkpoint/cancel',
      headers: { ...forged, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        session: keyOfUrl(session.url),
        step_token: (await openPage(world, session.url)).view.step_token ?? '',
      }).toString(),
    })
    expect([form.status, form.headers['location']]).toEqual([303, path])
  })

  it('and never reaches a mail', async () => {
    const change = {
      user: { id: 'u_mail', email: 'mail@example.com' },
      action: 'password_reset',
      amount: undefined,
      payee: undefined,
      target: 'password',
      place: { country: 'RO' },
      network: { ip: '198.51.100.7', public: true, anonymizer: true },
    }
    const call = jsonCall('/events/ingest', key, transfer(change))
    const got = await send(world.url, { ...call, headers: { ...call.headers, ...forged } })
    await send(world.url, { path: '/healthz', headers: forged })
    expect(got.text).not.toContain('evil.example')
    await world.relay()
    expect(JSON.stringify(world.mails)).not.toContain('evil.example')
  })

  it('doesn’t give an address of its own choice a limit of its own', async () => {
    const strict = await openWorld({ env: { LIMITS_SCALE: '1' } })
    const statuses: number[] = []
    for (let index = 0; index < 12; index += 1) {
      const headers = { 'x-forwarded-for': `198.51.100.${index}` }
      statuses.push((await send(strict.url, { path: `/challenge/unknown-${index}`, headers })).status)
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 404), 429, 429])
    await strict.close()
  })

  it('behind one configured proxy, the entry that the proxy wrote counts, whatever stands before it', async () => {
    const proxied = await openWorld({ env: { LIMITS_SCALE: '1', TRUSTED_PROXY_HOPS: '1' } })
    const load = async (forwarded: string) =>
      (await send(proxied.url, { path: '/challenge/unknown', headers: { 'x-forwarded-for': forwarded } }))
        .status
    for (let index = 0; index < 10; index += 1) expect(await load(`10.0.0.${index}, 198.51.100.7`)).toBe(404)
    expect(await load('10.0.0.99, 198.51.100.7')).toBe(429)
    expect(await load('198.51.100.7, 198.51.100.8')).toBe(404)
    await proxied.close()
  })
})

it('the story works at origins of its own: the return of a code leads to a token', async () => {
  const { key: testKey } = await openOrganisation(world, {}, 'test')
  const event = transfer({
    action: 'change_password',
    amount: undefined,
    payee: undefined,
    target: 'password',
    user: { id: 'u_own', email: 'own@example.com' },
    test: { outcome: 'delay_verify' },
  })
  const { body } = await ingest(world, testKey, event)
  let page = await openPage(world, body.session.url)
  page = await step(world, page, 'intent', { answer: 'no' })
  await world.relay()
  page = await step(world, page, 'respond', { code: codeIn(world) })
  const expected = { action: 'change_password', user_id: 'u_own', target: 'password' }
  expect((await verify(world, testKey, { token: page.view.token, expected })).body.valid).toBe(true)
})
