/** Equality of what JSON can say, with both sides in the message. */
export const equal = (actual: unknown, expected: unknown, what = ''): void => {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (left !== right) throw new Error(`${what} expected ${right}, got ${left}`)
}

export const ok = (condition: unknown, what: string): void => {
  if (!condition) throw new Error(what)
}

/** Polls until `probe` gives something; fails with `what` after `withinMs`. */
export const until = async <T>(
  probe: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  what: string,
  withinMs = 8000,
): Promise<T> => {
  const end = performance.now() + withinMs
  for (;;) {
    const found = await probe()
    if (found) return found
    if (performance.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise((next) => setTimeout(next, 20))
  }
}
