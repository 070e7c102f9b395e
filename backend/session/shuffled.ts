/**
 * Orders that differ between sessions and never within one. They derive from the session's id, which nobody knows before
 * the session is there. No secret depends on them, so the mixing only has to spread well (FNV-1a, finished as in
 * MurmurHash3).
 */
const spread = (text: string): number => {
  let hash = 0x811c9dc5
  for (const unit of text) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The same items in an order that `seed` alone decides. */
export const shuffled = <T extends string>(items: readonly T[], seed: string): T[] =>
  items
    .map((item) => ({ item, at: spread(`${seed} ${item}`) }))
    .sort((a, b) => a.at - b.at || (a.item < b.item ? -1 : 1))
    .map(({ item }) => item)
