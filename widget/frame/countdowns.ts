import type { Countdown } from '../screens/define-screen.ts'
import type { ServerClock } from './server-clock.ts'

const tickMs = 200

/**
 * Runs the buttons that open at a time: their label counts down, their size and place stay. The server refuses an early
 * press by itself; this only spares people the attempt. Returns what stops it.
 */
export const runCountdowns = (
  root: ParentNode,
  now: ServerClock,
  words: Countdown | undefined,
  announce: (sentence: string) => void,
): (() => void) => {
  if (!words) return () => {}
  const waiting = new Set(root.querySelectorAll<HTMLElement>('[data-countdown]'))

  const tick = () => {
    for (const button of waiting) {
      const seconds = Math.ceil((Number(button.dataset['until']) - now()) / 1000)
      const label = seconds > 0 ? words.waiting(seconds) : words.ready
      if (button.textContent !== label) button.textContent = label
      if (seconds > 0) {
        button.setAttribute('aria-disabled', 'true')
        continue
      }
      waiting.delete(button)
      if (button.getAttribute('aria-disabled') && words.over) announce(words.over)
      button.removeAttribute('aria-disabled')
    }
    if (waiting.size === 0) clearInterval(timer)
  }

  const timer = setInterval(tick, tickMs)
  tick()
  return () => clearInterval(timer)
}
