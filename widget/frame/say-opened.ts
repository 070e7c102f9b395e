import type { SessionView } from '#contract/session-view'

/** Tells the server once that this page runs: nobody waits for it, and nothing changes if it gets lost. */
const tell = ({ session_key, step_token }: SessionView): void => {
  fetch('/checkpoint/opened', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ session: session_key, step_token }),
    credentials: 'omit',
    keepalive: true,
  }).catch(() => {})
}

/** Says that the question is on a screen: now, or when the tab that it was opened in comes to the front. */
export const sayOpened = (view: SessionView): void => {
  if (view.status !== 'open') return
  if (document.visibilityState === 'visible') tell(view)
  else document.addEventListener('visibilitychange', () => tell(view), { once: true })
}
