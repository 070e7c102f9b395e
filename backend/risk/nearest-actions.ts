/**
 * The known action names that look most like an unknown one, best first: for the sentence that refuses it. Names are words
 * in any order (`email_change` is `change_email`). So the pairs of letters of each word are compared (Dice's coefficient):
 * by edit distance, two words that changed places would be strangers.
 */
export const nearestActions = (wanted: string, known: readonly string[]): string[] => {
  const pairs = pairsOf(wanted)
  return known
    .map((name) => ({ name, likeness: likeness(pairs, pairsOf(name)) }))
    .filter((entry) => entry.likeness >= leastLikeness)
    .toSorted((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1))
    .slice(0, shownMax)
    .map(({ name }) => name)
}

const shownMax = 3
/** Below this a name is another one: `foo_bar` is like nothing. */
const leastLikeness = 0.4

/** A word's first and last letter count twice, by the blank before and behind it: people remember beginnings. */
const pairsOf = (name: string): string[] =>
  name
    .split('_')
    .filter((word) => word !== '')
    .flatMap((word) => Array.from({ length: word.length + 1 }, (_, i) => ` ${word} `.slice(i, i + 2)))

const likeness = (some: readonly string[], others: readonly string[]): number => {
  const left = [...others]
  const shared = some.filter((pair) => {
    const at = left.indexOf(pair)
    if (at !== -1) left.splice(at, 1)
    return at !== -1
  })
  return (2 * shared.length) / Math.max(1, some.length + others.length)
}
