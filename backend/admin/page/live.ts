import { sessionSummary } from '#contract/session-summary'
import { takeIn } from './lines.ts'
import { load } from './load.ts'
import { noFilter } from './place.ts'
import { change, environmentShown, state } from './state.ts'

/**
 * The live view's connection. The browser reconnects by itself and says how far it came; when the server closes it for
 * good, the login has ended.
 */

let source: EventSource | null = null
let watched: string | null = null

const takeLine = (text: string): void => {
  const parsed = sessionSummary.safeParse(JSON.parse(text))
  if (!parsed.success) return
  const { loaded, waiting, place } = state()
  if (loaded.kind === 'sessions') {
    const filter = place.view.name === 'sessions' ? place.view.filter : noFilter
    const after = takeIn({ lines: loaded.lines, waiting }, parsed.data, filter)
    change({ loaded: { ...loaded, lines: after.lines }, waiting: after.waiting })
  }
  if (loaded.kind === 'session' && loaded.story.summary.id === parsed.data.id)
    change({ loaded: { ...loaded, stale: loaded.story.summary.version < parsed.data.version } })
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
  opened.addEventListener('session', (event) => takeLine(String(event.data)))
  opened.addEventListener('reset', () => {
    if (state().loaded.kind === 'sessions') void load()
  })
  opened.addEventListener('error', () => {
    if (opened !== source) return
    change({ live: 'connecting' })
    if (opened.readyState !== EventSource.CLOSED) return
    stopLive()
    void load()
  })
}
