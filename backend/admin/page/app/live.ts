import { sessionSummary } from '#contract/session-summary'
import { change, environmentShown, state } from './state.ts'

/**
 * The live view's connection: it hands each change of a session to the view that stands. The browser reconnects by itself
 * and says how far it came; when the server closes it for good, the login has ended.
 */

let source: EventSource | null = null
let watched: string | null = null

const takeSession = (text: string): void => {
  const parsed = sessionSummary.safeParse(JSON.parse(text))
  if (parsed.success) state().visit?.take(parsed.data)
}

export const stopLive = (): void => {
  source?.close()
  source = null
  watched = null
  change({ live: 'off' })
}

/** Watches the environment that is shown; does nothing when it is watched already. */
export const startLive = (): void => {
  const environment = environmentShown()
  if (source !== null && watched === environment) return
  source?.close()
  watched = environment
  const opened = new EventSource(`/api/live?environment=${environment}`)
  source = opened
  change({ live: 'connecting' })
  opened.addEventListener('open', () => change({ live: 'on' }))
  opened.addEventListener('session', (event) => takeSession(String(event.data)))
  opened.addEventListener('reset', () => void state().visit?.catchUp())
  opened.addEventListener('error', () => {
    if (opened !== source) return
    change({ live: 'connecting' })
    if (opened.readyState !== EventSource.CLOSED) return
    stopLive()
    void state().visit?.read()
  })
}
