/** A text as people compare it: case, Unicode spelling and blanks at the ends make no difference. */
export function foldText(text: string): string {
  let isFolded = true
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code < blank || code > lastPlain) return text.normalize('NFKC').trim().toLowerCase()
    if (code === blank || (code >= firstCapital && code <= lastCapital)) isFolded = false
  }
  return isFolded ? text : text.trim().toLowerCase()
}

/** Within ASCII, NFKC changes nothing. Most texts are ASCII and folded already, and Unicode's tables are slow. */
const [blank, firstCapital, lastCapital, lastPlain] = [0x20, 0x41, 0x5a, 0x7e]
