/**
 * Letters of other scripts that pass for Latin ones, after the skeletons of Unicode Technical Standard 39
 * (confusables.txt): Cyrillic, Greek, Armenian and Latin's own odd forms, in small letters because names are folded
 * before they come here. A letter that looks like two (Greek nu is v when small and N when capital) stands for its small
 * shape.
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
 * A folded name as it looks: two names that a reader takes for one have the same. Only for comparing labels, never for
 * deciding where money goes. A name in one foreign script stays what it is; what is mixed into a Latin one is read as
 * Latin. Punctuation and blanks don't count.
 */
export const asItLooks = (name: string): string =>
  (hasLatin.test(name) ? lookAlikesToLatin(name).replaceAll('0', 'o').replaceAll('1', 'l') : name).replace(
    isIgnored,
    '',
  )

/** Every look-alike as the Latin letter that it passes for; all else as it stands. */
export const lookAlikesToLatin = (folded: string): string =>
  [...folded].map((character) => latin.get(character) ?? character).join('')
