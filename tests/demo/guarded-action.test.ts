import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formOn, readable } from './browser.ts'
import { newPayeeForm, type Opened, openedBank } from './opened.ts'

let opened: Opened
beforeEach(async () => {
  opened = await openedBank()
})
afterEach(() => opened.close())

const anasBalance = '14,250.00'
const afterTheTransfer = '4,450.00'

const checkpointOf = async (response: Response): Promise<string> => {
  expect(response.status).toBe(403)
  const body = await response.json()
  return body.checkpoint.url
}

describe('an action that is allowed', () => {
  it('is verified with the token at once and carried out in the same request', async () => {
    const ana = await opened.browser().signIn('ana')
    const answer = await ana.post('/transfer', newPayeeForm())
    expect(answer.status).toBe(303)
    expect(await ana.text(answer.headers.get('location') ?? '')).toContain('9,800.00 EUR sent to J. Smith')
    expect(await ana.text('/')).toContain(afterTheTransfer)
    expect(opened.api.calls('/decisions/verify')).toHaveLength(1)
  })

  it('tells the API the amount in minor units, the payee, the device and what was observed', async () => {
    const ana = await opened.browser().signIn('ana')
    await ana.post('/caller', { call_active: '1', payee_name_match: 'no_match' })
    await ana.post('/transfer', newPayeeForm())
    const [call] = opened.api.calls('/events/ingest')
    expect(call?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/)
    expect(call?.body).toMatchObject({
      action: 'transfer',
      user: {
        id: expect.stringMatching(/^u_ana_[0-9a-z]+$/),
        email: expect.stringMatching(/^ana\.[0-9a-z]+@example\.com$/),
      },
      amount: { value: 980_000, currency: 'EUR' },
      payee: { name: 'J. Smith', account: 'GB33BUKB20201555555555', country: 'GB' },
      device: { id: expect.stringMatching(/^d_ana_/) },
      place: { city: 'Sevilla' },
      context: {
        call_active: true,
        remote_access: false,
        screen_shared: false,
        payee_name_match: 'no_match',
      },
      return_url: `${opened.bank.demoUrl}/return`,
    })
  })

  const said = {
    device_id: '1-2-3-4',
    language: 'en-GB',
    time_zone: 'Europe/Madrid',
    screen: { width: 390, height: 844, pixel_ratio: 3 },
    connection: null,
    payee_pasted: true,
    dwell_ms: 21_000,
  }
  const words: [string, string | undefined, object | null][] = [
    ['as its page said it', JSON.stringify(said), said],
    ['without what nobody asked for', JSON.stringify({ ...said, plugins: ['x'] }), said],
    ['not at all without script', undefined, null],
    ['not at all when it is no JSON', '{', null],
    ['not at all when a field is not what the API takes', JSON.stringify({ ...said, dwell_ms: -1 }), null],
    ['not at all when it would break a line', JSON.stringify({ ...said, language: 'en\r\nx' }), null],
  ]
  it.each(words)('passes on the browser’s telemetry %s', async (_, telemetry, expected) => {
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm()
    const answer = await ana.post('/transfer', telemetry === undefined ? form : { ...form, telemetry })
    expect(answer.status).toBe(303)
    expect(opened.api.calls('/events/ingest')[0]?.body['telemetry']).toEqual(expected)
  })

  it('is not suspected of automation when a story typed the payee: the time on the form is left out', async () => {
    const ana = await opened.browser().signIn('ana')
    const telemetry = JSON.stringify({ ...said, dwell_ms: 600 })
    await ana.post('/story', { story: 'plumber' })
    const form = formOn(await (await ana.get('/transfer')).text(), '/transfer')
    await ana.post('/transfer', { ...form, telemetry })
    await ana.post('/transfer', { ...newPayeeForm('320.00'), telemetry })
    const times = opened.api.calls('/events/ingest').map(({ body }) => body['telemetry'])
    expect(times).toMatchObject([{ dwell_ms: null }, { dwell_ms: 600 }])
  })

  it('is reported as completed afterwards', async () => {
    const ana = await opened.browser().signIn('ana')
    await ana.post('/transfer', newPayeeForm())
    await expect
      .poll(() => opened.api.received.find(({ path }) => path.endsWith('/result'))?.body)
      .toEqual({
        result: 'completed',
      })
  })
})

