import { render } from 'lit/html.js'
import { questionId, questionOptions, wordingsEach } from '#contract/question'
import type { SessionView } from '#contract/session-view'
import { renderScreen, screenTitle } from '../../../widget/screens/screen.ts'
import { styles } from '../../../widget/screens/styles.ts'
import { screens } from '../../../widget/texts/en/screens.ts'
import { wordings } from '../../../widget/texts/wording.ts'
import { asking, view, views } from '../views.ts'
import { equal, ok } from './expect.ts'
import { before, describe, it } from './mocha.ts'

const axeSource = await (await fetch('/node_modules/axe-core/axe.min.js')).text()

type Page = { document: Document; show: (view: SessionView) => HTMLElement; axe: () => Promise<string[]> }

/** One document of a given size, theme and direction, with the checkpoint's style sheet and axe in it. */
const openPage = async (size: [number, number], theme: string, direction = 'ltr'): Promise<Page> => {
  const frame = document.createElement('iframe')
  frame.width = `${size[0]}`
  frame.height = `${size[1]}`
  frame.srcdoc = `<!doctype html><html lang="en" dir="${direction}" data-theme="${theme}"><head><title>t</title>
    <style>${styles}</style></head><body><main id="screen" class="checkpoint"></main></body></html>`
  const loaded = new Promise((done) => frame.addEventListener('load', done))
  document.body.append(frame)
  await loaded
  const inner = frame.contentDocument
  const window = frame.contentWindow
  if (!inner || !window) throw new Error('the frame did not open')
  const script = inner.createElement('script')
  script.textContent = axeSource
  inner.head.append(script)
  return {
    document: inner,
    show: (shown) => {
      const main = inner.createElement('main')
      main.className = 'checkpoint'
      main.id = 'screen'
      render(renderScreen(shown, screens), main)
      inner.querySelector('main')?.replaceWith(main)
      inner.title = screenTitle(shown, screens)
      return main
    },
    axe: async () => {
      const found: { violations: { id: string; nodes: { html: string }[] }[] } = await Reflect.get(
        window,
        'axe',
      ).run(inner, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        rules: { 'color-contrast-enhanced': { enabled: true } },
      })
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    },
  }
}

const modes: [string, [number, number], string, string][] = [
  ['light at 390 × 700', [390, 700], 'light', 'ltr'],
  ['dark at 390 × 700', [390, 700], 'dark', 'ltr'],
  ['320 px wide', [320, 640], 'light', 'ltr'],
  ['right to left', [390, 700], 'light', 'rtl'],
  ['200 % of 640 px', [320, 480], 'dark', 'ltr'],
]

for (const [mode, size, theme, direction] of modes) {
  describe(`screens, ${mode}`, () => {
    let page: Page
    before(async () => {
      page = await openPage(size, theme, direction)
    })
    for (const [name, shown] of Object.entries(views)) {
      it(`${name}: axe finds nothing, nothing scrolls sideways`, async () => {
        page.show(shown)
        equal(await page.axe(), [])
        const { scrollWidth, clientWidth } = page.document.documentElement
        ok(scrollWidth <= clientWidth, `${scrollWidth} px in ${clientWidth} px`)
      })
    }
  })
}

describe('every screen', () => {
  let page: Page
  before(async () => {
    page = await openPage([390, 700], 'light')
  })
  const open = Object.entries(views).filter(([, { status }]) => status === 'open')

  for (const [name, shown] of Object.entries(views)) {
    it(`${name}: one heading that can take the focus, a title, no style attribute`, () => {
      const main = page.show(shown)
      equal(main.querySelectorAll('h1').length, 1)
      equal(main.querySelector('h1')?.tabIndex, -1)
      equal(main.querySelectorAll('[style]').length, 0)
      equal(page.document.title.startsWith(main.querySelector('h1')?.textContent ?? '?'), true)
    })
    it(`${name}: every form works without script and carries session and step token`, () => {
      for (const form of page.show(shown).querySelectorAll('form')) {
        equal(form.method, 'post')
        ok(/^\/checkpoint\/\w+$/.test(form.getAttribute('action') ?? ''), 'no address')
        equal(
          ['session', 'step_token'].map((field) => new FormData(form).get(field)),
          [shown.session_key, shown.step_token ?? ''],
        )
        ok(form.querySelector('button:not([type=button])'), 'no button')
      }
    })
    it(`${name}: targets are at least 44 px high`, () => {
      for (const target of page
        .show(shown)
        .querySelectorAll('button:not([hidden]), a, summary, input:not([type=hidden])')) {
        if (target.closest('details:not([open])') && target.tagName !== 'SUMMARY') continue
        ok(target.getBoundingClientRect().height >= 44, target.outerHTML)
      }
    })
  }

  for (const [name, shown] of open) {
    it(`${name}: the way out is there, asks nothing, and is no smaller than the way on`, () => {
      const main = page.show(shown)
      const stop = main.querySelector('form[action="/checkpoint/cancel"] button')?.getBoundingClientRect()
      ok(stop, 'no way out')
      for (const button of main.querySelectorAll('.answers button')) {
        const { width, height } = button.getBoundingClientRect()
        ok((stop?.width ?? 0) >= width && (stop?.height ?? 0) >= height, button.outerHTML)
      }
    })
    it(`${name}: what is about to happen is in view`, () => {
      const line = page.show(shown).querySelector('#action')
      ok(
        (line?.textContent?.length ?? 0) > 10 && (line?.getBoundingClientRect().bottom ?? 999) < 200,
        'not in view',
      )
    })
    it(`${name}: nothing lies below the fold at 390 × 700`, () => {
      page.show(shown)
      const { scrollHeight } = page.document.documentElement
      ok(scrollHeight <= 700, `${scrollHeight} px`)
    })
  }
})

