/** Runs `work` once for a key, however many ask; a failed run is forgotten, so that the next caller tries again. */
export const runOnce = (
  done: Map<string, Promise<void>>,
  key: string,
  work: () => Promise<void>,
): Promise<void> => {
  const known = done.get(key)
  if (known !== undefined) return known
  const running = work().catch((failure: unknown) => {
    done.delete(key)
    throw failure
  })
  done.set(key, running)
  return running
}