describe('an action that meets the checkpoint in a popup', () => {
  beforeEach(() => {
    opened.api.decide = () => 'delay_verify'
  })

  it('is carried out when the browser brings the token', async () => {
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm()
    const url = await checkpointOf(await ana.postAsScript('/transfer', form))
    expect(await ana.text('/')).toContain(anasBalance)
    const { token } = opened.api.pass(url)
    const answer = await ana.postAsScript('/transfer', form, token)
    expect(answer.status).toBe(200)
    expect(await ana.text('/')).toContain(afterTheTransfer)
    expect(opened.api.calls('/events/ingest')).toHaveLength(1)
  })

  it('is the same form when it is sent again after a while, and the first word of the browser stands', async () => {
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm()
    const formAfter = (dwell_ms: number) => ({
      ...form,
      telemetry: JSON.stringify({
        device_id: null,
        language: 'en',
        time_zone: null,
        screen: { width: 1, height: 1, pixel_ratio: 1 },
        connection: null,
        payee_pasted: null,
        dwell_ms,
      }),
    })
    const { token } = opened.api.pass(
      await checkpointOf(await ana.postAsScript('/transfer', formAfter(5_000))),
    )
    expect((await ana.postAsScript('/transfer', formAfter(60_000), token)).status).toBe(200)
    const events = opened.api.calls('/events/ingest').map(({ body }) => body['telemetry'])
    expect(events).toMatchObject([{ dwell_ms: 5_000 }])
  })

  it('asks the API how the check ended when the popup closes without a yes', async () => {
    const ana = await opened.browser().signIn('ana')
    const { checkpoint, location } = await (await ana.postAsScript('/transfer', newPayeeForm())).json()
    opened.api.fail(checkpoint.url, 'stopped')
    const back = await ana.get(location)
    expect(await ana.text(back.headers.get('location') ?? '')).toContain('Stopped. Nothing was sent.')
    expect(await ana.text('/')).toContain(anasBalance)
  })

  it('takes amount and payee from the bank’s own record: a repeat that says something else is refused', async () => {
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm('50.00')
    const { token } = opened.api.pass(await checkpointOf(await ana.postAsScript('/transfer', form)))
    const answer = await ana.postAsScript('/transfer', { ...form, amount: '9,800.00' }, token)
    expect(answer.status).toBe(409)
    expect(opened.api.calls('/decisions/verify')).toHaveLength(0)
    expect(await ana.text('/')).toContain(anasBalance)
  })

  it.each([
    ['contact_broken', 'We stopped this. Nothing was sent. Somebody may be guiding you'],
    ['blocked', 'We stopped this. Nothing was sent. Please speak with us'],
    ['stopped', 'Stopped. Nothing was sent.'],
    ['denied', 'Good that you checked. Nothing was sent. Correct what was different'],
    ['unfinished', 'Not confirmed. Nothing was sent. You left the check before its end'],
    ['expired', 'Time ran out. Nothing was sent.'],
    ['code_failed', 'The code was wrong too often. Nothing was sent.'],
    ['delivery_failed', 'We could not deliver the code. Nothing was sent.'],
    ['held', 'On hold. Nothing was sent.'],
    ['a code of tomorrow', 'We could not confirm this. Nothing was sent.'],
    ['revoked', 'Not a second time. Nothing was sent.'],
    ['action_mismatch', 'That is not what you confirmed. Nothing was sent.'],
    ['already_used', 'This was settled already.'],
    ['wrong_org', 'We could not confirm this. Nothing was sent.'],
    ['invalid', 'We could not confirm this. Nothing was sent.'],
  ])('is never carried out when verify says %s, and the customer is told why', async (code, words) => {
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm()
    const { token } = opened.api.fail(await checkpointOf(await ana.postAsScript('/transfer', form)), code)
    const answer = await ana.postAsScript('/transfer', form, token)
    expect(answer.status).toBe(409)
    const { location } = await answer.json()
    expect(await ana.text(location)).toContain(words)
    expect(await ana.text('/')).toContain(anasBalance)
  })

  it('is not carried out on a token of another action of the same person', async () => {
    const ana = await opened.browser().signIn('ana')
    const small = newPayeeForm('1.00')
    const { token } = opened.api.pass(await checkpointOf(await ana.postAsScript('/transfer', small)))
    const large = newPayeeForm('9,800.00')
    await checkpointOf(await ana.postAsScript('/transfer', large))
    expect((await ana.postAsScript('/transfer', large, token)).status).toBe(409)
    expect(await ana.text('/')).toContain(anasBalance)
  })

  it('is not carried out when a valid answer is about another session', async () => {
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm()
    const { token } = opened.api.pass(await checkpointOf(await ana.postAsScript('/transfer', form)))
    opened.api.answersAboutAnother = true
    expect((await ana.postAsScript('/transfer', form, token)).status).toBe(409)
    expect(await ana.text('/')).toContain(anasBalance)
  })

  it('verifies with the facts of now, so that a screen shared meanwhile is known', async () => {
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm()
    const { token } = opened.api.pass(await checkpointOf(await ana.postAsScript('/transfer', form)))
    await ana.post('/caller', { screen_shared: '1', payee_name_match: 'match' })
    await ana.postAsScript('/transfer', form, token)
    expect(opened.api.calls('/decisions/verify')[0]?.body['context']).toMatchObject({ screen_shared: true })
  })
})