describe('particular screens', () => {
  let page: Page
  before(async () => {
    page = await openPage([390, 700], 'light')
  })
  const named = (name: string) => page.show(views[name] ?? view())

  it('the three answers have one size and weight, in the session’s own order', () => {
    for (const name of ['intent', 'intent-variant-1', 'intent-variant-2']) {
      const buttons = [...named(name).querySelectorAll<HTMLButtonElement>('.answers button')]
      const { screen } = views[name] ?? view()
      equal(
        buttons.map(({ value }) => value),
        screen.screen === 'intent' ? screen.answers : null,
      )
      const looks = buttons.map((button) => {
        const { fontWeight, color, backgroundColor, borderColor } = getComputedStyle(button)
        const { width, height } = button.getBoundingClientRect()
        return [width, height, fontWeight, color, backgroundColor, borderColor].join()
      })
      equal(new Set(looks).size, 1)
      ok(!buttons.some((button) => button.autofocus || button.ariaPressed), 'an answer is chosen already')
    }
  })
  for (const question of questionId.options) {
    it(`${question}: in each wording all its answers have one size, none is chosen, and all stand above the fold`, () => {
      for (let variant = 0; variant < wordingsEach; variant += 1) {
        const main = page.show(asking(question, variant))
        const buttons = [...main.querySelectorAll<HTMLButtonElement>('.answers button')]
        equal(
          buttons.map(({ value }) => value),
          [...questionOptions[question]],
        )
        equal(
          new Set(buttons.map((button) => getComputedStyle(button).cssText + button.offsetHeight)).size,
          1,
        )
        equal(main.querySelectorAll('[checked], [autofocus], [aria-pressed]').length, 0)
        ok(
          page.document.documentElement.scrollHeight <= 700,
          `${page.document.documentElement.scrollHeight} px`,
        )
      }
    })
  }
  it('the code is one field for numbers that takes a pasted code with a space', () => {
    const input = named('code').querySelector<HTMLInputElement>('#code')
    if (!input) throw new Error('no field')
    equal([input.inputMode, input.autocomplete, input.type], ['numeric', 'one-time-code', 'text'])
    input.value = '482 913'
    equal(input.checkValidity(), true)
    equal(input.maxLength >= 8, true)
  })
  it('no code can be asked for again when none is left', () => {
    equal(named('code-last-try').querySelector('form[action="/checkpoint/resend"]'), null)
    ok(named('code').querySelector('form[action="/checkpoint/resend"]'), 'no way to ask')
  })
  it('red is used on Break Contact alone', () => {
    const red = getComputedStyle(named('break-yes').querySelector('h1') ?? document.body).color
    for (const [name, shown] of Object.entries(views)) {
      if (shown.screen.screen === 'break_contact') continue
      const colours = [...page.show(shown).querySelectorAll('*')].map(
        (element) => getComputedStyle(element).color,
      )
      ok(!colours.includes(red), name)
    }
  })
  it('Break Contact shows the company’s number, the reference and the end of the hold', () => {
    const text = named('break-yes').textContent ?? ''
    ok(
      ['+1 202 555 0143', 'K7-4Q9'].every((part) => text.includes(part)),
      text,
    )
    ok(!named('break-no-phone').textContent?.includes('null'), 'null is shown')
  })
  const holdWords = (name: string) =>
    named(name).querySelector('#hold')?.textContent?.replaceAll(/\s+/g, ' ').trim()

  it('a hold says when it can be started again and who alone ends it earlier, never as if waiting sent it', () => {
    const earlier = 'Only Northwind Bank can end this earlier, after speaking with you.'
    equal(holdWords('break-yes'), `You can start this payment again after Sat 21 Nov, 23:01. ${earlier}`)
    equal(
      holdWords('break-email-change'),
      `You can start this change again after Sat 21 Nov, 23:01. ${earlier}`,
    )
    equal(
      holdWords('break-until-spoken'),
      'You can start this payment again after Northwind Bank has spoken with you. Nobody else can end this.',
    )
    equal(
      holdWords('break-export'),
      'You can start this export again after Northwind Bank has spoken with you. Nobody else can end this.',
    )
    equal(named('break-until-spoken').querySelector('#hold time'), null)
    equal(named('break-no-phone').querySelector('#hold'), null)
    for (const wording of wordings) {
      const shown = page.show(view({ ...views['break-held'], action: { ...view().action, wording } }))
      const text = shown.textContent ?? ''
      ok(!/stays? on hold|waits|speed|released?\b|will be (sent|done|carried)/i.test(text), text)
    }
  })
  it('a time is written by the person’s region, and names the clock where it is not theirs', () => {
    const words = holdWords('break-on-another-clock') ?? ''
    ok(words.includes('after Sat, Nov 21, 4:01 PM CST.'), words)
  })
  it('every screen that ends a session leads back to the site when there is a way, by a plain link', () => {
    const link = 'a[href="https://bank.example/transfer/done?session_id=ses_01"]'
    for (const [name, shown] of Object.entries(views)) {
      if (shown.status !== 'resolved') continue
      const back = page.show({ ...shown, return_url: 'https://bank.example/transfer/done?session_id=ses_01' })
      equal(back.querySelectorAll(link).length, 1)
      equal(page.show({ ...shown, return_url: null }).querySelectorAll('a').length, 0)
      ok(back.textContent?.includes('Northwind Bank'), name)
    }
  })
  it('the filled button of success is the way on; taking it back is the quiet one, below', () => {
    const main = named('allowed-undo')
    const filled = getComputedStyle(main.querySelector('.go') ?? main).backgroundColor
    const undo = main.querySelector<HTMLElement>('form[action="/checkpoint/intent"] button')
    ok(undo && getComputedStyle(undo).backgroundColor !== filled, 'the alarm is filled')
    ok(
      (undo?.getBoundingClientRect().top ?? 0) >
        (main.querySelector('.go')?.getBoundingClientRect().bottom ?? 999),
      'the alarm stands first',
    )
    const late = named('allowed').querySelector('.way-out')?.textContent?.replaceAll(/\s+/g, ' ').trim()
    equal(late, 'Was it not your own idea after all? Then call us now: +1 202 555 0143.')
  })
  it('whoever takes it back too late is told so, and whom to call', () => {
    const main = named('allowed-too-late')
    equal(main.querySelector('#error')?.textContent, 'This can’t be taken back here any more.')
    ok(main.textContent?.includes('+1 202 555 0143'), 'no number')
  })
  it('the pause asks for nothing, and says the seconds only where no button counts them', () => {
    const main = named('pause')
    ok(!/answer/.test(main.textContent ?? ''), main.textContent ?? '')
    const said = main.querySelector<HTMLElement>('.without-script')
    equal([said?.textContent, said?.offsetHeight], ['You can go on after 30 seconds.', 0])
    equal(named('pause-over').querySelector('.without-script'), null)
  })
  it('an allowed action can be taken back while its time runs, and not afterwards', () => {
    const undo = named('allowed-undo').querySelector<HTMLButtonElement>(
      'form[action="/checkpoint/intent"] button',
    )
    equal([undo?.name, undo?.value], ['answer', 'yes'])
    equal(named('allowed').querySelector('form'), null)
  })
  it('what was typed into a payment form stays text', () => {
    const markup = '<img src=x onerror=alert(1)>'
    const { action } = view()
    const payee = { name: markup, account_ending: '5555', is_new: true }
    for (const screen of [view().screen, { screen: 'confirm_action' } as const]) {
      const main = page.show(view({ screen, action: { ...action, payee, location: markup } }))
      equal(main.querySelector('img'), null)
      ok(main.textContent?.includes(markup), 'the name is missing')
    }
  })
})
