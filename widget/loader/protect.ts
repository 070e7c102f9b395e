import type { Opened } from './opened.ts'

export const tokenHeader = 'Checkpoint-Token'

/** The checkpoint's URL in the site's own `403 {"checkpoint":{"url":…}}`, else null. Reads a copy of the response. */
const checkpointUrl = async (response: Response): Promise<string | null> => {
  if (response.status !== 403 || response.redirected || response.type !== 'basic') return null
  try {
    const url: unknown = (await response.clone().json())?.checkpoint?.url
    return typeof url === 'string' ? url : null
  } catch {
    return null
  }
}

/**
 * A `fetch` that meets the checkpoint when the site asks for one, then sends the same request once more with the token
 * in `Checkpoint-Token`.
 *
 * Same-origin requests only; any other passes through untouched. The repeat goes to the identical URL and follows no
 * redirect, so the token reaches nobody else. A token is answered once: of two requests stopped by the same session the
 * first is repeated, the other keeps its 403, as does a request whose checkpoint did not end in `allow`.
 * `AbortSignal.timeout` runs on while the person answers.
 *
 * Throws `TypeError` for a stream body: it can be sent only once.
 */
export const protectWith =
  (open: (options: { url: string }) => Promise<Opened>) =>
  (send: typeof fetch): typeof fetch => {
    /** Sessions that are being met, or whose token was sent and answered. */
    const claimed = new Set<string>()
    return async (input, init) => {
      const first = new Request(input, init)
      if (new URL(first.url).origin !== location.origin) return send(input, init)
      if (init?.body instanceof ReadableStream) {
        throw new TypeError(
          'protect(fetch): a stream can be sent only once. Pass a Blob, FormData or string as body.',
        )
      }
      const again = first.clone()
      const response = await send(first)
      const url = await checkpointUrl(response)
      if (url === null || claimed.has(url)) return response
      claimed.add(url)
      let answered: Response | undefined
      try {
        const opened = await open({ url })
        if (opened.status !== 'resolved' || opened.outcome !== 'allow' || !opened.token) return response
        again.headers.set(tokenHeader, opened.token)
        answered = await send(new Request(again, { redirect: 'error', cache: 'no-store' }))
        return answered
      } finally {
        if (!answered) claimed.delete(url)
      }
    }
  }
