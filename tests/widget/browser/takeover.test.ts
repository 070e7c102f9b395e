import { equal, ok, until } from './expect.ts'
import { type FramedPage, openFramed } from './framed-page.ts'
import { afterEach, describe, it } from './mocha.ts'

describe('the frame takes the server’s page over', () => {
  let page: FramedPage
  afterEach(() => {
    equal(page.violations, [], 'content security policy:')
    page.close()
  })
  const heading = () => page.query('h1')?.textContent
  const notice = () => page.query('main .notice')

  it('keeping the nodes and what was typed while the script was still on its way', async () => {
    page = await openFramed('code', 'late')
    const input = page.query<HTMLInputElement>('#code')
    if (!input) throw new Error('no field')
    equal(page.query('main')?.inert, true, 'before the script')
    input.value = '482'
    await until(() => page.query('main')?.inert === false, 'the script runs')
    equal(page.query('#code') === input, true, 'same node')
    equal(input.value, '482')
  })
  it('inert for ever where its script does not run', async () => {
    page = await openFramed('intent', 'mute')
    await until(() => page.document.readyState === 'complete', 'loaded')
    equal(page.query('main')?.inert, true)
    ok(page.query('noscript')?.textContent?.includes('/challenge/'), 'no link to the whole page')
  })
  it('posting session, step token and the answer that was pressed, once for two presses', async () => {
    page = await openFramed('intent')
    await page.click('button[value=no]')
    page.query('button[value=no]')?.click()
    await until(() => page.query('#code'), 'the next screen')
    const posted = await page.posted()
    equal(posted.length, 1)
    equal(
      [posted[0]?.action, Object.keys(posted[0]?.fields ?? {}), posted[0]?.fields['answer']],
      ['intent', ['session', 'step_token', 'answer'], 'no'],
    )
  })
  it('moving the focus to the new heading and the title with it', async () => {
    page = await openFramed('intent')
    await page.click('button[value=no]')
    await until(() => page.query('#code'), 'the next screen')
    equal(page.document.activeElement?.tagName, 'H1')
    ok(page.document.title.startsWith(heading() ?? '?'), page.document.title)
  })
  it('taking a specific question by one press, and going on to the next one', async () => {
    page = await openFramed('questions-coached')
    const before = heading()
    await page.click('button[value=rather_not]')
    await until(() => heading() !== before, 'the next question')
    equal(
      (await page.posted()).map(({ action, fields }) => [action, fields['answer']]),
      [['questions', 'rather_not']],
    )
    equal(page.document.activeElement?.tagName, 'H1')
    equal(page.query<HTMLFormElement>('.answers')?.getAttribute('action'), '/checkpoint/questions')
  })
  it('saying a wrong code aloud and putting the cursor back into the field', async () => {
    page = await openFramed('code')
    const input = page.query<HTMLInputElement>('#code')
    if (input) input.value = '000 000'
    await page.click('form[action="/checkpoint/respond"] button')
    await until(() => page.query('#error'), 'the error')
    equal(page.query('#announcement')?.textContent, page.query('#error')?.textContent)
    equal(page.document.activeElement?.id, 'code')
    equal(page.query('#code')?.getAttribute('aria-describedby'), 'error tries')
  })
  it('keeping what was typed when the network is lost, and sending the same again on request', async () => {
    page = await openFramed('code', 'lost')
    const input = page.query<HTMLInputElement>('#code')
    if (input) input.value = '482 913'
    await page.click('form[action="/checkpoint/respond"] button')
    await until(notice, 'words about the network')
    equal([page.query('#code') === input, input?.value], [true, '482 913'])
    ok(page.query('#announcement')?.textContent?.includes('Nothing is lost'), 'not announced')
    page.query('.notice button')?.click()
    await until(() => page.query('main')?.dataset['screen'] === 'allowed', 'the answer')
    const [first, second] = await page.posted()
    equal(second, first)
  })
  for (const [fault, words] of [
    ['limited', 'Wait a minute'],
    ['odd', 'can’t reach'],
  ] as const) {
    it(`saying in words what an answer of the kind "${fault}" means, and staying where it was`, async () => {
      page = await openFramed('intent', fault)
      await page.click('button[value=no]')
      await until(notice, 'words')
      ok(notice()?.textContent?.includes(words), notice()?.textContent ?? '')
      ok(page.query('button[value=no]'), 'the question is gone')
    })
  }
  it('offering something after three seconds without an answer, and stopping meanwhile', async () => {
    page = await openFramed('intent', 'hang')
    await page.click('button[value=no]')
    await until(notice, 'words')
    ok(notice()?.textContent?.includes('longer than usual'), 'other words')
    await page.click('.stop')
    await until(() => page.query('main')?.dataset['screen'] === 'ended', 'the stop')
  })
  it('counting the pause down on a button that does nothing before its time', async () => {
    page = await openFramed('pause')
    const button = () => page.query<HTMLButtonElement>('[data-countdown]')
    await until(() => /Continue in \d+/.test(button()?.textContent ?? ''), 'the countdown')
    const before = button()?.getBoundingClientRect()
    await page.click('[data-countdown]')
    equal([button()?.ariaDisabled, await page.posted()], ['true', []])
    await until(() => button()?.textContent !== 'Continue in 30', 'a second passes')
    equal(button()?.getBoundingClientRect(), before)
  })
  it('letting a finished pause go on', async () => {
    page = await openFramed('pause-over')
    await page.click('[data-countdown]')
    await until(async () => (await page.posted()).length === 1, 'the submit')
  })
  it('giving a screen that has just appeared half a second in which no press counts', async () => {
    page = await openFramed('intent')
    await page.click('button[value=no]')
    await until(() => page.query('#code'), 'the next screen')
    page.query('.stop')?.click()
    equal((await page.posted()).length, 1)
    await page.click('.stop')
    await until(async () => (await page.posted()).length === 2, 'the stop')
  })
  it('counting no press while something lies over it', async () => {
    page = await openFramed('intent')
    await page.click('body')
    const cover = document.createElement('div')
    Object.assign(cover.style, {
      position: 'fixed',
      inset: '0',
      zIndex: '9',
      background: '#fff',
      pointerEvents: 'none',
    })
    document.body.append(cover)
    await until(() => 'guard' in page.document.documentElement.dataset, 'the cover is noticed')
    page.query('button[value=no]')?.click()
    await until(notice, 'words')
    equal(await page.posted(), [])
    cover.remove()
    await page.click('button[value=no]')
    await until(async () => (await page.posted()).length === 1, 'the answer')
  })
  it('counting presses when only a part of it is scrolled into view', async () => {
    page = await openFramed('intent')
    page.frame.height = '260'
    page.document.querySelector('.stop')?.scrollIntoView()
    await page.click('.stop')
    await until(() => page.query('main')?.dataset['screen'] === 'ended', 'the stop')
  })
  it('showing times on the person’s own clock', async () => {
    page = await openFramed('break-yes')
    await until(
      () => !page.query('time')?.textContent?.includes('UTC') || new Date().getTimezoneOffset() === 0,
      'local',
    )
    equal(page.query('[data-print]')?.hidden, true, 'printing is not possible in a sandbox:')
  })
})

