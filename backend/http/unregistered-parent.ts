import type { FrameToHost } from '#contract/frame'
import { frameProtocol } from '#contract/frame'
import { isExactOrigin } from '../org/exact-origin.ts'
import { type Organisation, originAllowed } from '../org/organisation.ts'

/**
 * A page that wants to show the checkpoint, and whose origin the organisation has not registered. Its frame would stay empty
 * behind `frame-ancestors`, which to the page looks like an outage. It gets a frame that holds nothing of the session and says
 * through the loader's own port what to mend.
 *
 * The embedding origin comes from `Referer`, which the loader's frame always sends (`referrerpolicy="origin"`). It is trusted
 * for this refusal alone: the checkpoint itself goes out under `frame-ancestors`, whatever a request claims. Where no
 * `Referer` arrives the page is served as ever.
 */
export const unregisteredParent = (
  headers: { referer?: string | undefined; 'sec-fetch-dest'?: string | undefined },
  organisation: Pick<Organisation, 'origins'>,
  ownOrigin: string,
): string | null => {
  if (headers['sec-fetch-dest'] !== 'iframe' || headers.referer === undefined) return null
  const origin = URL.parse(headers.referer)?.origin
  if (origin === undefined || origin === ownOrigin || !isExactOrigin(origin)) return null
  return originAllowed(organisation, origin) ? null : origin
}

const message: FrameToHost['type'] = 'origin_not_allowed'

/** Answers each greeting of the embedding page on the port that came with it. It knows nothing that is worth keeping from it. */
export const unregisteredParentScript = `addEventListener('message', ({ source, data, ports }) => {
  if (source === parent && data?.protocol === '${frameProtocol}') ports[0]?.postMessage({ type: '${message}', nonce: data.nonce })
})`
