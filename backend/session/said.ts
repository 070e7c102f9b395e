/** What an answer asserts, so that facts and other answers can be held against it. */
export type Claim = 'own_idea' | 'known_person' | 'paid_before'

/** One answer that was given, whichever step asked. */
export type Said = {
  /** For an analyst: "Said that …". */
  says: string
  claims: Claim | null
  denies: readonly Claim[]
}
