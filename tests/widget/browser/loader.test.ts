import { sendKeys } from '@web/test-runner-commands'
import type { Engine } from '../../../widget/loader/engine.ts'
import { createEngine } from '../../../widget/loader/engine.ts'
import type { Opened } from '../../../widget/loader/opened.ts'
import { equal, ok, until } from './expect.ts'
import { uniqueKey } from './framed-page.ts'
import { after, afterEach, before, beforeEach, describe, it } from './mocha.ts'

const origin = String(Reflect.get(globalThis, 'checkpointOrigin'))
const engine: Engine = Reflect.get(globalThis, 'AntiSocialEngine')
const url = (view: string, fault?: string) => `${origin}/challenge/${uniqueKey(view, fault)}`

const dialogs = () =>
  [...document.querySelectorAll('body > div')]
    .map((host) => host.shadowRoot?.querySelector('dialog'))
    .filter((dialog) => dialog != null)
    .filter(({ open }) => open)
const dialog = () => until(() => dialogs()[0], 'a dialog')
const frameShown = () =>
  until(() => {
    const frame = dialogs()[0]?.querySelector('iframe')
    return frame && getComputedStyle(frame).visibility === 'visible' && frame
  }, 'the frame is shown')
const words = async () => (await dialog()).querySelector('section')?.textContent ?? ''
/** By the loader's own button while there are words, else as the browser does it on Esc. */
const close = async () => {
  const shown = await dialog()
  const button = shown.querySelector<HTMLButtonElement>('section:not([hidden]) .x')
  if (button) button.click()
  else shown.dispatchEvent(new Event('cancel', { cancelable: true }))
}

