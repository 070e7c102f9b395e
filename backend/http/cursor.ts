import * as z from 'zod/mini'

/**
 * A place in a list ordered by time, newest first: the last document's time and id, so that documents of the same
 * millisecond are neither skipped nor shown twice. Not signed: whatever it says, the query stays in one organisation.
 */
export type Cursor = { at: number; id: string }

const cursorText = z.tuple([z.int(), z.string().check(z.minLength(1), z.maxLength(128))])

export const cursorMaxLength = 256

export const writeCursor = (cursor: Cursor): string =>
  Buffer.from(JSON.stringify([cursor.at, cursor.id])).toString('base64url')

/** Null when the text is no cursor of ours. */
export const readCursor = (text: string): Cursor | null => {
  try {
    const parsed = cursorText.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return parsed.success ? { at: parsed.data[0], id: parsed.data[1] } : null
  } catch {
    return null
  }
}
