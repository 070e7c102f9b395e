import { render } from 'lit/html.js'
import * as z from 'zod/mini'
import { keepAliveWhileUsed, recogniseMe } from './account.ts'
import { page, pageTitle } from './frame.ts'
import { openViews } from './go.ts'
import { listenToKeys } from './keys.ts'
import { change, drawWith } from './state.ts'
import { css } from './style.ts'
import type { View } from './view.ts'

const clockTickMs = 15_000

/** Opens the desk with these views. What people and sites wrote is only ever put into text nodes and attributes, by lit. */
export const startDesk = (views: readonly View[]): void => {
  // The schemas' compiler would ask for eval, which the page's policy refuses and reports.
  z.config({ jitless: true })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  document.adoptedStyleSheets = [sheet]
  const root = document.createElement('div')
  root.id = 'app'
  document.body.append(root)
  drawWith(() => {
    render(page(), root)
    document.title = pageTitle()
  })
  openViews(views)
  listenToKeys()
  keepAliveWhileUsed()
  setInterval(() => change({ now: Date.now() }), clockTickMs)
  change({})
  void recogniseMe()
}
