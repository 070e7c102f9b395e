import { render } from 'lit/html.js'
import * as z from 'zod/mini'
import { keepAliveWhileUsed, recogniseMe } from './account.ts'
import { followLinks } from './go.ts'
import { listenToKeys } from './keys.ts'
import { change, drawWith } from './state.ts'
import { css } from './style.ts'
import { page, titleOf } from './views/page.ts'

/** The analysts' page. What people and sites wrote is only ever put into text nodes and attributes, by lit. */

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
  document.title = titleOf()
})

followLinks()
listenToKeys()
keepAliveWhileUsed()

const clockTickMs = 15_000
setInterval(() => change({ now: Date.now() }), clockTickMs)

change({})
void recogniseMe()
