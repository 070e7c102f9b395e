import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ingest, keyOfUrl, openPage, type Page, step, submit, transfer } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { expectProblem, type Got, send } from './send.ts'
import { type ObservedWorld, openObserved } from './stored.ts'

/** The person's side: headers of the page, who may frame it, who may answer it, what an unknown link learns. */

const checkpoint = 'https://checkpoint.example'
let observed: ObservedWorld
let key: string

beforeAll(async () => {
  observed = await openObserved({ env: { CHECKPOINT_ORIGIN: checkpoint } })
  key = (
    await openOrganisation(observed.world, {
      origins: ['https://bank.example', 'https://app.bank.example'],
      return_urls: ['https://bank.example/'],
    })
  ).key
})
afterAll(() => observed.close())

let people = 0
const newSession = async (change: Record<string, unknown> = {}): Promise<string> => {
  people += 1
  const user = {
    id: `u_page_${people}`,
    email: `page${people}@example.com`,
    created_at: '2019-05-01T00:00:00Z',
  }
  const { body } = await ingest(observed.world, key, transfer({ user, ...change }))
  expect(body.outcome).toBe('delay_verify')
  return body.session.url
}

const load = async (sessionUrl: string, headers: Record<string, string> = {}): Promise<Got> =>
  send(observed.world.url, { path: `/challenge/${keyOfUrl(sessionUrl)}`, headers })

const policyOf = ({ headers }: Got): Record<string, string> =>
  Object.fromEntries(
    (headers['content-security-policy'] ?? '').split('; ').map((directive) => {
      const [name = '', ...values] = directive.split(' ')
      return [name, values.join(' ')]
    }),
  )

describe('the page’s headers', () => {
  it('are exactly these, with one nonce that stands on every script and style and nowhere twice', async () => {
    const url = await newSession()
    const [first, second] = [await load(url), await load(url)]
    const { 'script-src': script, ...rest } = policyOf(first)
    const nonce = /^'nonce-([A-Za-z0-9+/_-]{22,}={0,2})'$/.exec(script ?? '')?.[1]
    expect(nonce).toBeDefined()
    expect(rest).toEqual({
      'default-src': "'none'",
      'style-src': `'nonce-${nonce}'`,
      'img-src': "'self'",
      'connect-src': "'self'",
      'form-action': "'self'",
      'base-uri': "'none'",
      'frame-ancestors': 'https://bank.example https://app.bank.example',
      'require-trusted-types-for': "'script'",
      'trusted-types': 'lit-html',
    })
    const live = [...first.text.matchAll(/<(script|style)\b(?![^>]*application\/json)[^>]*>/g)].map(
      ([tag]) => tag,
    )
    expect(live.length).toBeGreaterThanOrEqual(2)
    for (const tag of live) expect(tag).toContain(`nonce="${nonce}"`)
    expect(first.text).not.toMatch(/ style=| on[a-z]+=/)
    expect(second.headers['content-security-policy']).not.toContain(nonce)
    expect(first.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'cross-origin',
    })
    for (const name of ['x-frame-options', 'access-control-allow-origin'])
      expect(first.headers).not.toHaveProperty(name)
  })

  const framings: [dest: string | undefined, ancestors: string][] = [
    ['document', "'none'"],
    ['iframe', 'https://bank.example https://app.bank.example'],
    [undefined, 'https://bank.example https://app.bank.example'],
  ]
  it.each(framings)('Sec-Fetch-Dest %s: frame-ancestors %s', async (dest, ancestors) => {
    const got = await load(await newSession(), dest === undefined ? {} : { 'sec-fetch-dest': dest })
    expect(policyOf(got)['frame-ancestors']).toBe(ancestors)
    expect(got.headers['x-frame-options']).toBe(ancestors === "'none'" ? 'DENY' : undefined)
    expect(got.headers['cross-origin-resource-policy']).toBe(
      ancestors === "'none'" ? 'same-origin' : 'cross-origin',
    )
  })

  it('the framed page is inert until its script has run, the whole page is not', async () => {
    const url = await newSession()
    expect((await load(url, { 'sec-fetch-dest': 'iframe' })).text).toMatch(/<main[^>]* inert/)
    expect((await load(url, { 'sec-fetch-dest': 'document' })).text).not.toMatch(/<main[^>]* inert/)
  })

  const carried: [why: string, dest: string, accepted: string, isCarried: boolean][] = [
    ['a frame, because the question waits for it', 'iframe', 'gzip, br', true],
    ['a frame of somebody who takes it by the way', 'iframe', 'br;q=1.0, gzip;q=0.5', true],
    ['not a frame of somebody who would get it at full length', 'iframe', 'identity', false],
    ['not one who refuses gzip', 'iframe', 'gzip;q=0, br', false],
    ['not one who refuses gzip in capitals', 'iframe', 'br, GZIP;Q=0', false],
    ['a frame of somebody who takes it in capitals', 'iframe', 'GZIP', true],
    ['not a whole page, which works before its script is there', 'document', 'gzip', false],
  ]
  it.each(carried)('the script comes inside the page to: %s', async (_, dest, accepted, isCarried) => {
    const { pathname } = new URL(await newSession())
    const got = await fetch(new URL(pathname, observed.world.url), {
      headers: { 'sec-fetch-dest': dest, 'accept-encoding': accepted },
    })
    const text = await got.text()
    expect([got.status, got.headers.get('content-encoding')]).toEqual([200, isCarried ? 'gzip' : null])
    expect(/<script type="module" nonce="[^"]+">frame\(\)<\/script>/.test(text)).toBe(isCarried)
    expect(text.includes('src="/frame/frame.js"')).toBe(!isCarried)
    expect(text).toMatch(/<\/html>$/)
  })

  it.each(['object', 'embed', 'frame', 'fencedframe', 'empty'])(
    'a page that is loaded as %s is no whole page: inert, and nobody’s to hold',
    async (dest) => {
      const got = await load(await newSession(), { 'sec-fetch-dest': dest })
      expect(got.text).toMatch(/<main[^>]* inert/)
      expect([policyOf(got)['frame-ancestors'], got.headers['x-frame-options']]).toEqual(["'none'", 'DENY'])
    },
  )

  it('an organisation without origins is framed by nobody', async () => {
    const { key: closed } = await openOrganisation(observed.world, { origins: [] })
    const { body } = await ingest(observed.world, closed, transfer())
    const got = await load(body.session.url, { 'sec-fetch-dest': 'iframe' })
    expect([policyOf(got)['frame-ancestors'], got.headers['x-frame-options']]).toEqual(["'none'", 'DENY'])
  })

  it('what a site and a person typed stays text', async () => {
    const script = '</script><script>alert(1)</script>'
    const url = await newSession({
      payee: { name: `${script} "' &`, account: 'X<img src=x onerror=alert(1)>' },
    })
    const { text } = await load(url)
    expect(text).not.toContain('<script>alert')
    expect(text).not.toContain('<img')
  })
})

