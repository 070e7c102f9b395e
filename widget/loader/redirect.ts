import { failed, type Opened } from './opened.ts'

const leaveWithinMs = 15_000

/** Leaves this page for the checkpoint. It settles only if the page stays or comes back: the answer went to the return URL. */
export const openRedirect = (url: string): Promise<Opened> =>
  new Promise((settle) => {
    addEventListener('pageshow', (event) => event.persisted && settle(failed('cancelled')), { once: true })
    setTimeout(() => settle(failed('timeout')), leaveWithinMs)
    location.assign(url)
  })
