import type { RegionView } from '#contract/session-view'
import { localMoment } from '../screens/moment.ts'
import type { Texts } from '../texts/texts.ts'

/**
 * What only a script can add to a finished screen: the person's own clock, printing where it is allowed, and in a frame
 * the button that closes the host's dialog. That button is ours and not the host's, because whatever the host lays over
 * a frame counts as covering it. Its place is kept free beside the brand. The way back to the site closes the dialog as
 * well: the site's page is already there, behind it, and must not appear a second time inside.
 */
export const enhanceScreen = (
  main: ParentNode,
  texts: Texts,
  region: RegionView,
  closeFrame: (() => void) | null,
): void => {
  if (closeFrame) {
    const close = document.createElement('button')
    Object.assign(close, {
      type: 'button',
      className: 'close',
      ariaLabel: texts.frame.close,
      textContent: '×',
    })
    close.addEventListener('click', closeFrame)
    main.querySelector('header')?.append(close)
    for (const leave of main.querySelectorAll<HTMLElement>('[data-leave]')) {
      leave.hidden = false
      leave.addEventListener('click', (event) => {
        event.preventDefault()
        closeFrame()
      })
    }
  }
  for (const time of main.querySelectorAll('time')) {
    const local = localMoment(Date.parse(time.dateTime), region)
    if (local !== null) time.textContent = local
  }
  // A sandboxed frame may not open the print dialog.
  const print = main.querySelector<HTMLElement>('[data-print]')
  if (!print || closeFrame) return
  print.hidden = false
  print.addEventListener('click', () => window.print())
}