describe('open()', () => {
  let opener: HTMLButtonElement
  const errors: string[] = []
  before(() => {
    opener = document.createElement('button')
    opener.textContent = 'Send'
    document.body.append(opener)
    addEventListener('securitypolicyviolation', (event) => errors.push(event.violatedDirective))
  })
  beforeEach(() => opener.focus())
  afterEach(() => {
    for (const read of dialogs()) {
      // After an allow a dialog stays until it is read; the page beside it is free.
      equal(read.matches(':modal'), false, 'a dialog that holds the page:')
      read.dispatchEvent(new Event('cancel', { cancelable: true }))
    }
    equal(dialogs().length, 0, 'dialogs left over:')
    equal(errors, [])
  })

  const refused: [string, string, string][] = [
    ['another origin', 'https://evil.example/challenge/x', 'origin_not_allowed'],
    ['another scheme', 'javascript:alert(1)', 'origin_not_allowed'],
    ['no URL', 'not a url', 'session_invalid'],
    ['another path of the checkpoint', `${origin}/v1/ase.js`, 'session_invalid'],
    ['nothing', '', 'session_invalid'],
  ]
  for (const [what, address, code] of refused) {
    it(`opens nothing for ${what}`, async () => {
      equal(await engine.open({ url: address }), { status: 'error', code })
    })
  }
  it('refuses a frame of the page’s own origin, which could remove its own sandbox', async () => {
    const own = createEngine(location.origin)
    equal(await own.open({ url: `${location.origin}/challenge/${uniqueKey('allowed')}`, mode: 'popup' }), {
      status: 'error',
      code: 'origin_not_allowed',
    })
  })
  it('opens nothing when it does not know where it was loaded from', async () => {
    equal(await createEngine(null).open({ url: url('allowed') }), {
      status: 'error',
      code: 'origin_not_allowed',
    })
  })

  it('settles with outcome and token as soon as the action is allowed, and gives the focus back', async () => {
    equal(await engine.open({ url: url('allowed') }), {
      status: 'resolved',
      outcome: 'allow',
      ended: null,
      token: 'header.claims.signature',
      session_id: 'ses_01',
    })
    equal(document.activeElement === opener, true)
  })
  it('keeps the thanks to be read beside a page that is free again, and goes when they are read', async () => {
    const events: string[] = []
    const settled = await engine.open({ url: url('allowed'), onEvent: (name) => events.push(name) })
    equal([settled.status, dialogs().length, dialogs()[0]?.matches(':modal')], ['resolved', 1, false])
    equal(document.activeElement === opener, true)
    const own = document.createElement('input')
    document.body.append(own)
    own.focus()
    equal(document.activeElement === own, true)
    await until(() => dialogs().length === 0, 'read and gone', 8000)
    equal(document.activeElement === own, true)
    ok(events.includes('close'), events.join())
    own.remove()
  })
  it('takes what is still there to be read away before it shows the next', async () => {
    await engine.open({ url: url('allowed') })
    equal(dialogs().length, 1)
    const next = engine.open({ url: url('intent') })
    await until(() => dialogs()[0]?.matches(':modal'), 'the next dialog')
    equal(dialogs().length, 1)
    await frameShown()
    await close()
    await next
  })
  it('says origin_not_allowed at once, with the origin to register, where the page’s own is not registered', async () => {
    const told: unknown[] = []
    const logged: unknown[][] = []
    const { error } = console
    console.error = (...words: unknown[]) => logged.push(words)
    const opened = engine.open({
      url: url('intent', 'unregistered'),
      onEvent: (name, detail) => name === 'error' && told.push(detail),
    })
    await until(() => told[0], 'the error', 2500)
    console.error = error
    equal(told[0], { code: 'origin_not_allowed', origin: location.origin })
    equal(logged, [['origin_not_allowed', location.origin]])
    ok((await words()).includes('Nothing was done'), await words())
    await close()
    equal(await opened, { status: 'error', code: 'origin_not_allowed' })
  })
  it('shows a modal dialog with a sandboxed, named frame that takes the focus', async () => {
    const opened = engine.open({ url: url('intent') })
    const frame = await frameShown()
    const shown = await dialog()
    equal(shown.matches(':modal'), true)
    equal(frame.getAttribute('sandbox'), 'allow-scripts allow-forms allow-same-origin')
    equal([frame.referrerPolicy, frame.title.length > 5, shown.ariaLabel], ['origin', true, frame.title])
    const root = shown.getRootNode()
    equal(root instanceof ShadowRoot && root.activeElement === frame, true)
    await close()
    equal(await opened, { status: 'cancelled', code: 'cancelled' })
  })
  it('leaves the page’s scroll where it was', async () => {
    const tall = document.createElement('div')
    tall.style.height = '3000px'
    document.body.append(tall)
    scrollTo(0, 700)
    const opened = engine.open({ url: url('intent') })
    await frameShown()
    await close()
    await opened
    equal(scrollY, 700)
    tall.remove()
  })
  it('closes on Esc inside the frame', async () => {
    const opened = engine.open({ url: url('intent') })
    await frameShown()
    await until(() => sendKeys({ press: 'Escape' }).then(() => dialogs().length === 0), 'closed')
    equal(await opened, { status: 'cancelled', code: 'cancelled' })
    equal(document.activeElement === opener, true)
  })
  it('an answer given by keyboard alone leads to the next screen', async () => {
    const states: unknown[] = []
    const opened = engine.open({
      url: url('intent-variant-2'),
      onEvent: (name, detail) => name === 'statechange' && states.push(detail['state']),
    })
    await frameShown()
    await until(() => states.includes('intent'), 'the question')
    await new Promise((next) => setTimeout(next, 700))
    await sendKeys({ press: 'Tab' })
    await sendKeys({ press: 'Enter' })
    await until(() => states.includes('email_code'), 'the code')
    await close()
    equal((await opened).status, 'cancelled')
  })
  it('keeps Break Contact open to be read, says so at once, and settles on closing', async () => {
    const events: string[] = []
    const opened = engine.open({
      url: url('break-yes'),
      onEvent: (name, { state }) => events.push(state === 'resolved' ? state : name),
    })
    await until(() => events.includes('breakcontact') && events.includes('resolved'), 'the events')
    await frameShown()
    await close()
    const settled = await opened
    equal(settled, {
      status: 'resolved',
      outcome: 'block_escalate',
      ended: 'contact_broken',
      token: null,
      session_id: 'ses_01',
    })
    ok(events.indexOf('breakcontact') < events.indexOf('close') && events.includes('open'), events.join())
  })
  const endings: [string, Opened][] = [
    ['ended-cancelled', { status: 'cancelled', code: 'cancelled', ended: 'stopped' }],
    ['ended-expired', { status: 'expired', code: 'expired', ended: 'expired' }],
    ['ended-code-failed', { status: 'error', code: 'locked', ended: 'code_failed' }],
    [
      'ended-denied',
      {
        status: 'resolved',
        outcome: 'block_escalate',
        ended: 'denied',
        token: null,
        session_id: 'ses_01',
      },
    ],
  ]
  for (const [view, expected] of endings) {
    it(`settles ${view} as ${expected.status}`, async () => {
      const states: unknown[] = []
      const opened = engine.open({ url: url(view), onEvent: (_, { state }) => states.push(state) })
      await until(() => states.includes('resolved'), 'the ending')
      await close()
      equal(await opened, expected)
    })
  }
  it('gives a second call for the same session the first one’s promise, and lets another wait its turn', async () => {
    const [one, other] = [url('intent'), url('allowed')]
    const first = engine.open({ url: one })
    equal(engine.open({ url: one }) === first, true)
    const second = engine.open({ url: other })
    await frameShown()
    equal(dialogs().length, 1)
    await close()
    equal([(await first).status, (await second).status], ['cancelled', 'resolved'])
  })
  it('can be closed by the page', async () => {
    const stop = new AbortController()
    const opened = engine.open({ url: url('intent'), signal: stop.signal })
    await frameShown()
    stop.abort()
    equal(await opened, { status: 'cancelled', code: 'cancelled' })
  })
  it('stands above a modal dialog of the page', async () => {
    const own = document.createElement('dialog')
    document.body.append(own)
    own.showModal()
    const opened = engine.open({ url: url('intent') })
    await frameShown()
    const { x, y, width } = (await dialog()).getBoundingClientRect()
    equal(document.elementFromPoint(x + width / 2, y + 60)?.shadowRoot != null, true)
    await close()
    await opened
    own.close()
    own.remove()
  })
  it('lies over no part of the frame, so that presses count', async () => {
    const opened = engine.open({ url: url('intent') })
    const frame = await frameShown()
    const { left, top, width, height } = frame.getBoundingClientRect()
    const root = frame.getRootNode()
    for (const [x, y] of [
      [0.5, 0.02],
      [0.97, 0.02],
      [0.5, 0.5],
      [0.5, 0.97],
    ] as const) {
      const there = root instanceof ShadowRoot && root.elementFromPoint(left + width * x, top + height * y)
      equal(there === frame, true, `${x}, ${y}:`)
    }
    await close()
    await opened
  })
})

