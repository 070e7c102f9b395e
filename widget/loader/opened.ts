import type { Outcome } from '#contract/outcome'

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
 * `cancelled` is also what a closed window gives; the same URL opens the session again until it ends.
 */
export type Opened =
  | { status: 'resolved'; outcome: Outcome; token: string | null; session_id: string }
  | { status: 'cancelled' | 'expired' | 'error'; code: ErrorCode }

export type Theme = 'light' | 'dark' | 'auto'

export type CheckpointEvent =
  | 'open'
  | 'statechange'
  | 'breakcontact'
  | 'complete'
  | 'expire'
  | 'close'
  | 'error'

export type OpenOptions = {
  /** The session's URL as the ingest answer gave it. */
  url: string
  /** `popup`: a dialog in this page. `redirect`: leave this page. `auto` (default): a dialog where the browser has one. */
  mode?: 'popup' | 'redirect' | 'auto'
  theme?: Theme
  /** BCP 47 tag for the loader's own few words, which are English so far. The checkpoint speaks the person's language. */
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
