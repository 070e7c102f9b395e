import type { FrameToHost } from '#contract/frame'
import { createDialogView, make } from './dialog-view.ts'
import { type FrameLink, linkFrame } from './frame-link.ts'
import { type ErrorCode, failed, type Opened, type OpenOptions } from './opened.ts'
import * as words from './words.ts'

const slowAfterMs = 3000
const unreachableAfterMs = 15_000
/** The key press or click that closes the dialog is still being handled in the frame: it may finish there first. */
const removeAfterMs = 200
/** Longer than any session lives: nothing may keep a site's promise open for ever. */
const openLongestMs = 20 * 60_000
const dialogHeightPx = 660

const failures = ['cancelled', 'expired', 'locked'] as const

const settled = (message: Extract<FrameToHost, { type: 'resolved' }>): Opened => {
  const { outcome, resolution, ended, session_id, token } = message
  const why = resolution === 'code_failed' ? 'locked' : resolution
  const code = failures.find((known) => known === why)
  return code ? { ...failed(code), ended } : { status: 'resolved', outcome, ended, token, session_id }
}

/** Closes what the last popup still shows. */
let clear = () => {}

/**
 * Shows a session's page in a modal dialog and settles when it ends. An allowed action settles at once, so that the site goes
 * on, and its page is free again; what the frame says stays beside it until the frame has been read, unless the page is left.
 * Any other ending settles when the person closes it. A page that can't be reached says so and keeps offering another try and
 * the whole page, until the person closes it.
 */
export const openPopup = ({ href, origin }: URL, options: OpenOptions): Promise<Opened> => {
  const theme = options.theme ?? 'auto'
  const view = createDialogView(theme)
  const { dialog, frame, panel, say } = view
  const opener = document.activeElement
  const emit = (state: string) => options.onEvent?.('statechange', { state })

  return new Promise((settle) => {
    const cleanUp = new AbortController()
    const { signal } = cleanUp
    let link: FrameLink | undefined
    let result: Opened | undefined
    let obstacle: ErrorCode | undefined
    let height = dialogHeightPx
    let elsewhere = false
    let timers: ReturnType<typeof setTimeout>[] = []
    const stopTimers = () => timers.forEach(clearTimeout)

    const finish = (answer: Opened) => {
      if (signal.aborted) return
      cleanUp.abort()
      stopTimers()
      clearTimeout(longest)
      link?.stop()
      dialog.close()
      setTimeout(() => view.host.remove(), removeAfterMs)
      // Unless the page or the person has taken the focus elsewhere, once the page was free.
      const isOurs = [view.host, document.body].some((element) => element === document.activeElement)
      if (isOurs && opener instanceof HTMLElement) opener.focus({ preventScroll: true })
      options.onEvent?.('close', {})
      settle(answer)
    }
    const dismiss = () => finish(result ?? failed(obstacle ?? 'cancelled'))
    const longest = setTimeout(() => finish(result ?? failed('timeout')), openLongestMs)

    const wayOuts = (again: string) => [
      make('button', { textContent: again, onclick: load }),
      make('a', {
        textContent: words.fullPage,
        href,
        target: '_blank',
        rel: 'noopener',
        onclick: () => setTimeout(waitElsewhere),
      }),
    ]
    const unreachable = (code: ErrorCode) => {
      stopTimers()
      obstacle = code
      say(words.unreachable, ...wayOuts(words.retry))
      // For the developer: `origin_not_allowed` wants this very origin registered.
      console.error(code, location.origin)
      options.onEvent?.('error', { code, origin: location.origin })
    }
    const waitElsewhere = () => {
      elsewhere = true
      stopTimers()
      say(words.elsewhere, ...wayOuts(words.done))
      emit('elsewhere')
    }

    function load() {
      elsewhere = false
      stopTimers()
      link?.stop()
      say(words.opening)
      timers = [
        setTimeout(() => say(words.slow, ...wayOuts(words.retry)), slowAfterMs),
        setTimeout(() => unreachable(navigator.onLine ? 'unreachable' : 'network_error'), unreachableAfterMs),
      ]
      frame.className = 'w'
      frame.src = href
      emit('opening')
    }

    const onReady = () => {
      stopTimers()
      obstacle = undefined
      panel.hidden = true
      frame.className = ''
      // Focusing the frame again would blur what the person is typing into.
      if (view.root.activeElement !== frame) frame.focus({ preventScroll: true })
      link?.send({ type: 'focus' })
      emit('ready')
    }

    const onMessage = (message: FrameToHost) => {
      if (message.type === 'ready') onReady()
      if (message.type === 'origin_not_allowed') unreachable(message.type)
      if (message.type === 'screen') emit(message.screen)
      if (message.type === 'contact_broken') {
        options.onEvent?.('breakcontact', { session_id: message.session_id })
      }
      if (message.type === 'close_requested') dismiss()
      if (message.type === 'resize' && message.height > height) {
        // It only ever grows, so that buttons keep their place.
        height = message.height
        dialog.style.setProperty('--h', `${height}px`)
      }
      if (message.type === 'full_page_requested') {
        open(href, '_blank', 'noopener')
        waitElsewhere()
      }
      if (message.type === 'resolved') {
        result = settled(message)
        emit('resolved')
        if (message.outcome === 'allow') {
          settle(result)
          dialog.onclose = null
          dialog.close()
          // Shown without the steps that would take the focus again.
          dialog.open = true
        }
      }
    }

    frame.onload = () => {
      link?.stop()
      link = linkFrame(frame, origin, { type: 'theme', theme }, onMessage)
    }
    view.close.onclick = dialog.oncancel = dialog.onclose = dismiss
    options.signal?.addEventListener('abort', dismiss, { signal })
    document.addEventListener(
      'securitypolicyviolation',
      (event) => event.effectiveDirective === 'frame-src' && unreachable('origin_not_allowed'),
      { signal },
    )
    document.addEventListener('visibilitychange', () => elsewhere && !document.hidden && load(), { signal })

    clear()
    clear = dismiss
    options.onEvent?.('open', {})
    // The address comes before the frame is in the page: an empty document would have this page's origin.
    load()
    document.body.append(view.host)
    dialog.showModal()
    if (options.signal?.aborted) dismiss()
  })
}
