import type { ErrorCode } from './opened.ts'

/** Only session pages of the checkpoint's own origin are ever opened: the site may have been handed any URL. */
export const sessionUrl = (
  url: string,
  checkpointOrigin: string | null,
): { ok: true; href: string } | { ok: false; reason: ErrorCode } => {
  if (!URL.canParse(url)) return { ok: false, reason: 'session_invalid' }
  const parsed = new URL(url)
  if (parsed.origin !== checkpointOrigin) return { ok: false, reason: 'origin_not_allowed' }
  if (!parsed.pathname.startsWith('/challenge/')) return { ok: false, reason: 'session_invalid' }
  return { ok: true, href: parsed.href }
}
