import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newPayeeForm, type Opened, openedBank, secretKey } from './opened.ts'

let opened: Opened
beforeAll(async () => {
  opened = await openedBank()
})
afterAll(() => opened.close())

describe('the bank’s pages', () => {
  it('allow scripts and frames of the checkpoint’s origin, and nothing inline', async () => {
    const response = await opened.browser().get('/')
    const policy = response.headers.get('content-security-policy') ?? ''
    const directives = new Map(policy.split(';').map((part) => [part.trim().split(' ')[0], part.trim()]))
    expect(directives.get('script-src')).toBe(`script-src 'self' ${opened.api.url}`)
    expect(directives.get('frame-src')).toBe(`frame-src 'self' ${opened.api.url}`)
    expect(policy).not.toContain('unsafe')
    const page = await response.text()
    expect(page).toContain(`<script src="${opened.api.url}/v1/ase.js" async defer>`)
    expect(page).not.toMatch(/<script>|<style|style="| on[a-z]+="/)
  })

  it('keep the session in a host-only cookie that scripts can’t read and other sites can’t use', async () => {
    const browser = opened.browser()
    await browser.signIn('u_ana')
    const session = browser.lastCookies.find((cookie) => cookie.startsWith('hb_session='))
    expect(session).toMatch(/httponly/i)
    expect(session).toMatch(/samesite=lax/i)
    expect(session).not.toMatch(/domain=/i)
  })

  it('escape what a person typed', async () => {
    const ana = await opened.browser().signIn('u_ana')
    const name = '<img src=x onerror=alert(1)>'
    const answer = await ana.post('/transfer', { ...newPayeeForm('1.00'), name })
    const page = await (await ana.get(answer.headers.get('location') ?? '')).text()
    expect(page).not.toContain('<img')
    expect(page).toContain('&lt;img')
  })

  it.each([
    ['a form of another site', { origin: 'https://elsewhere.example' }, 403],
    ['a form of a page without an origin', { origin: 'null' }, 403],
  ])('refuse %s', async (_, headers, status) => {
    const ana = await opened.browser().signIn('u_ana')
    opened.api.received = []
    expect((await ana.post('/transfer', newPayeeForm(), headers)).status).toBe(status)
    expect(opened.api.received).toHaveLength(0)
  })

  it.each(['/transfer', '/settings', '/actions/1'])('ask to sign in first: %s', async (path) => {
    expect((await opened.browser().get(path)).headers.get('location')).toBe('/?notice=sign-in')
  })

  it('give a new device id when the person signs in on a device that the bank has never seen', async () => {
    const ana = await opened.browser().signIn('u_ana', { new_device: '1' })
    opened.api.received = []
    await ana.post('/transfer', newPayeeForm('1.00'))
    const device = opened.api.calls('/events/ingest')[0]?.body['device']
    expect(device).toMatchObject({ id: expect.stringMatching(/^d_[0-9a-f-]{36}$/) })
  })
})

describe('behind the scenes', () => {
  it('shows what was sent and received without secret key, token or the secret of the checkpoint’s address', async () => {
    const ana = await opened.browser().signIn('u_ana')
    opened.api.decide = () => 'delay_verify'
    const form = newPayeeForm('2.00')
    const first = await (await ana.postAsScript('/transfer', form)).json()
    const { token } = opened.api.pass(first.checkpoint.url)
    await ana.postAsScript('/transfer', form, token)
    opened.api.decide = () => 'allow'
    const shown = await (await ana.get('/behind-the-scenes')).text()
    expect(shown).toContain('POST /events/ingest')
    expect(shown).toContain('POST /decisions/verify')
    expect(shown).toContain('Bearer ase_test_…•••')
    expect(shown).toContain('/challenge/•••')
    for (const secret of [secretKey, token, 'signature', first.checkpoint.url])
      expect(shown).not.toContain(secret)
    const page = await (await ana.get('/')).text()
    for (const secret of [secretKey, token, 'signature']) expect(page).not.toContain(secret)
  })

  it('shows nothing of another browser', async () => {
    const ben = await opened.browser().signIn('u_ben')
    expect((await (await ben.get('/behind-the-scenes')).json()).entries).toEqual([])
    expect((await opened.browser().get('/behind-the-scenes')).status).toBe(401)
  })

  it('streams each call as it happens', async () => {
    const ana = await opened.browser().signIn('u_ana')
    const stream = (await ana.get('/behind-the-scenes/stream')).body?.pipeThrough(new TextDecoderStream())
    if (!stream) throw new Error('no stream')
    await ana.post('/transfer', newPayeeForm('3.00'))
    let seen = ''
    for await (const part of stream) {
      seen += part
      if (seen.includes('/decisions/verify')) break
    }
    expect(seen).toContain('POST /events/ingest')
  })
})

describe('the caller', () => {
  it('sets the scene and fills in the form that the script asks for', async () => {
    const ana = await opened.browser().signIn('u_ana')
    const answer = await ana.post('/caller/scenario', { scenario: 'safe_account' })
    expect(answer.headers.get('location')).toBe('/transfer')
    const page = await (await ana.get('/transfer')).text()
    expect(page).toContain('value="9,800.00"')
    expect(page).toContain('GB33BUKB20201555555555')
    expect(page).toContain('say no. That question only confuses our system.')
    expect(page).toMatch(/name="call_active"[^>]*checked/)
  })
})

describe('the history', () => {
  it('is the same at every start, so that its keys and bodies repeat word for word', async () => {
    const [{ pastEvents }, { openLedger }] = await Promise.all([
      import('../../demo-site/history.ts'),
      import('../../demo-site/bank/ledger.ts'),
    ])
    const now = Date.UTC(2026, 10, 21)
    const first = pastEvents(openLedger().customers, now)
    const later = pastEvents(openLedger().customers, now + 5 * 86_400_000)
    expect(later).toEqual(first)
    expect(new Set(first.map(({ key }) => key)).size).toBe(first.length)
    expect(first.length).toBeGreaterThan(60)
  })

  it('says how far it is', async () => {
    const state = await (await opened.browser().get('/history.json')).json()
    expect(state).toMatchObject({ state: 'done', sent: state.total, not_allowed: 0, refused: 0 })
  })
})
