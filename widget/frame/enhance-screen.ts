import { localMoment } from '../screens/moment.ts'

/** What only a script can add to a finished screen: the person's own clock, and printing where it is allowed. */
export const enhanceScreen = (main: ParentNode, language: string, framed: boolean): void => {
  for (const time of main.querySelectorAll('time')) {
    time.textContent = localMoment(Date.parse(time.dateTime), language)
  }
  // A sandboxed frame may not open the print dialog.
  const print = main.querySelector<HTMLElement>('[data-print]')
  if (!print || framed) return
  print.hidden = false
  print.addEventListener('click', () => window.print())
}
