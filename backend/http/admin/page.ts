import type { HeaderTable } from '../headers.ts'
import { apiHeaders, replaceHeaders } from '../headers.ts'
import type { HttpContext, Middleware } from '../http-state.ts'
import type { StaticFiles } from '../static-files.ts'

/**
 * The analysts' page: one document for every view, since which view it is stands in the path. What people and sites wrote
 * is shown here, so the policy allows nothing but our own hashed files, and no string ever becomes markup.
 */
const pageHeaders: HeaderTable = {
  ...apiHeaders,
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; '),
}

/** The shape that addresses of views have. Which view it is, or that there is none, is the page's to say. */
const viewAddress = /^\/(?!api(?:\/|$))(?:[a-z][a-z0-9_-]{0,63}(?:\/[A-Za-z0-9_-]{1,80})?)?$/

const attribute = (value: string): string =>
  value.replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`)

const documentOf = (entry: { script: string; styles: string[] }): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sessions – Anti Social Engine</title>
${entry.styles.map((style) => `<link rel="stylesheet" href="${attribute(style)}">\n`).join('')}<script type="module" src="${attribute(entry.script)}"></script>
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`

/** The page at every address that a view could have, and the files that it loads. Everything else goes on. */
export const adminPage = (files: StaticFiles): Middleware => {
  const entry = files.admin()
  const html = documentOf(entry)
  const folder = entry.script.slice(0, entry.script.lastIndexOf('/') + 1)
  const isFile = (ctx: HttpContext): boolean => ctx.path.startsWith(folder) || entry.styles.includes(ctx.path)
  return async (ctx, next) => {
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD'
    if (isRead && viewAddress.test(ctx.path)) {
      ctx.state.route = 'page'
      replaceHeaders(ctx, pageHeaders)
      ctx.status = 200
      ctx.body = html
      ctx.set('Content-Type', 'text/html; charset=utf-8')
      return
    }
    if (isRead && isFile(ctx)) return files.middleware(ctx, next)
    if (isRead && ctx.path === '/favicon.ico') {
      // Browsers ask for it unasked; an error in every analyst's console would hide the real ones.
      replaceHeaders(ctx, apiHeaders)
      ctx.status = 204
      return
    }
    return next()
  }
}