describe('loading the page', () => {
  it('writes nothing, however often, and at whatever step', async () => {
    const url = await newSession()
    const before = observed.written()
    for (const _ of [1, 2, 3]) expect((await load(url)).status).toBe(200)
    expect(observed.written()).toBe(before)
  })

  const nobodys = [
    'x',
    'A'.repeat(43),
    `ses_${'0'.repeat(32)}`,
    '%2e%2e%2f',
    '%F0%9F%94%91',
    'a'.repeat(500),
    '%00',
    "'%20OR%201=1",
    '$ne',
  ]
  it('of a link that opens nothing says the same to everybody, and nothing about what there is', async () => {
    const url = await newSession()
    const bySessionId = (await openPage(observed.world, url)).view.session_id
    const pages = new Set<string>()
    for (const unknown of [...nobodys, bySessionId, keyOfUrl(url).slice(0, -1), `${keyOfUrl(url)}A`]) {
      const got = await send(observed.world.url, { path: `/challenge/${unknown}` })
      expect([unknown, got.status, got.headers['content-type']]).toEqual([
        unknown,
        404,
        'text/html; charset=utf-8',
      ])
      expect(policyOf(got)['frame-ancestors']).toBe("'none'")
      expect(got.text).not.toContain('<form')
      expect(got.text).not.toContain('Example Bank')
      pages.add(got.text.replaceAll(/nonce="[^"]+"/g, ''))
    }
    expect(pages.size).toBe(1)
  })
})

describe('an answer from elsewhere', () => {
  const post = (
    page: Page,
    headers: Record<string, string>,
    kind: 'json' | 'form' = 'json',
  ): Promise<Got> => {
    const fields = { session: page.key, step_token: page.view.step_token ?? '', answer: 'no' }
    const type = kind === 'json' ? 'application/json' : 'application/x-www-form-urlencoded'
    return send(observed.world.url, {
      method: 'POST',
      path: '/checkpoint/intent',
      headers: { 'content-type': type, ...headers },
      body: kind === 'json' ? JSON.stringify(fields) : new URLSearchParams(fields).toString(),
    })
  }

  const foreign: [string, Record<string, string>][] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['the site that embeds us', { origin: 'https://bank.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['our host over http', { origin: 'http://checkpoint.example' }],
    ['our host on another port', { origin: 'https://checkpoint.example:8443' }],
    ['a host that begins like ours', { origin: 'https://checkpoint.example.evil.example' }],
    ['cross-site by the browser’s word', { 'sec-fetch-site': 'cross-site' }],
    ['same-site by the browser’s word', { 'sec-fetch-site': 'same-site' }],
    ['our origin, but cross-site', { origin: checkpoint, 'sec-fetch-site': 'cross-site' }],
    [
      'another origin that says it is same-origin',
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ],
    ['an empty origin', { origin: '' }],
  ]
  it.each(foreign)('%s is refused, as JSON and as a form, and nothing moves', async (_name, headers) => {
    const page = await openPage(observed.world, await newSession())
    const before = observed.written()
    for (const kind of ['json', 'form'] as const)
      expectProblem(await post(page, headers, kind), 403, 'forbidden_origin')
    expect(observed.written()).toBe(before)
  })

  const own: [string, Record<string, string>][] = [
    ['our own page', { origin: checkpoint, 'sec-fetch-site': 'same-origin' }],
    ['our own page in an older browser', { origin: checkpoint }],
    ['a program', {}],
  ]
  it.each(own)('%s may answer', async (_name, headers) => {
    const page = await openPage(observed.world, await newSession())
    expect((await post(page, headers)).status).toBe(200)
    const other = await openPage(observed.world, await newSession())
    const form = await post(other, headers, 'form')
    expect([form.status, form.headers['location'], form.text]).toEqual([303, `/challenge/${other.key}`, ''])
  })
})

describe('an answer to another step', () => {
  it('tells a program 409 with the view, our own script 200 with the view, a form the page as it stands', async () => {
    const page = await openPage(observed.world, await newSession())
    const next = await step(observed.world, page, 'intent', { answer: 'no' })
    const body = { session: page.key, step_token: page.view.step_token, answer: 'yes' }
    const call = { method: 'POST', path: '/checkpoint/intent' }
    const json = { 'content-type': 'application/json' }

    const program = await send(observed.world.url, { ...call, headers: json, body: JSON.stringify(body) })
    const told = JSON.parse(program.text)
    expect(program.status).toBe(409)
    expect(told).toMatchObject({
      code: 'out_of_sequence',
      status: 409,
      view: { step_token: next.view.step_token },
    })
    expect(told.view.screen).toEqual(next.view.screen)

    const script = await submit(observed.world, page, 'intent', { answer: 'yes' })
    expect([script.status, script.body.view.error]).toEqual([200, 'out_of_sequence'])

    const form = await send(observed.world.url, {
      ...call,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-dest': 'document' },
      body: new URLSearchParams({ ...body, step_token: page.view.step_token ?? '' }).toString(),
    })
    expect([form.status, form.headers['content-type']]).toEqual([409, 'text/html; charset=utf-8'])
    expect(form.text).toContain(`data-screen="${next.view.screen.screen}"`)
    expect(policyOf(form)['frame-ancestors']).toBe("'none'")
  })

  it('a problem that carries the view is a problem to every reader: its content type says so', async () => {
    const page = await openPage(observed.world, await newSession())
    await step(observed.world, page, 'intent', { answer: 'no' })
    const got = await send(observed.world.url, {
      method: 'POST',
      path: '/checkpoint/intent',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session: page.key, step_token: 'stale', answer: 'no' }),
    })
    expect([got.status, got.headers['content-type']]).toEqual([409, 'application/problem+json'])
    expect(JSON.parse(got.text).request_id).toBe(got.headers['x-request-id'])
  })

  it('a step token of another session is of no use here', async () => {
    const [mine, other] = [await newSession(), await newSession()]
    const [page, foreign] = [await openPage(observed.world, mine), await openPage(observed.world, other)]
    const mixed = { key: page.key, view: { ...page.view, step_token: foreign.view.step_token } }
    expect((await submit(observed.world, mixed, 'intent', { answer: 'no' })).body.view.error).toBe(
      'out_of_sequence',
    )
    expect((await openPage(observed.world, mine)).view.screen.screen).toBe('intent')
  })

  const malformed: [string, Record<string, unknown>, string][] = [
    ['no answer', {}, 'intent'],
    ['an answer that there is not', { answer: 'maybe' }, 'intent'],
    ['an answer as a list', { answer: ['no'] }, 'intent'],
    ['a field of its own', { answer: 'no', outcome: 'allow' }, 'intent'],
    ['a code of 65 characters', { code: '1'.repeat(65) }, 'respond'],
    ['a code as a number', { code: 123456 }, 'respond'],
    ['a report of 1,001 characters', { details: 'x'.repeat(1001) }, 'report'],
    ['no step token', { step_token: undefined, answer: 'no' }, 'intent'],
    ['a step token that is an object', { step_token: { x: '' }, answer: 'no' }, 'intent'],
  ]
  it.each(malformed)('%s is refused and moves nothing', async (_name, fields, action) => {
    const page = await openPage(observed.world, await newSession())
    const before = observed.written()
    const got = await send(observed.world.url, {
      method: 'POST',
      path: `/checkpoint/${action}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session: page.key, step_token: page.view.step_token, ...fields }),
    })
    expectProblem(got, 400, 'invalid_request')
    expect(observed.written()).toBe(before)
  })

  it('an unknown session and an unknown action are 404, as JSON in a problem, as a form in a page', async () => {
    const fields = { session: 'nobody', step_token: 'x', answer: 'no' }
    const json = { 'content-type': 'application/json' }
    const call = { method: 'POST', headers: json, body: JSON.stringify(fields) }
    expectProblem(await send(observed.world.url, { ...call, path: '/checkpoint/intent' }), 404, 'not_found')
    expectProblem(await send(observed.world.url, { ...call, path: '/checkpoint/approve' }), 404, 'not_found')
    const form = await send(observed.world.url, {
      method: 'POST',
      path: '/checkpoint/intent',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    })
    expect([form.status, form.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
  })
})
