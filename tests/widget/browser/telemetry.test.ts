import { telemetry as contract } from '#contract/event'
import type { Engine } from '../../../widget/loader/engine.ts'
import { watchPage } from '../../../widget/loader/telemetry.ts'
import { equal, ok } from './expect.ts'
import { afterEach, beforeEach, describe, it } from './mocha.ts'

const engine: Engine = Reflect.get(globalThis, 'AntiSocialEngine')
const item = 'ase_device'

/** Puts `value` in place of a property that the browser owns, until the test is over. */
const undo: (() => void)[] = []
const pretend = (owner: object, name: string, property: PropertyDescriptor) => {
  const before = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, { configurable: true, ...property })
  undo.push(() => {
    if (before) Object.defineProperty(owner, name, before)
    else Reflect.deleteProperty(owner, name)
  })
}

const pasteInto = (element: Element) =>
  element.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, composed: true }))

describe('telemetry()', () => {
  let form: HTMLFormElement
  const field = (name: string) => {
    const found = form.querySelector(`[name="${name}"]`)
    if (!found) throw new Error(`no field ${name}`)
    return found
  }
  beforeEach(() => {
    localStorage.removeItem(item)
    form = document.createElement('form')
    const payee = document.createElement('fieldset')
    payee.dataset['asePayee'] = ''
    for (const [name, place] of [
      ['account', payee],
      ['note', form],
    ] as const) {
      const input = document.createElement('input')
      input.name = name
      place.append(input)
    }
    form.append(payee)
    document.body.append(form)
  })
  afterEach(() => {
    form.remove()
    for (const restore of undo.splice(0)) restore()
  })

  it('is there from the script tag, and says what the contract of the event takes', () => {
    const said = engine.telemetry()
    contract.parse(said)
    equal(Object.keys(said).sort(), Object.keys(contract.def.shape).sort())
    equal(said.language, navigator.language)
    equal(said.time_zone, Intl.DateTimeFormat().resolvedOptions().timeZone)
    equal(said.screen, { width: screen.width, height: screen.height, pixel_ratio: devicePixelRatio })
    ok((said.dwell_ms ?? 0) > 0, 'no time in sight')
  })

  it('keeps nothing before the site asks', () => {
    watchPage()
    equal(localStorage.getItem(item), null)
  })
  it('names the device by chance, the same at every visit until the site forgets it', () => {
    const first = watchPage()().device_id
    equal(watchPage()().device_id, first)
    localStorage.removeItem(item)
    ok(watchPage()().device_id !== first, 'the same after it was forgotten')
  })
  for (const [what, kept] of [
    ['something else that lies there', '{"user":"ana"}'],
    ['a text that no event may carry', '1\u0000'.repeat(100)],
    ['nothing', ''],
  ] as const) {
    it(`replaces ${what}`, () => {
      localStorage.setItem(item, kept)
      const { device_id } = contract.parse(watchPage()())
      ok(device_id && device_id !== kept, String(device_id))
      equal(localStorage.getItem(item), device_id)
    })
  }
  it('knows no device where storage is refused', () => {
    pretend(globalThis, 'localStorage', {
      get: () => {
        throw new DOMException('refused', 'SecurityError')
      },
    })
    equal(watchPage()().device_id, null)
  })

  const connections: [string, object | undefined, string | null][] = [
    ['the kind', { type: 'wifi', effectiveType: '4g' }, 'wifi'],
    ['the speed where there is no kind', { effectiveType: '3g' }, '3g'],
    ['unknown where the browser says nothing', undefined, null],
  ]
  for (const [what, connection, expected] of connections) {
    it(`tells of the connection ${what}`, () => {
      pretend(navigator, 'connection', { value: connection })
      equal(contract.parse(watchPage()()).connection, expected)
    })
  }

  it('tells a pasted payee from a typed one, and never what was pasted', () => {
    const telemetry = watchPage()
    equal(telemetry().payee_pasted, false)
    pasteInto(field('note'))
    equal(telemetry().payee_pasted, false)
    form.addEventListener('paste', (event) => event.stopPropagation(), true)
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', 'GB33BUKB20201555555555')
    field('account').dispatchEvent(new ClipboardEvent('paste', { bubbles: true, clipboardData }))
    equal(telemetry().payee_pasted, true)
    ok(!JSON.stringify(telemetry()).includes('GB33'), 'the account was read')
    form.remove()
    equal(telemetry().payee_pasted, true)
  })
  it('does not know about pasting where no field is marked', () => {
    form.remove()
    equal(watchPage()().payee_pasted, null)
  })

  it('counts the time in sight, and none in the background', () => {
    let now = 1000.4
    let hidden = false
    pretend(performance, 'now', { value: () => now })
    pretend(document, 'hidden', { get: () => hidden })
    const show = (isShown: boolean) => {
      hidden = !isShown
      document.dispatchEvent(new Event('visibilitychange'))
    }
    const telemetry = watchPage()
    const dwellAfter = (ms: number) => {
      now += ms
      return telemetry().dwell_ms
    }
    equal(dwellAfter(2500), 2500)
    show(false)
    equal(dwellAfter(60_000), 2500)
    show(true)
    equal([dwellAfter(700), dwellAfter(300)], [3200, 3500])
    show(false)
    equal(watchPage()().dwell_ms, 0, 'opened in the background:')
  })
})
