import type { Theme } from '#contract/frame'
import type { EndCode, Outcome } from '#contract/outcome'

/** Why there was no answer. Closed: a site may switch over it. */
export type ErrorCode =
  | 'network_error'
  | 'unreachable'
  | 'origin_not_allowed'
  | 'session_invalid'
  | 'cancelled'
  | 'timeout'
  | 'expired'
  | 'locked'

/**
 * What `open()` settles with, always. Nothing in it is proof: the site's backend verifies the token, or the session.
 * `ended` says how the session ended, in the words of verify; null after an allow. Where it is missing the session is still
 * open: the window was closed, and the same URL opens it again until it ends.
 */
export type Opened =
  | { status: 'resolved'; outcome: Outcome; ended: EndCode | null; token: string | null; session_id: string }
  | { status: 'cancelled' | 'expired' | 'error'; code: ErrorCode; ended?: EndCode | null }

type CheckpointEvent = 'open' | 'statechange' | 'breakcontact' | 'complete' | 'expire' | 'close' | 'error'

export type OpenOptions = {
  /** The session's URL as the ingest answer gave it. */
  url: string
  /** `popup`: a dialog in this page. `redirect`: leave this page. `auto` (default): a dialog where the browser has one. */
  mode?: 'popup' | 'redirect' | 'auto'
  theme?: Theme
  /** Has no effect: the address of this script names the language of the loader's words (`/v1/ase.en.js`), and the checkpoint speaks the organisation's. */
  language?: string
  /** Closes the dialog; the promise settles as `cancelled`. */
  signal?: AbortSignal
  /** What happens meanwhile; `<ase-checkpoint>` turns it into DOM events. */
  onEvent?: (event: CheckpointEvent, detail: Record<string, unknown>) => void
}

/** How `open()` settles without an answer. */
export const failed = (code: ErrorCode): Opened => ({
  status: code === 'cancelled' || code === 'expired' ? code : 'error',
  code,
})
