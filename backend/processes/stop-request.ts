/** Ctrl+C reaches a program from the terminal and once more from npm: within this time both are one wish. */
const sameWishMs = 500

/** Aborted, with the reason, when somebody wants this process to end. Who asks again can't wait: `endNow`. */
export const stopRequest = (endNow: () => void): AbortSignal => {
  const asked = new AbortController()
  let askedAt = 0
  const hear = (why: string): void => {
    if (asked.signal.aborted) {
      if (performance.now() - askedAt > sameWishMs) endNow()
      return
    }
    askedAt = performance.now()
    asked.abort(why)
  }
  process.on('SIGTERM', () => hear('SIGTERM'))
  process.on('SIGINT', () => hear('SIGINT'))
  // The supervisor that started us is gone, so nobody else would stop us.
  if (process.send !== undefined) process.on('disconnect', () => hear('supervisor gone'))
  return asked.signal
}
