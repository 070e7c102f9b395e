import { AppError } from './app-error.ts'
import type { HttpContext } from './http-state.ts'

/**
 * Cross-site request forgery, closed twice beside the SameSite cookie: what the browser says about where a request came
 * from (Fetch Metadata), and the origin it names. A request that changes something must name ours; a client that sends
 * neither header is no browser of ours and is refused too.
 */

type OriginFacts = { method: string; origin: string | undefined; fetchSite: string | undefined }

type OriginRefusal = 'foreign_site' | 'foreign_origin' | 'no_origin'

/** Judges where a request to `/api/` comes from. `adminOrigin` is configuration, never a request's `Host`. */
const judgeOrigin = (
  facts: OriginFacts,
  adminOrigin: string,
): { ok: true } | { ok: false; reason: OriginRefusal } => {
  const isRead = facts.method === 'GET' || facts.method === 'HEAD'
  const site = facts.fetchSite
  // `none` is a typed address or a bookmark: fine for reading, never how our page writes.
  if (site !== undefined && site !== 'same-origin' && !(isRead && site === 'none'))
    return { ok: false, reason: 'foreign_site' }
  if (facts.origin !== undefined && facts.origin !== adminOrigin)
    return { ok: false, reason: 'foreign_origin' }
  if (!isRead && facts.origin === undefined) return { ok: false, reason: 'no_origin' }
  return { ok: true }
}

/** Throws 403 unless the request comes from the desk's own page. */
export const requireDeskPage = (ctx: HttpContext, adminOrigin: string): void => {
  const facts = {
    method: ctx.method,
    origin: ctx.req.headers.origin,
    fetchSite: ctx.get('Sec-Fetch-Site') || undefined,
  }
  const judged = judgeOrigin(facts, adminOrigin)
  if (judged.ok) return
  ctx.state.log.warn({ reason: judged.reason }, 'analyst request from elsewhere refused')
  throw new AppError('forbidden_origin', `Open ${adminOrigin} and try again there.`)
}

/**
 * Throws 403 when a browser says that a submit does not come from the checkpoint's own page. The step token already proves
 * that the page was read; this stops a page that somehow learned it. Programs don't have to say where they come from.
 */
export const requireCheckpointPage = (ctx: HttpContext, checkpointOrigin: string): void => {
  const site = ctx.get('Sec-Fetch-Site')
  const { origin } = ctx.req.headers
  const isForeignSite = site !== '' && site !== 'same-origin' && site !== 'none'
  const isForeignOrigin = origin !== undefined && origin !== checkpointOrigin
  if (isForeignSite || isForeignOrigin)
    throw new AppError('forbidden_origin', 'Answer on the checkpoint’s own page.')
}
