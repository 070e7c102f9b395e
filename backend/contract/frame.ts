import type { EndCode, Outcome, Resolution } from './outcome.ts'
import type { ScreenName } from './session-view.ts'

/**
 * What the customer's page and the checkpoint's frame say to each other: one union a direction, types only, so the
 * loader ships no schema.
 *
 * Requirements: neither side listens to a window it did not open or that did not open it; a message from another
 * origin is dropped unread; after the first message nothing travels through `window`.
 *
 * Protocol: the loader creates a MessageChannel and, once the frame has loaded, posts `HostHello` to it with the exact
 * checkpoint origin as target and one port transferred; it repeats with a fresh channel until the frame answers `ready`
 * on the port. The frame checks source, then shape, then that the origin is one of the organisation's. Everything
 * later goes through the port.
 */

export const frameProtocol = 'ase-checkpoint/1'

export const themes = ['light', 'dark', 'auto'] as const
export type Theme = (typeof themes)[number]

export type HostHello = { protocol: typeof frameProtocol; type: 'hello'; nonce: string }

export type HostToFrame =
  /** The dialog is shown and may take the focus. */
  | { type: 'focus' }
  /** Theme chosen by the host page. */
  | { type: 'theme'; theme: Theme }

export type FrameToHost =
  | { type: 'ready'; nonce: string; screen: ScreenName }
  | { type: 'resize'; height: number }
  | { type: 'screen'; screen: ScreenName; title: string }
  /** Esc was pressed inside the frame, or the person asked to close the window; the session stays as it is. */
  | { type: 'close_requested' }
  | { type: 'contact_broken'; session_id: string }
  | {
      type: 'resolved'
      session_id: string
      outcome: Outcome
      resolution: Resolution
      ended: EndCode | null
      token: string | null
    }
  /** In place of the checkpoint: the page that embeds us is of an origin that the organisation has not registered. */
  | { type: 'origin_not_allowed'; nonce: string }
  /** The person wants the whole page instead of the popup. */
  | { type: 'full_page_requested' }
