import type { Problem } from '#contract/problem'
import { languageOf } from '../../widget/texts/languages.ts'
import { acceptedLanguages } from './accepted-languages.ts'
import { renderMissingPage, renderTroublePage } from './challenge-page.ts'
import { challengeHeaders, replaceHeaders } from './headers.ts'
import type { HttpContext } from './http-state.ts'

/**
 * Shows a refusal as a page when a person asked with a browser: somebody who is hurried by a caller must not meet JSON. True
 * when it was written; programs and our own script get the problem itself.
 */
export const renderFailurePage =
  (random: (bytes: number) => Buffer) =>
  (ctx: HttpContext, problem: Problem): boolean => {
    const isPage = ctx.path.startsWith('/challenge/') || ctx.path.startsWith('/checkpoint/')
    if (!isPage || !ctx.headers.accept?.includes('text/html')) return false
    const nonce = random(18).toString('base64')
    const language = languageOf(...acceptedLanguages(ctx.headers['accept-language']))
    const page = { nonce, language }
    replaceHeaders(ctx, challengeHeaders({ nonce, frameAncestors: [] }))
    ctx.body =
      problem.status === 404
        ? renderMissingPage(page)
        : renderTroublePage({ ...page, tooMany: problem.code === 'rate_limited' })
    ctx.set('Content-Type', 'text/html; charset=utf-8')
    return true
  }
