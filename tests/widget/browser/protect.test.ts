import type { Engine } from '../../../widget/loader/engine.ts'
import type { Opened } from '../../../widget/loader/opened.ts'
import { protectWith } from '../../../widget/loader/protect.ts'
import { equal, ok } from './expect.ts'
import { uniqueKey } from './framed-page.ts'
import { describe, it } from './mocha.ts'

const origin = String(Reflect.get(globalThis, 'checkpointOrigin'))
const sessionUrl = () => `${origin}/challenge/${uniqueKey('allowed')}`
const guarded = (session = sessionUrl()) => {
  const id = uniqueKey('request')
  return { id, path: `/site/guarded/${id}?session=${encodeURIComponent(session)}` }
}
const received = async (id: string): Promise<{ token: string | null; body: string }[]> =>
  (await fetch(`/site/received/${id}`)).json()

const allow: Opened = {
  status: 'resolved',
  outcome: 'allow',
  ended: null,
  token: 'tok',
  session_id: 'ses_01',
}
const protectedBy = (answer: Opened, opened: string[] = []) =>
  protectWith(async ({ url }) => {
    opened.push(url)
    return answer
  })(fetch)

describe('protect(fetch)', () => {
  it('meets the checkpoint and repeats the request with the token, in a real dialog', async () => {
    const { id, path } = guarded()
    const engine: Pick<Engine, 'protect'> = Reflect.get(globalThis, 'AntiSocialEngine')
    const response = await engine.protect(fetch)(path, { method: 'POST', body: 'amount=1' })
    equal([response.status, response.checkpoint?.status], [200, 'resolved'])
    equal(await received(id), [
      { token: null, body: 'amount=1' },
      { token: 'header.claims.signature', body: 'amount=1' },
    ])
  })

  const form = new FormData()
  form.set('amount', '1')
  form.set('file', new Blob([new Uint8Array(200_000)]), 'statement.pdf')
  const bodies: [string, BodyInit][] = [
    ['JSON', JSON.stringify({ amount: 1 })],
    ['a form', new URLSearchParams({ amount: '1' })],
    ['a form with a file', form],
    ['a blob', new Blob(['amount=1'])],
    ['bytes', new TextEncoder().encode('amount=1')],
  ]
  for (const [what, body] of bodies) {
    it(`repeats ${what} byte for byte`, async () => {
      const { id, path } = guarded()
      equal((await protectedBy(allow)(path, { method: 'POST', body })).status, 200)
      const [first, second] = await received(id)
      ok((first?.body.length ?? 0) > 7, 'no body arrived')
      equal([second?.body === first?.body, second?.token], [true, 'tok'])
    })
  }
  it('takes a Request, with its method and headers', async () => {
    const { id, path } = guarded()
    equal((await protectedBy(allow)(new Request(path, { method: 'PUT', body: 'x' }))).status, 200)
    equal((await received(id)).length, 2)
  })
  it('names a stream body in a clear error, before anything is sent', async () => {
    const { id, path } = guarded()
    const init = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' }
    const error: unknown = await protectedBy(allow)(path, init).catch((reason: unknown) => reason)
    ok(error instanceof TypeError && error.message.includes('stream'), String(error))
    equal(await received(id), [])
  })

  const untouched: [string, string, number][] = [
    ['a 403 that asks for nothing', '/site/plain-403', 403],
    ['a 403 that is not JSON', '/site/text-403', 403],
    ['a 403 at the end of a redirect', `/site/elsewhere/${uniqueKey('request')}`, 403],
    ['another answer', '/posted/none', 200],
  ]
  for (const [what, path, status] of untouched) {
    it(`leaves ${what} untouched`, async () => {
      const opened: string[] = []
      equal([(await protectedBy(allow, opened)(path)).status, opened], [status, []])
    })
  }
  it('leaves requests to other origins untouched', async () => {
    const opened: string[] = []
    const response = await protectedBy(allow, opened)(`${origin}/v1/ase.js`, { mode: 'no-cors' })
    equal([response.type, opened], ['opaque', []])
  })
  const notAllowed: Opened[] = [
    { status: 'cancelled', code: 'cancelled' },
    { status: 'cancelled', code: 'cancelled', ended: 'stopped' },
    { status: 'expired', code: 'expired', ended: 'expired' },
    { status: 'error', code: 'unreachable' },
    { status: 'resolved', outcome: 'block_escalate', ended: 'held', token: 'tok', session_id: 'ses_01' },
    {
      status: 'resolved',
      outcome: 'block_escalate',
      ended: 'contact_broken',
      token: 'tok',
      session_id: 'ses_01',
    },
    { status: 'resolved', outcome: 'allow', ended: null, token: null, session_id: 'ses_01' },
  ]
  for (const answer of notAllowed) {
    it(`gives the site's own 403 back, readable, and says why: ${JSON.stringify(answer)}`, async () => {
      const { id, path } = guarded()
      const response = await protectedBy(answer)(path, { method: 'POST', body: 'x' })
      equal(response.checkpoint, answer)
      equal([response.status, (await response.json()).checkpoint.url.length > 0], [403, true])
      equal((await received(id)).length, 1)
    })
  }
  it('says nothing of a checkpoint where none was met', async () => {
    equal((await protectedBy(allow)('/site/plain-403')).checkpoint, undefined)
  })
  it('passes on how the checkpoint is to be shown, and whom to tell meanwhile', async () => {
    const seen: unknown[] = []
    const onEvent = () => {}
    const send = protectWith(async (options) => {
      seen.push([options.theme, options.onEvent === onEvent])
      return allow
    })(fetch, { theme: 'dark', onEvent })
    await send(guarded().path)
    equal(seen, [['dark', true]])
  })
  it('never sends one token twice: of two requests stopped by one session only one is repeated', async () => {
    const session = sessionUrl()
    const requests = [guarded(session), guarded(session)]
    const send = protectedBy(allow)
    const statuses = await Promise.all(requests.map(async ({ path }) => (await send(path)).status))
    equal(statuses.toSorted(), [200, 403])
    const tokens = (await Promise.all(requests.map(({ id }) => received(id))))
      .flat()
      .filter(({ token }) => token)
    equal(tokens.length, 1)
  })
  it('answers two requests of two sessions one after the other, each with its own', async () => {
    const requests = [guarded(), guarded()]
    const opened: string[] = []
    const send = protectedBy(allow, opened)
    equal(await Promise.all(requests.map(async ({ path }) => (await send(path)).status)), [200, 200])
    equal(new Set(opened).size, 2)
  })
})