describe('an action that meets the checkpoint as a full page', () => {
  beforeEach(() => {
    opened.api.decide = () => 'delay_verify'
  })

  const leave = async (browser: Awaited<ReturnType<Opened['browser']>>) => {
    const answer = await browser.post('/transfer', newPayeeForm())
    expect(answer.status).toBe(303)
    return answer.headers.get('location') ?? ''
  }

  it('is carried out when the person comes back with the session id and the API agrees', async () => {
    const ana = await opened.browser().signIn('ana')
    const { sessionId } = opened.api.pass(await leave(ana))
    const answer = await ana.get(`/return?session_id=${sessionId}`)
    expect(await ana.text(answer.headers.get('location') ?? '')).toContain('9,800.00 EUR sent to J. Smith')
    expect(await ana.text('/')).toContain(afterTheTransfer)
    expect(opened.api.calls('/decisions/verify')[0]?.body).toMatchObject({ session_id: sessionId })
  })

  it('is carried out once, however often the way back is loaded', async () => {
    const ana = await opened.browser().signIn('ana')
    const { sessionId } = opened.api.pass(await leave(ana))
    const back = `/return?session_id=${sessionId}`
    await Promise.all([ana.get(back), ana.get(back)])
    await ana.get(back)
    expect(await ana.text('/')).toContain(afterTheTransfer)
  })

  it('can come back too early and again when it is done', async () => {
    const ana = await opened.browser().signIn('ana')
    const url = await leave(ana)
    await ana.get(`/return?session_id=${opened.api.fail(url, 'unfinished').sessionId}`)
    expect(await ana.text('/')).toContain(anasBalance)
    await ana.get(`/return?session_id=${opened.api.pass(url).sessionId}`)
    expect(await ana.text('/')).toContain(afterTheTransfer)
  })

  it('is refused to another person who comes back with the session id, without asking the API', async () => {
    const ana = await opened.browser().signIn('ana')
    const { sessionId } = opened.api.pass(await leave(ana))
    const cora = await opened.browser().signIn('cora')
    const answer = await cora.get(`/return?session_id=${sessionId}`)
    expect(answer.status).toBe(404)
    expect(readable(await answer.text())).toContain('Nothing was done')
    expect(opened.api.calls('/decisions/verify')).toHaveLength(0)
    expect(await ana.text('/')).toContain(anasBalance)
  })

  it.each([
    ['nobody is signed in', '/return?session_id=ses_1', 303],
    ['no session is named', '/return', 303],
  ])('asks to sign in when %s', async (_, path, status) => {
    const answer = await opened.browser().get(path)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('location')).toBe('/?notice=sign-in')
  })
})

