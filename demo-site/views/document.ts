import { html, render } from '@lit-labs/ssr'
import { collectResultSync } from '@lit-labs/ssr/lib/render-result.js'
import { nothing } from 'lit/html.js'

/** A part of a page: what `html` of @lit-labs/ssr answers; every value in it is escaped. */
export type View = unknown

export interface Page {
  title: string
  styleSheet: string
  scripts: readonly { src: string; module: boolean }[]
  body: View
}

/** A whole document as text. Scripts and styles come from addresses only: the pages' CSP allows nothing inline. */
export const documentOf = ({ title, styleSheet, scripts, body }: Page): string =>
  collectResultSync(
    render(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/base.css">
<link rel="stylesheet" href="/assets/${styleSheet}">
${scripts.map(({ src, module }) =>
  module ? html`<script type="module" src=${src}></script>` : html`<script src=${src} async defer></script>`,
)}
</head>
<body>${body ?? nothing}</body>
</html>`),
  )
