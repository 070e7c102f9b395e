/**
 * Puts the focus on the heading, unless the person is already somewhere on the screen: refocusing would blur what they
 * are typing into. A frame whose dialog is not shown yet has no boxes, and focus there is lost, so it waits for them.
 */
export const focusHeading = (main: HTMLElement): void => {
  const heading = main.querySelector('h1')
  if (!heading || !main.isConnected || main.contains(document.activeElement)) return
  if (heading.getClientRects().length > 0) heading.focus()
  else requestAnimationFrame(() => focusHeading(main))
}