describe('a checkpoint that cannot be reached', () => {
  const realTimeout = globalThis.setTimeout
  // Long waits pass fifty times faster here; short ones stay.
  before(() => {
    const faster = (run: TimerHandler, ms = 0, ...rest: unknown[]) =>
      realTimeout(run, ms >= 3000 && ms < 60_000 ? ms / 50 : ms, ...rest)
    Object.assign(globalThis, { setTimeout: faster })
  })
  after(() => {
    Object.assign(globalThis, { setTimeout: realTimeout })
  })

  for (const [what, address] of [
    ['a page whose script never runs', () => url('intent', 'mute')],
    ['a page that refuses to be framed', () => `${origin}/challenge/unknown-session`],
    ['a frame that may not talk to this page', () => url('intent', 'foreign')],
  ] as const) {
    it(`${what}: says so in words, offers another try and the whole page, and settles on closing`, async () => {
      const codes: unknown[] = []
      const opened = engine.open({
        url: address(),
        onEvent: (name, detail) => name === 'error' && codes.push(detail['code']),
      })
      await until(async () => (await words()).includes('longer than usual'), 'the first words', 3000)
      await until(async () => (await words()).includes('can’t reach'), 'the last words', 3000)
      const link = (await dialog()).querySelector('a')
      equal([link?.target, link?.rel, link?.href.startsWith(origin)], ['_blank', 'noopener', true])
      ok((await dialog()).querySelector('section button'), 'no other try')
      await close()
      equal(await opened, { status: 'error', code: 'unreachable' })
      equal(codes[0], 'unreachable')
    })
  }
  it('another try that succeeds goes on as if nothing had been', async () => {
    const address = url('allowed', 'mute-once')
    const opened = engine.open({ url: address })
    let settled: Opened | undefined
    opened.then((result) => {
      settled = result
    })
    const tryAgain = () => {
      const section = dialogs()[0]?.querySelector('section:not([hidden])')
      if (section?.textContent?.includes('longer than usual')) section.querySelector('button')?.click()
      return settled
    }
    equal((await until(tryAgain, 'a try that succeeds')).status, 'resolved')
  })
})

