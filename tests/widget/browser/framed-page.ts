import type { FrameToHost } from '#contract/frame'
import { frameProtocol } from '#contract/frame'
import { until } from './expect.ts'

/** A checkpoint page in a frame of the test page's own origin, so that tests can look inside. */
export type FramedPage = {
  frame: HTMLIFrameElement
  document: Document
  query: <E extends HTMLElement = HTMLElement>(selector: string) => E | null
  /** Clicks as soon as a click counts. */
  click: (selector: string) => Promise<void>
  posted: () => Promise<{ action: string; fields: Record<string, string> }[]>
  /** How often the page said that it is on a screen. */
  opened: () => Promise<number>
  violations: string[]
  /** Greets the frame as a host page would; messages collect in the list. */
  greet: (nonce: string) => { messages: FrameToHost[]; port: MessagePort }
  close: () => void
}

let counter = 0
export const uniqueKey = (view: string, fault = 'fine') => {
  counter += 1
  return `${view}.${fault}.${performance.timeOrigin}-${counter}`
}

export const openFramed = async (view: string, fault = 'fine'): Promise<FramedPage> => {
  const key = uniqueKey(view, fault)
  const frame = document.createElement('iframe')
  frame.width = '390'
  frame.height = '560'
  frame.src = `/challenge/${key}`
  document.body.prepend(frame)
  scrollTo(0, 0)
  await until(
    () =>
      frame.contentDocument?.location.pathname.startsWith('/challenge') &&
      frame.contentDocument.querySelector('#announcement'),
    'the page is parsed',
  )
  const inner = frame.contentDocument
  if (!inner) throw new Error('no document')
  const violations: string[] = []
  inner.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective))
  const query = <E extends HTMLElement>(selector: string) => inner.querySelector<E>(selector)
  return {
    frame,
    document: inner,
    query,
    violations,
    click: async (selector) => {
      const counts = () =>
        !('guard' in inner.documentElement.dataset) && !query('main')?.inert && query(selector)
      const target = await until(counts, `${selector} can be clicked`)
      target.click()
    },
    posted: async () => (await fetch(`/posted/${key}`)).json(),
    opened: async () => (await fetch(`/opened/${key}`)).json(),
    greet: (nonce) => {
      const { port1, port2 } = new MessageChannel()
      const messages: FrameToHost[] = []
      port1.onmessage = ({ data }) => messages.push(data)
      const hello = { protocol: frameProtocol, type: 'hello', nonce }
      frame.contentWindow?.postMessage(hello, location.origin, [port2])
      return { messages, port: port1 }
    },
    close: () => frame.remove(),
  }
}
