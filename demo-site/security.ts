import type { Context, Middleware, Next } from 'koa'
import helmet from 'koa-helmet'

/**
 * What the bank allows its pages: its own scripts, and exactly two things of the checkpoint's origin: the loader and
 * the frame. A form may end there too, for the full-page check (a redirect after a form counts as its target).
 */
export const bankHeaders = (apiOrigin: string): Middleware =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", apiOrigin],
        frameSrc: ["'self'", apiOrigin],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'", apiOrigin],
        baseUri: ["'none'"],
        frameAncestors: ["'self'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    // Not `no-referrer`: browsers then send `Origin: null` with the bank's own forms.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: false,
  })

const ownHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Refuses other sites' forms and names that merely resolve to this machine (DNS rebinding). */
export const ownPagesOnly: Middleware = async (context: Context, next: Next) => {
  if (!ownHosts.has(context.hostname)) context.throw(421, 'This demo answers on localhost alone.')
  const origin = context.get('origin')
  const foreign = origin !== '' && URL.parse(origin)?.host !== context.host
  if (context.method !== 'GET' && context.method !== 'HEAD' && foreign)
    context.throw(403, 'Not from this site.')
  await next()
}

/** A fault is logged here and answered in the bank's words. */
export const calmFaults: Middleware = async (context: Context, next: Next) => {
  try {
    await next()
  } catch (fault) {
    const status = statusOf(fault)
    if (status >= 500) console.error('bank:', fault)
    context.status = status
    context.type = 'text'
    context.body =
      status >= 500
        ? 'Something went wrong on our side. Look at your account before you try again.'
        : 'That request was not understood. Nothing was done.'
  }
}

const statusOf = (fault: unknown): number =>
  typeof fault === 'object' && fault !== null && 'status' in fault && typeof fault.status === 'number'
    ? fault.status
    : 500
