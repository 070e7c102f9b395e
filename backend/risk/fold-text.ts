/** A text as people compare it: case, Unicode spelling and blanks at the ends make no difference. */
export const foldText = (text: string): string =>
  plain.test(text) ? text : text.normalize('NFKC').trim().toLowerCase()

/** Most texts are folded already, and Unicode's tables are slow. */
const plain = /^[!-@[-~]*$/
