import type { ErrorCode } from './opened.ts'

/** Only session pages of the checkpoint's own origin are ever opened: the site may have been handed any URL. */
export const sessionUrl = (url: string, checkpointOrigin: string | null): URL | ErrorCode => {
  try {
    const parsed = new URL(url)
    if (parsed.origin !== checkpointOrigin) return 'origin_not_allowed'
    if (parsed.pathname.startsWith('/challenge/')) return parsed
  } catch {
    // No URL at all.
  }
  return 'session_invalid'
}
