/** A text as people compare it: case, Unicode spelling and blanks at the ends make no difference. */
export const foldText = (text: string): string =>
  plain.test(text) ? text : text.normalize('NFKC').trim().toLowerCase()

/** Most texts are folded as they come, and Unicode's tables are dear. */
const plain = /^[!-@[-~]*$/