describe('a page with a strict policy', () => {
  it('needs the checkpoint’s origin for script-src and frame-src, and nothing else', async () => {
    const host = document.createElement('iframe')
    host.width = '500'
    host.height = '600'
    host.src = '/site/strict-page'
    document.body.append(host)
    const globalName: string = 'AntiSocialEngine'
    const inner: Engine = await until(
      () => host.contentWindow && Reflect.get(host.contentWindow, globalName),
      'the loader',
    )
    const violations: string[] = []
    host.contentDocument?.addEventListener('securitypolicyviolation', (event) =>
      violations.push(event.violatedDirective),
    )
    const opened = inner.open({ url: url('allowed') })
    const shown = await until(
      () => host.contentDocument?.querySelector('body > div')?.shadowRoot?.querySelector('dialog'),
      'the dialog',
    )
    equal(host.contentWindow?.getComputedStyle(shown).borderRadius, '20px')
    equal((await opened).status, 'resolved')
    equal(violations, [])
    host.remove()
  })
})

describe('<ase-checkpoint>', () => {
  it('tells by bubbling events what happens and puts the token into its form', async () => {
    const form = document.createElement('form')
    const element = document.createElement('ase-checkpoint')
    element.setAttribute('url', url('allowed'))
    element.setAttribute('response-field', 'proof')
    form.append(element)
    document.body.append(form)
    const events: string[] = []
    for (const name of ['open', 'statechange', 'complete', 'close', 'error']) {
      document.body.addEventListener(`ase:${name}`, () => events.push(name))
    }
    const open: () => Promise<Opened> = Reflect.get(element, 'open')
    equal((await open.call(element)).status, 'resolved')
    await until(() => events.includes('complete'), 'the event')
    equal([events[0], events.includes('error')], ['open', false])
    equal(new FormData(form).get('proof'), 'header.claims.signature')
    form.remove()
    await until(() => dialogs().length === 0, 'gone with its element')
  })
  it('closes when it is taken out, stays when it is only moved, and can be put back', async () => {
    const element = document.createElement('ase-checkpoint')
    element.setAttribute('url', url('intent'))
    document.body.append(element)
    const open: () => Promise<Opened> = Reflect.get(element, 'open')
    const opened = open.call(element)
    await frameShown()
    document.body.prepend(element)
    await new Promise((next) => setTimeout(next, 30))
    equal(dialogs().length, 1)
    element.remove()
    equal((await opened).status, 'cancelled')
    element.setAttribute('url', url('allowed'))
    document.body.append(element)
    equal((await open.call(element)).status, 'resolved')
    element.remove()
  })
})
