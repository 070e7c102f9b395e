import { render } from 'lit/html.js'
import type { PageBoot } from '#contract/page-boot'
import type { SessionView } from '#contract/session-view'
import { countdownOf, renderScreen, screenTitle } from '../screens/screen.ts'
import { runCountdowns } from './countdowns.ts'
import { enhanceScreen } from './enhance-screen.ts'
import { focusHeading } from './focus-heading.ts'
import { type HostLink, listenForHost } from './host-link.ts'
import { leaveWhenRead } from './leave-when-read.ts'
import { createNotice, type Notice } from './notice.ts'
import { sayOpened } from './say-opened.ts'
import { provesVisibility, SeenGuard } from './seen-guard.ts'
import { type SendRefusal, sendSubmit } from './send-submit.ts'
import { type ServerClock, serverClock } from './server-clock.ts'
import { texts } from './texts.ts'
import { unprovableScreen } from './unprovable-screen.ts'

const slowAfterMs = 3000
/** After the deadline the page asks the server once more; never more often than this, should the clocks disagree. */
const reloadEarliestMs = 5000

/**
 * The checkpoint in a browser, framed or whole. It takes the server's page over by listening for submits: the first
 * screen's nodes stay as the server wrote them until its first answer arrives. Every later screen is rendered into a
 * fresh `<main>`, so no value leaks from one step to the next.
 *
 * An allowed session is not sent on by itself: the person follows the link, and can change the answer until then.
 */
export class Checkpoint {
  readonly #framed: boolean
  readonly #guard: SeenGuard
  readonly #notice: Notice
  readonly #host: HostLink
  #view: SessionView
  #main: HTMLElement
  #clock: ServerClock
  #stopCountdowns = () => {}
  #pending: AbortController | undefined
  #deadline: ReturnType<typeof setTimeout> | undefined
  #stay = () => {}

