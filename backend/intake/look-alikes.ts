/**
 * Letters that look like Latin ones, from the skeletons of Unicode Technical Standard 39 (confusables.txt): Cyrillic, Greek,
 * Armenian, and rare Latin forms. Small letters alone, because names are folded first. If a letter looks like two (Greek nu
 * is v when small and N when capital), its small form counts.
 */
const pairs =
  'аa вb сc ԁd еe ҽe һh нh іi ӏl јj кk мm оo рp ԛq гr ѕs тt уy үy ѵv ԝw хx ' +
  'αa βb γy ϲc εe ηn ιi κk νv οo ρp τt υu χx ζz ' +
  'օo սu ոn հh ցg զq ' +
  'ıi ɑa ɡg ɩi ʀr ʟl ᴏo ꞵb'

const latin: ReadonlyMap<string, string> = new Map(
  pairs.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)]),
)

const hasLatin = /\p{Script=Latin}/u
const isIgnored = /[\p{P}\p{S}\s]+/gu

/**
 * A folded name as it looks: the same for two names that a reader takes for one. Used to compare names in memory, never to
 * decide where money goes. A name without Latin letters is kept; in one with Latin letters, look-alikes count as Latin.
 * Punctuation and blanks do not count.
 */
export const asItLooks = (name: string): string =>
  (hasLatin.test(name) ? lookAlikesToLatin(name).replaceAll('0', 'o').replaceAll('1', 'l') : name).replace(
    isIgnored,
    '',
  )

/** Replaces each look-alike with its Latin letter. */
export const lookAlikesToLatin = (folded: string): string =>
  [...folded].map((character) => latin.get(character) ?? character).join('')