describe('an action that is blocked', () => {
  it('sends the person to the page that says what to do, and nothing is carried out', async () => {
    opened.api.decide = () => 'block_escalate'
    const ana = await opened.browser().signIn('ana')
    const answer = await ana.post('/transfer', newPayeeForm())
    const page = await (await ana.get(answer.headers.get('location') ?? '')).text()
    expect(readable(page)).toContain('We stopped this. Nothing was sent.')
    expect(readable(page)).toContain('You can start it again after')
    expect(page).toMatch(/href="http:\/\/127\.0\.0\.1:\d+\/challenge\/secretkey/)
    expect(await ana.text('/')).toContain(anasBalance)
  })

  it('opens the same page in a popup for the bank’s script', async () => {
    opened.api.decide = () => 'block_escalate'
    const ana = await opened.browser().signIn('ana')
    const answer = await ana.postAsScript('/transfer', newPayeeForm())
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({
      checkpoint: { url: expect.stringContaining('/challenge/') },
      location: expect.stringMatching(/^\/actions\//),
    })
  })
})

describe('a form that is sent twice', () => {
  it('is one payment when both arrive at the same time', async () => {
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm('1,000.00')
    const answers = await Promise.all([
      ana.post('/transfer', form),
      ana.post('/transfer', form),
      ana.post('/transfer', form),
    ])
    expect(new Set(answers.map((answer) => answer.headers.get('location'))).size).toBe(1)
    expect(await ana.text('/')).toContain('13,250.00')
    expect(opened.api.calls('/events/ingest')).toHaveLength(1)
    expect(opened.api.calls('/decisions/verify')).toHaveLength(1)
  })

  it('is one payment when the second comes after the first has emptied the account', async () => {
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm('14,000.00')
    const first = await ana.post('/transfer', form)
    const second = await ana.post('/transfer', form)
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect(await ana.text('/')).toContain('250.00')
  })

  it('is one payment when the token is brought twice at the same time', async () => {
    opened.api.decide = () => 'delay_verify'
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm()
    const { token } = opened.api.pass(await checkpointOf(await ana.postAsScript('/transfer', form)))
    const answers = await Promise.all([
      ana.postAsScript('/transfer', form, token),
      ana.postAsScript('/transfer', form, token),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(await ana.text('/')).toContain(afterTheTransfer)
  })

  it('asks again under the same key after the API was out of reach', async () => {
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm()
    opened.api.down = true
    await ana.post('/transfer', form)
    opened.api.down = false
    await ana.post('/transfer', form)
    const keys = opened.api.calls('/events/ingest').map(({ headers }) => headers['idempotency-key'])
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
    expect(await ana.text('/')).toContain(afterTheTransfer)
  })
})

describe('an API out of reach', () => {
  const cases: [string, () => Promise<void> | void][] = [
    [
      'answers 503',
      () => {
        opened.api.down = true
      },
    ],
    ['does not answer at all', () => opened.api.close()],
  ]
  it.each(cases)('means nothing is carried out and the person is told so, when it %s', async (_, breakIt) => {
    const ana = await opened.browser().signIn('ana')
    await breakIt()
    const answer = await ana.post('/transfer', newPayeeForm())
    expect(await ana.text(answer.headers.get('location') ?? '')).toContain(
      'We can’t check this right now. Nothing was sent.',
    )
    expect(await ana.text('/')).toContain(anasBalance)
    expect((await ana.postAsScript('/transfer', newPayeeForm())).status).toBe(503)
  })

  it('at verify leaves the money where it is, and the same form may be sent again', async () => {
    opened.api.decide = () => 'delay_verify'
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm()
    const { token } = opened.api.pass(await checkpointOf(await ana.postAsScript('/transfer', form)))
    opened.api.down = true
    expect((await ana.postAsScript('/transfer', form, token)).status).toBe(503)
    expect(await ana.text('/')).toContain(anasBalance)
    opened.api.down = false
    expect((await ana.postAsScript('/transfer', form, token)).status).toBe(200)
    const keys = opened.api.calls('/decisions/verify').map(({ body }) => body['idempotency_key'])
    expect(new Set(keys).size).toBe(1)
  })
})

describe('what the customer and the onlooker see of an API out of reach', () => {
  it('is a button to try again that asks anew, with the facts of now', async () => {
    const ana = await opened.browser().signIn('ana')
    opened.api.down = true
    const { location } = await (await ana.postAsScript('/transfer', newPayeeForm())).json()
    const stopped = await (await ana.get(location)).text()
    expect(readable(stopped)).toContain('Try again')
    opened.api.down = false
    const again = await ana.post('/transfer', formOn(stopped, '/transfer'))
    expect(await ana.text(again.headers.get('location') ?? '')).toContain('9,800.00 EUR sent to J. Smith')
    const keys = opened.api.calls('/events/ingest').map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(2)
  })

  it('is a way to ask for a decision again whose answer was lost, under the same key', async () => {
    opened.api.decide = () => 'delay_verify'
    const ana = await opened.browser().signIn('ana')
    const form = newPayeeForm()
    const { token } = opened.api.pass(await checkpointOf(await ana.postAsScript('/transfer', form)))
    opened.api.losesAnswers = true
    const { location } = await (await ana.postAsScript('/transfer', form, token)).json()
    opened.api.losesAnswers = false
    const stopped = await (await ana.get(location)).text()
    expect(readable(stopped)).toContain('We can’t check this right now. Nothing was sent.')
    const [, again = ''] = /href="(\/return\?session_id=[^"]+)"/.exec(stopped) ?? []
    const back = await ana.get(again)
    expect(await ana.text(back.headers.get('location') ?? '')).toContain('Done.')
    expect(await ana.text('/')).toContain(afterTheTransfer)
    const keys = opened.api.calls('/decisions/verify').map(({ body }) => body['idempotency_key'])
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
  })

  it('is a line behind the scenes that says that nobody answered, and what follows from it', async () => {
    const ana = await opened.browser().signIn('ana')
    await opened.api.close()
    await ana.post('/transfer', newPayeeForm())
    expect(await ana.text('/')).toContain('nobody listens there: nothing is carried out')
  })
})

describe('the other guarded actions', () => {
  it('change the e-mail address, and name the old one as the one on file', async () => {
    const ana = await opened.browser().signIn('ana')
    await ana.post('/change-email', { submission: randomUUID(), email: 'new@example.org' })
    expect(opened.api.calls('/events/ingest')[0]?.body).toMatchObject({
      action: 'change_email',
      target: 'new@example.org',
      user: { email: expect.stringMatching(/^ana\.[0-9a-z]+@example\.com$/) },
      amount: null,
      payee: null,
    })
    expect(await ana.text('/')).toContain('new@example.org')
  })

  it('give the export to the person who asked, and to nobody else', async () => {
    const ana = await opened.browser().signIn('ana')
    const answer = await ana.post('/export', { submission: randomUUID() })
    const file = `${answer.headers.get('location')}/transactions.csv`
    expect(await (await ana.get(file)).text()).toContain('Marisol Vega')
    expect((await (await opened.browser().signIn('dan')).get(file)).status).toBe(404)
  })

  it('keep the export back when verify refuses', async () => {
    opened.api.decide = () => 'delay_verify'
    const ana = await opened.browser().signIn('ana')
    const form = { submission: randomUUID() }
    const first = await ana.postAsScript('/export', form)
    const { checkpoint, location: wayBack } = await first.json()
    opened.api.fail(checkpoint.url, 'contact_broken')
    const location = (await ana.get(wayBack)).headers.get('location')
    expect(location).toMatch(/^\/actions\//)
    expect((await ana.get(`${location}/transactions.csv`)).status).toBe(404)
  })
})

describe('a form with something to correct', () => {
  it.each([
    ['no amount', { amount: '' }, 'Type the amount'],
    ['an amount with three decimals', { amount: '1.005' }, 'Type the amount'],
    ['a negative amount', { amount: '-5' }, 'Type the amount'],
    ['more than there is', { amount: '14,250.01' }, 'not enough money'],
    ['no name', { name: ' ' }, 'Type the name'],
    ['no account', { account: '12' }, 'Type the account number'],
    ['a payee of somebody else', { payee: 'p_unknown' }, 'Choose whom'],
  ])('says so and asks nobody: %s', async (_, change, words) => {
    const ana = await opened.browser().signIn('ana')
    const answer = await ana.post('/transfer', { ...newPayeeForm(), ...change })
    expect(answer.status).toBe(400)
    expect(readable(await answer.text())).toContain(words)
    expect(opened.api.received).toHaveLength(0)
  })
})
