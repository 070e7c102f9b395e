import { render } from '@lit-labs/ssr'
import { collectResultSync } from '@lit-labs/ssr/lib/render-result.js'
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
  /** The frame's bundle: where it lies, or what it says. */
  frameScript: { path: string } | { code: string }
  /** The organisation's origins, as in `frame-ancestors`. */
  allowedParents: readonly string[]
}

/** JSON that can't end its own script element, whatever is in it (HTML standard, 4.12.1.3). */
const scriptSafeJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

type Document = Pick<Language, 'code' | 'direction'> & {
  nonce: string
  title: string
  framed?: boolean
  /** What is markup already, escaped. */
  scripts: string
  body: string
}

/**
 * Only the screen is a template. The document around it is text, because templates refuse to fill `<style>` and `<script>`, and
 * markup that is handed to them instead is parsed anew with every page. Every part here is ours, escaped, or script-safe JSON.
 */
const documentOf = ({
  code,
  direction,
  framed = false,
  nonce,
  title,
  scripts,
  body,
}: Document): string => `<!doctype html>
<html lang="${escapeHtml(code)}" dir="${escapeHtml(direction)}"${framed ? ' data-framed=""' : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
<title>${escapeHtml(title)}</title>
<style nonce="${escapeHtml(nonce)}">${styles}</style>
${scripts}
</head>
<body>
${body}
</body>
</html>`

const moduleScript = (nonce: string, script: ChallengePage['frameScript']): string =>
  'code' in script
    ? `<script type="module" nonce="${escapeHtml(nonce)}">${script.code}</script>`
    : `<script type="module" nonce="${escapeHtml(nonce)}" src="${escapeHtml(script.path)}"></script>`

const withoutScript = (view: SessionView, { screens }: Language) => {
  const { needsScript, fullPage } = screens.frame
  const whole = escapeHtml(`/challenge/${encodeURIComponent(view.session_key)}`)
  const link = `<a class="button" href="${whole}" target="_blank" rel="noopener">${escapeHtml(fullPage)}</a>`
  return `<noscript><div class="notice"><p>${escapeHtml(needsScript)}</p>${link}</div></noscript>`
}

/** The page of one session, whole or framed, as a complete HTML document. Throws only on a fault of ours. */
export const renderChallengePage = (page: ChallengePage): string => {
  const { view, framed, nonce } = page
  const language = languageOf(view.language)
  const { screens } = language
  const boot: PageBoot = { view, allowed_parents: [...page.allowedParents] }
  const screen = collectResultSync(render(renderScreen(view, screens)))
  return documentOf({
    code: language.code,
    direction: view.direction,
    nonce,
    title: screenTitle(view, screens),
    framed,
    scripts: `<script type="application/json" id="view">${scriptSafeJson(boot)}</script>
${moduleScript(nonce, page.frameScript)}`,
    body: `<main id="screen" class="checkpoint" data-screen="${escapeHtml(view.screen.screen)}"${framed ? ' inert=""' : ''}>
${screen}
</main>
<p id="announcement" class="unseen" role="status"></p>
${framed ? withoutScript(view, language) : ''}`,
  })
}

type WordsPage = { nonce: string; language: Language }

/** One message and nothing to answer: heading, what is safe, what to do. `script` runs under the response's nonce. */
const renderWords = (
  { nonce, language }: WordsPage,
  words: Record<'heading' | 'safe' | 'explanation', string>,
  script = '',
) =>
  documentOf({
    ...language,
    nonce,
    title: words.heading,
    scripts: script === '' ? '' : `<script nonce="${escapeHtml(nonce)}">${script}</script>`,
    body: `<main class="checkpoint">
<div class="ask">
<h1>${escapeHtml(words.heading)}</h1>
<p><b>${escapeHtml(words.safe)}</b></p>
<p>${escapeHtml(words.explanation)}</p>
</div>
</main>`,
  })

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
