import type { FrameToHost, frameProtocol, HostHello, HostToFrame } from '#contract/frame'
import { randomText } from './random-text.ts'

/**
 * The host's side of the protocol in `contract/frame.ts`. It greets the frame with a port of its own, sent to the exact
 * checkpoint origin, and greets again with a fresh one until the frame answers with the same nonce. Nothing is ever read
 * from `window`: whoever holds no port can't speak.
 */

const protocol: typeof frameProtocol = 'ase-checkpoint/1'
const firstRepeatMs = 250

const isFrameMessage = (data: unknown): data is FrameToHost => !!Object(data).type

export type FrameLink = { send: (message: HostToFrame) => void; stop: () => void }

/** Greets the document that is loaded in the frame now; after a reload, make a new link. `first` goes ahead of all else. */
export const linkFrame = (
  frame: HTMLIFrameElement,
  checkpointOrigin: string,
  first: HostToFrame,
  onMessage: (message: FrameToHost) => void,
): FrameLink => {
  let port: MessagePort | undefined
  let connected = false
  let repeat: ReturnType<typeof setTimeout>

  const greet = (waitMs: number) => {
    const nonce = randomText()
    const channel = new MessageChannel()
    port?.close()
    port = channel.port1
    port.onmessage = ({ data }) => {
      if (!isFrameMessage(data)) return
      connected ||= 'nonce' in data && data.nonce === nonce
      if (!connected) return
      clearTimeout(repeat)
      onMessage(data)
    }
    const hello: HostHello = { protocol, type: 'hello', nonce }
    port.postMessage(first)
    frame.contentWindow?.postMessage(hello, checkpointOrigin, [channel.port2])
    repeat = setTimeout(() => greet(waitMs * 2), waitMs)
  }

  greet(firstRepeatMs)
  return {
    send: (message) => port?.postMessage(message),
    stop: () => {
      clearTimeout(repeat)
      port?.close()
    },
  }
}