  constructor(boot: PageBoot, main: HTMLElement, framed: boolean) {
    this.#framed = framed
    this.#view = boot.view
    this.#main = main
    this.#clock = serverClock(boot.view.server_now)
    this.#guard = new SeenGuard(framed)
    this.#notice = createNotice((sentence) => this.#announce(sentence))
    this.#host = listenForHost(boot.allowed_parents, {
      screen: () => this.#view.screen.screen,
      connected: () => this.#tellHost(),
      focus: () => this.#focusHeading(),
      theme: (theme) => {
        document.documentElement.dataset['theme'] = theme
      },
    })
  }

  start(): void {
    document.addEventListener('submit', (event) => this.#onSubmit(event))
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented || !this.#framed) return
      event.preventDefault()
      this.#requestClose()
    })
    // A page that comes back from the history shows an old step; the server knows the present one.
    addEventListener('pageshow', (event) => event.persisted && location.reload())
    new ResizeObserver(() => this.#tellHeight()).observe(document.body)
    if (this.#mustLeaveFrame()) {
      this.#show(this.#view)
      return
    }
    this.#guard.watchFirst(this.#main)
    this.#settleIn()
    this.#main.inert = false
    sayOpened(this.#view)
  }

  #mustLeaveFrame(): boolean {
    const { full_page_if_unprovable, status } = this.#view
    return this.#framed && full_page_if_unprovable && status === 'open' && !provesVisibility()
  }

  #onSubmit(event: SubmitEvent): void {
    const form = event.target
    if (!(form instanceof HTMLFormElement)) return
    const action = /^\/checkpoint\/(\w+)$/.exec(form.getAttribute('action') ?? '')?.[1]
    if (!action) return
    event.preventDefault()
    if (event.submitter?.getAttribute('aria-disabled') || this.#guard.state === 'settling') return
    if (this.#guard.state === 'covered') {
      this.#notice.show(this.#main, texts.frame.covered, [this.#fullPageChoice()])
      return
    }
    // Stop is never kept waiting by an answer that is still under way.
    if (this.#pending && action !== 'cancel') return
    const fields: Record<string, string> = {}
    for (const [name, value] of new FormData(form, event.submitter)) {
      if (typeof value === 'string') fields[name] = value
    }
    void this.#submit(action, fields)
  }

  async #submit(action: string, fields: Record<string, string>): Promise<void> {
    this.#pending?.abort()
    const mine = new AbortController()
    this.#pending = mine
    const again = { label: texts.frame.tryAgain, choose: () => void this.#submit(action, fields) }
    this.#main.ariaBusy = 'true'
    this.#announce(texts.frame.working)
    const slow = setTimeout(
      () => this.#notice.show(this.#main, texts.frame.stillWorking, [again, this.#fullPageChoice()]),
      slowAfterMs,
    )
    const result = await sendSubmit(action, fields, mine)
    clearTimeout(slow)
    if (this.#pending !== mine) return
    this.#pending = undefined
    this.#main.ariaBusy = null
    this.#notice.hide()
    if (result.ok) return this.#show(result.view)
    if (result.reason === 'gone') return location.reload()
    this.#notice.show(this.#main, this.#refusalWords(result.reason), [again, this.#fullPageChoice()])
  }

  #show(view: SessionView): void {
    const main = document.createElement('main')
    main.id = 'screen'
    main.className = 'checkpoint'
    main.dataset['screen'] = view.screen.screen
    this.#view = view
    this.#clock = serverClock(view.server_now)
    const leave = this.#mustLeaveFrame()
    render(leave ? unprovableScreen(view, () => this.#openFullPage()) : renderScreen(view, texts), main)
    document.title = screenTitle(view, texts)
    this.#main.replaceWith(main)
    this.#main = main
    this.#guard.watch(main)
    this.#settleIn()
    const said = this.#isThanks() ? texts.allowed.heading : ''
    this.#announce(view.error ? texts.error[view.error] : said)
    const field = view.error ? main.querySelector<HTMLElement>('input:not([type=hidden])') : null
    field?.focus()
    this.#focusHeading()
    this.#tellHost()
  }

  #settleIn(): void {
    this.#stopCountdowns()
    this.#stopCountdowns = runCountdowns(
      this.#main,
      this.#clock,
      countdownOf(this.#view, texts),
      (sentence) => this.#announce(sentence),
    )
    enhanceScreen(this.#main, texts, this.#view.region, this.#framed ? () => this.#requestClose() : null)
    clearTimeout(this.#deadline)
    this.#stay()
    if (this.#isThanks() && !this.#view.error) this.#stay = leaveWhenRead(() => this.#requestClose())
    if (this.#view.status !== 'open') return
    const left = this.#view.deadline_at - this.#clock() + 1000
    this.#deadline = setTimeout(() => location.reload(), Math.max(reloadEarliestMs, left))
  }

  /** After an allow the host has its page and its focus back: what the frame still says must not take them again. */
  #isThanks(): boolean {
    return this.#framed && this.#view.screen.screen === 'allowed'
  }

  #focusHeading(): void {
    if (!this.#isThanks()) focusHeading(this.#main)
  }

  #tellHost(): void {
    const { session_id, status, outcome, resolution, ended, token, screen } = this.#view
    this.#host.send({ type: 'screen', screen: screen.screen, title: document.title })
    this.#tellHeight()
    if (screen.screen === 'break_contact') this.#host.send({ type: 'contact_broken', session_id })
    if (status === 'resolved' && outcome && resolution) {
      this.#host.send({ type: 'resolved', session_id, outcome, resolution, ended, token })
    }
  }

  #tellHeight(): void {
    this.#host.send({ type: 'resize', height: document.documentElement.scrollHeight })
  }

  #requestClose(): void {
    this.#host.send({ type: 'close_requested' })
  }

  #openFullPage(): void {
    this.#host.send({ type: 'full_page_requested' })
  }

  #fullPageChoice() {
    return this.#framed && { label: texts.frame.fullPage, choose: () => this.#openFullPage() }
  }

  #refusalWords(reason: Exclude<SendRefusal, 'gone'>): string {
    return reason === 'too_many' ? texts.frame.tooMany : texts.frame.unreachable(this.#view.brand.name)
  }

  #announce(sentence: string): void {
    const region = document.getElementById('announcement')
    if (region) region.textContent = sentence
  }
}
