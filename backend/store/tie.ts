/**
 * Ties two writes of one store, whatever their collections: what follows is carried out only if what leads was, and never
 * before it. An engine whose commits hold more than one write puts both into one.
 */
export type Tie = {
  /** Resolves when nothing that is written from now on can come before the leading write. */
  readonly placed: Promise<void>
  readonly place: () => void
  /** Whether the leading write was carried out. */
  led: boolean
}

/** The part of a write in a tie. */
export type Part = { leads?: Tie | undefined; follows?: Tie | undefined }

/** For one pair of writes. */
export const openTie = (): Tie => {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { placed: promise, place: resolve, led: false }
}
