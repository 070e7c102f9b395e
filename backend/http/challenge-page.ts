import { html, render } from '@lit-labs/ssr'
import { collectResultSync } from '@lit-labs/ssr/lib/render-result.js'
import { unsafeHTML } from 'lit/directives/unsafe-html.js'
import type { PageBoot } from '#contract/page-boot'
import type { SessionView } from '#contract/session-view'
import { renderScreen, screenTitle } from '../../widget/screens/screen.ts'
import { styles } from '../../widget/screens/styles.ts'
import { escapeHtml } from '../../widget/texts/escape-html.ts'
import { languageOf } from '../../widget/texts/languages.ts'
import type { Language } from '../../widget/texts/texts.ts'
import { unregisteredParentScript } from './unregistered-parent.ts'

/**
 * The checkpoint's document. A whole page works without script: plain forms, no cookie. A framed page is inert until
 * its script has made sure that it is seen, because a form that is live in a frame can be clicked unseen.
 */

export type ChallengePage = {
  view: SessionView
  /** The response's CSP nonce: base64 or hex, made by us. */
  nonce: string
  framed: boolean
  /** Path of the frame's bundle, from the build manifest. */
  frameScript: string
  /** The organisation's origins, as in `frame-ancestors`. */
  allowedParents: readonly string[]
}

/** JSON that can't end its own script element, whatever is in it (HTML standard, 4.12.1.3). */
const scriptSafeJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Raw-text elements, which templates refuse to fill: every part here is ours, escaped, or script-safe JSON. */
const styleElement = (nonce: string) => unsafeHTML(`<style nonce="${escapeHtml(nonce)}">${styles}</style>`)
const bootElement = (boot: PageBoot) =>
  unsafeHTML(`<script type="application/json" id="view">${scriptSafeJson(boot)}</script>`)
const scriptElement = (nonce: string, path: string) =>
  unsafeHTML(`<script type="module" nonce="${escapeHtml(nonce)}" src="${escapeHtml(path)}"></script>`)

const head = (nonce: string, title: string) =>
  html`<meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <meta name="format-detection" content="telephone=no" />
    <title>${title}</title>
    ${styleElement(nonce)}`

const withoutScript = (view: SessionView, { screens }: Language) => {
  const { needsScript, fullPage } = screens.frame
  const whole = escapeHtml(`/challenge/${encodeURIComponent(view.session_key)}`)
  const link = `<a class="button" href="${whole}" target="_blank" rel="noopener">${escapeHtml(fullPage)}</a>`
  return unsafeHTML(`<noscript><div class="notice"><p>${escapeHtml(needsScript)}</p>${link}</div></noscript>`)
}

/** The page of one session, whole or framed, as a complete HTML document. Throws only on a fault of ours. */
export const renderChallengePage = (page: ChallengePage): string => {
  const { view, nonce, framed } = page
  const language = languageOf(view.language)
  return collectResultSync(
    render(html`<!doctype html>
      <html lang=${language.code} dir=${view.direction} ?data-framed=${framed}>
        <head>
          ${head(nonce, screenTitle(view, language.screens))} ${bootElement({ view, allowed_parents: [...page.allowedParents] })}
          ${scriptElement(nonce, page.frameScript)}
        </head>
        <body>
          <main id="screen" class="checkpoint" data-screen=${view.screen.screen} ?inert=${framed}>
            ${renderScreen(view, language.screens)}
          </main>
          <p id="announcement" class="unseen" role="status"></p>
          ${framed ? withoutScript(view, language) : ''}
        </body>
      </html>`),
  )
}

type WordsPage = { nonce: string; language: Language }

/** One message and nothing to answer: heading, what is safe, what to do. `script` runs under the response's nonce. */
const renderWords = (
  { nonce, language }: WordsPage,
  words: Record<'heading' | 'safe' | 'explanation', string>,
  script = '',
) =>
  collectResultSync(
    render(html`<!doctype html>
      <html lang=${language.code} dir=${language.direction}>
        <head>
          ${head(nonce, words.heading)}
          ${script === '' ? '' : unsafeHTML(`<script nonce="${escapeHtml(nonce)}">${script}</script>`)}
        </head>
        <body>
          <main class="checkpoint">
            <div class="ask">
              <h1>${words.heading}</h1>
              <p><b>${words.safe}</b></p>
              <p>${words.explanation}</p>
            </div>
          </main>
        </body>
      </html>`),
  )

/** The page of a link that opens nothing: unknown, cut off, or long gone. It says nothing about whether it ever existed. */
export const renderMissingPage = (page: WordsPage): string => renderWords(page, page.language.screens.missing)

/** The page for a browser when a request failed: too many of them, or a part of ours that does not answer. */
export const renderTroublePage = (page: WordsPage & { tooMany: boolean }): string => {
  const { trouble } = page.language.screens
  return renderWords(page, { ...trouble, explanation: page.tooMany ? trouble.tooMany : trouble.later })
}

/** The frame of a page whose origin is not registered: words for a person, and the word for the loader. */
export const renderUnregisteredParentPage = (page: WordsPage): string => {
  const { trouble } = page.language.screens
  return renderWords(page, { ...trouble, explanation: trouble.later }, unregisteredParentScript)
}
