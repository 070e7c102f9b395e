import type { Locator, Page } from 'playwright-core'

/** Whether keys typed now would go to that element. */
export const hasFocus = (element: Locator): Promise<boolean> =>
  element.evaluate((node) => {
    const root = node.getRootNode()
    return (root instanceof Document || root instanceof ShadowRoot) && root.activeElement === node
  })

/** What has the focus in the host page, seen from outside: an element behind a dialog must never appear here. */
export const focusInHost = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement } = document
    return activeElement?.shadowRoot?.querySelector('dialog')
      ? 'dialog'
      : (activeElement?.localName ?? 'nothing')
  })
