import { type FrameToHost, frameProtocol, type HostHello, type Theme, themes } from '#contract/frame'
import type { ScreenName } from '#contract/session-view'

/**
 * The frame's side of the protocol in `contract/frame.ts`. A message counts when it comes from the window that embeds us,
 * has the shape of a greeting, and its origin is one of the organisation's; in that order, so that a stranger's data is
 * never read further than its shape. Each nonce is good for one port; the newest port wins, because the host greets
 * again after a lost greeting or a reload.
 */

const isHello = (data: unknown): data is HostHello =>
  typeof data === 'object' &&
  data !== null &&
  'protocol' in data &&
  data.protocol === frameProtocol &&
  'type' in data &&
  data.type === 'hello' &&
  'nonce' in data &&
  typeof data.nonce === 'string'

export type HostLink = { send: (message: FrameToHost) => void }

export type HostLinkEvents = {
  screen: () => ScreenName
  connected: () => void
  focus: () => void
  theme: (theme: Theme) => void
}

const onHostMessage = (data: unknown, on: HostLinkEvents) => {
  if (typeof data !== 'object' || data === null || !('type' in data)) return
  if (data.type === 'focus') on.focus()
  if (data.type === 'theme' && 'theme' in data) {
    const theme = themes.find((known) => known === data.theme)
    if (theme) on.theme(theme)
  }
}

export const listenForHost = (allowedParents: readonly string[], on: HostLinkEvents): HostLink => {
  const usedNonces = new Set<string>()
  let port: MessagePort | undefined

  addEventListener('message', (event) => {
    if (event.source !== window.parent || !isHello(event.data)) return
    if (!allowedParents.includes(event.origin)) return
    const [offered] = event.ports
    const { nonce } = event.data
    if (!offered || usedNonces.has(nonce)) return
    usedNonces.add(nonce)
    port?.close()
    port = offered
    port.onmessage = ({ data }) => onHostMessage(data, on)
    port.postMessage({ type: 'ready', nonce, screen: on.screen() } satisfies FrameToHost)
    on.connected()
  })

  return { send: (message) => port?.postMessage(message) }
}
