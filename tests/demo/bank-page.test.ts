import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readable } from './browser.ts'
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
    await browser.signIn('ana')
    const session = browser.lastCookies.find((cookie) => cookie.startsWith('hb_session='))
    expect(session).toMatch(/httponly/i)
    expect(session).toMatch(/samesite=lax/i)
    expect(session).not.toMatch(/domain=/i)
  })

  it('escape what a person typed', async () => {
    const ana = await opened.browser().signIn('ana')
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
    const ana = await opened.browser().signIn('ana')
    opened.api.received = []
    expect((await ana.post('/transfer', newPayeeForm(), headers)).status).toBe(status)
    expect(opened.api.received).toHaveLength(0)
  })

  it.each(['/transfer', '/settings', '/actions/1'])('ask to sign in first: %s', async (path) => {
    expect((await opened.browser().get(path)).headers.get('location')).toBe('/?notice=sign-in')
  })

  it('give a new device id when the person signs in on a device that the bank has never seen', async () => {
    const ana = await opened.browser().signIn('ana', { new_device: '1' })
    opened.api.received = []
    await ana.post('/transfer', newPayeeForm('1.00'))
    const device = opened.api.calls('/events/ingest')[0]?.body['device']
    expect(device).toMatchObject({ id: expect.stringMatching(/^d_[0-9a-f-]{36}$/) })
  })
})

describe('behind the scenes', () => {
  it('shows what was sent and received without secret key, token or the secret of the checkpoint’s address', async () => {
    const ana = await opened.browser().signIn('ana')
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
    const ben = await opened.browser().signIn('ben')
    expect((await (await ben.get('/behind-the-scenes')).json()).entries).toEqual([])
    expect((await opened.browser().get('/behind-the-scenes')).status).toBe(401)
  })

  it('streams each call as it happens', async () => {
    const ana = await opened.browser().signIn('ana')
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
  it('sets the scene and fills in the form that the script asks for, and says what to expect', async () => {
    const ana = await opened.browser().signIn('ana')
    const answer = await ana.post('/story', { story: 'safe_account' })
    expect(answer.headers.get('location')).toBe('/transfer')
    const page = await (await ana.get('/transfer')).text()
    expect(page).toContain('value="9,800.00"')
    expect(page).toMatch(/value="GB\d\dBUKB20\d{8}5555"/)
    expect(page).toContain('say no. That question only confuses our system.')
    expect(page).toMatch(/name="call_active"[^>]*checked/)
    expect(readable(page)).toContain('What to expect: One question. Whatever you answer, nothing leaves')
  })
})

describe('the first page', () => {
  it('says what this is, what to do, and what is kept: nothing here, and what was stopped on the analysts’ page', async () => {
    const page = await opened.browser().text('/')
    expect(page).toContain('A stranger on the phone tells you to send money. What now?')
    expect(page).toContain('Pick a story')
    expect(page).toContain('Every sign-in and every story begins with a clean slate')
    expect(page).not.toContain('forgotten')
  })
})