describe('the frame speaks only with the page that embeds it', () => {
  let page: FramedPage
  afterEach(() => page.close())
  const settled = () => new Promise((next) => setTimeout(next, 150))
  const running = (opened: FramedPage) =>
    until(() => opened.query('main')?.inert === false, 'the script runs')

  it('answers a greeting with the same nonce, its screen and its height', async () => {
    page = await openFramed('intent')
    await running(page)
    const { messages } = page.greet('n-1')
    await until(() => messages.some(({ type }) => type === 'resize'), 'its height')
    equal(messages[0], { type: 'ready', nonce: 'n-1', screen: 'intent' })
  })
  it('takes the newest port after a second greeting', async () => {
    page = await openFramed('intent')
    await running(page)
    page.greet('n-1')
    const second = page.greet('n-2')
    await until(() => second.messages.length > 0, 'ready')
    page.document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
    await until(() => second.messages.some(({ type }) => type === 'close_requested'), 'Esc arrives')
  })
  it('tells what became of a resolved session, with the token, through the port alone', async () => {
    page = await openFramed('allowed')
    await running(page)
    const overheard: unknown[] = []
    addEventListener('message', ({ data }) => overheard.push(data))
    const { messages } = page.greet('n-1')
    const resolved = await until(() => messages.find(({ type }) => type === 'resolved'), 'resolved')
    equal(resolved, {
      type: 'resolved',
      session_id: 'ses_01',
      outcome: 'allow',
      resolution: 'allowed',
      ended: null,
      token: 'header.claims.signature',
    })
    ok(!JSON.stringify(overheard).includes('signature'), 'the token went through the window')
  })

  type Attack = (page: FramedPage, port: MessagePort) => void
  const hello = { protocol: 'ase-checkpoint/1', type: 'hello', nonce: 'n-x' }
  const post =
    (data: unknown): Attack =>
    (target, port) =>
      target.frame.contentWindow?.postMessage(data, location.origin, [port])
  const attacks: [string, string, Attack][] = [
    ['a text', 'fine', post('hello')],
    ['null', 'fine', post(null)],
    ['another protocol', 'fine', post({ ...hello, protocol: 'ase-checkpoint/2' })],
    ['another type', 'fine', post({ ...hello, type: 'ready' })],
    ['a nonce that is no text', 'fine', post({ ...hello, nonce: 1 })],
    ['no port', 'fine', ({ frame }) => frame.contentWindow?.postMessage(hello, location.origin)],
    ['an origin that is not the organisation’s', 'foreign', post(hello)],
    [
      'another window than the one that embeds it',
      'fine',
      ({ frame }, port) => {
        const other = document.createElement('iframe')
        document.body.append(other)
        const script = other.contentDocument?.createElement('script')
        if (!script || !other.contentWindow) return
        Object.assign(other.contentWindow, { target: frame.contentWindow, hello, port })
        script.textContent = 'target.postMessage(hello, location.origin === "null" ? "*" : "*", [port])'
        other.contentDocument?.body.append(script)
        other.remove()
      },
    ],
  ]
  for (const [what, fault, attack] of attacks) {
    it(`ignores ${what}`, async () => {
      page = await openFramed('intent', fault)
      await running(page)
      const { port1, port2 } = new MessageChannel()
      const heard: unknown[] = []
      port1.onmessage = ({ data }) => heard.push(data)
      attack(page, port2)
      await settled()
      equal(heard, [])
    })
  }
  it('ignores a nonce that was used before', async () => {
    page = await openFramed('intent')
    await running(page)
    const first = page.greet('n-1')
    await until(() => first.messages.length > 0, 'ready')
    const replay = page.greet('n-1')
    await settled()
    equal(replay.messages, [])
    page.document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
    await until(
      () => first.messages.some(({ type }) => type === 'close_requested'),
      'the first port still works',
    )
  })
})

describe('a page that is on a screen', () => {
  it('says so once', async () => {
    const page = await openFramed('intent')
    await until(async () => (await page.opened()) === 1, 'the page said that it is open')
    await page.click('button[value=no]')
    await until(() => page.query('#code'), 'the next screen')
    equal(await page.opened(), 1)
    page.close()
  })
  it('says nothing when there is no question on it any more', async () => {
    const page = await openFramed('ended-cancelled')
    await until(() => page.query('main')?.inert === false, 'the script runs')
    equal(await page.opened(), 0)
    page.close()
  })
})
