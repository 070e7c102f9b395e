import type { Opened, OpenOptions } from './opened.ts'

const tokenHeader = 'Checkpoint-Token'

/** A response of the site's, and how the checkpoint ended that it asked for; nothing where none was met. */
type GuardedResponse = Response & { checkpoint?: Opened }
export type GuardedFetch = (...request: Parameters<typeof fetch>) => Promise<GuardedResponse>

/** The checkpoint's URL in the site's own `403 {"checkpoint":{"url":…}}`, else nothing. Reads a copy of the response. */
const checkpointUrl = async (response: Response): Promise<string | undefined> => {
  if (response.status !== 403 || response.redirected || response.type !== 'basic') return undefined
  const body = await response
    .clone()
    .json()
    // Not JSON: the site's own refusal, and none of ours.
    .catch(() => {})
  const url: unknown = body?.checkpoint?.url
  return typeof url === 'string' ? url : undefined
}

/**
 * A `fetch` that meets the checkpoint when the site asks for one, then sends the same request once more with the token
 * in `Checkpoint-Token`.
 *
 * It fails only where `fetch` fails. A checkpoint that does not end in an allow is no fault: the site's own 403 comes back,
 * unread, with `checkpoint` on it, which says why. After an allow it is on the second response.
 *
 * Same-origin requests only; any other passes through untouched. The repeat goes to the identical URL and follows no
 * redirect, so the token reaches nobody else. A token is answered once: of two requests stopped by the same session the
 * first is repeated, the other keeps its 403. `AbortSignal.timeout` runs on while the person answers.
 *
 * Throws `TypeError` for a stream body: it can be sent only once.
 */
export const protectWith =
  (open: (options: OpenOptions) => Promise<Opened>) =>
  (send: typeof fetch, options?: Omit<OpenOptions, 'url'>): GuardedFetch => {
    /** Sessions that are being met, or whose token was sent and answered. */
    const claimed = new Set<string>()
    return async (input, init) => {
      const first = new Request(input, init)
      if (new URL(first.url).origin !== location.origin) return send(input, init)
      if (init?.body instanceof ReadableStream) throw new TypeError('protect() can’t repeat a stream')
      const again = first.clone()
      const response = await send(first)
      const url = await checkpointUrl(response)
      if (!url || claimed.has(url)) return response
      claimed.add(url)
      let answered: Response | undefined
      try {
        const checkpoint = await open({ ...options, url })
        if (checkpoint.status === 'resolved' && checkpoint.outcome === 'allow' && checkpoint.token) {
          again.headers.set(tokenHeader, checkpoint.token)
          answered = await send(new Request(again, { redirect: 'error', cache: 'no-store' }))
        }
        return Object.assign(answered ?? response, { checkpoint })
      } finally {
        if (!answered) claimed.delete(url)
      }
    }
  }
