/** A file of lines in parts that one call takes each, for whoever sends it: the desk's page and the command line. */

export type FilePart = {
  /** The file's own header and whole lines behind it. */
  text: string
  /** The number that the first of those lines has in the file. */
  firstLine: number
  /** Bytes of the file up to here. */
  read: number
}

/** Characters of a part: below what a call may have, whatever the letters. */
const partMax = 2_000_000

/** Asks for more of the file only when a part was taken, so that it never lies in memory as a whole. */
export async function* partsOf(
  chunks: AsyncIterable<{ text: string; bytes: number }>,
): AsyncGenerator<FilePart> {
  let header: string | null = null
  let rest = ''
  let read = 0
  let line = 2
  const partOf = (lines: string): FilePart => {
    const part = { text: `${header ?? ''}\n${lines}`, firstLine: line, read }
    line += lines.split('\n').length - 1
    return part
  }
  for await (const { text, bytes } of chunks) {
    read += bytes
    rest += text
    if (header === null) {
      const end = rest.indexOf('\n')
      if (end === -1) continue
      header = rest.slice(0, end)
      rest = rest.slice(end + 1)
    }
    const end = rest.length < partMax ? 0 : rest.lastIndexOf('\n') + 1
    if (end > 0) yield partOf(rest.slice(0, end))
    rest = rest.slice(end)
  }
  if (header === null) {
    header = rest
    rest = ''
  }
  // A file without lines is a part too: the server says what is wrong with it.
  if (rest !== '' || line === 2) yield partOf(rest)
}
