import type { Texts } from '../texts/texts.ts'
import type { ServerClock } from './server-clock.ts'

const tickMs = 200

/**
 * Runs the buttons that open at a time: their label counts down, their size and place stay. The server refuses an early
 * press by itself; this only spares people the attempt. Returns what stops it.
 */
export const runCountdowns = (
  root: ParentNode,
  now: ServerClock,
  texts: Texts,
  announce: (sentence: string) => void,
): (() => void) => {
  const waiting = new Set(root.querySelectorAll<HTMLElement>('[data-countdown]'))

  const label = (button: HTMLElement, seconds: number) => {
    const pause = button.dataset['countdown'] === 'pause'
    if (seconds > 0)
      return pause ? texts.steps.pause.continueIn(seconds) : texts.steps.email_code.resendIn(seconds)
    return pause ? texts.steps.pause.continue : texts.steps.email_code.resend
  }

  const tick = () => {
    for (const button of waiting) {
      const seconds = Math.ceil((Number(button.dataset['until']) - now()) / 1000)
      const words = label(button, seconds)
      if (button.textContent !== words) button.textContent = words
      if (seconds > 0) {
        button.setAttribute('aria-disabled', 'true')
        continue
      }
      waiting.delete(button)
      if (button.getAttribute('aria-disabled') && button.dataset['countdown'] === 'pause')
        announce(texts.steps.pause.over)
      button.removeAttribute('aria-disabled')
    }
    if (waiting.size === 0) clearInterval(timer)
  }

  const timer = setInterval(tick, tickMs)
  tick()
  return () => clearInterval(timer)
}
