import * as z from 'zod/mini'
import { AppError } from './app-error.ts'
import { type Cursor, cursorMaxLength, readCursor } from './cursor.ts'

/** Ids of ours: a prefix and letters that need no escaping. */
export const idParam = z.strictObject({
  id: z.string().check(z.regex(/^[a-z]{2,5}_[A-Za-z0-9_-]{1,64}$/, { error: 'is not an id' })),
})

/** Where a list goes on, as its last page said. */
export const cursorText = z.optional(z.string().check(z.maxLength(cursorMaxLength)))

/** The cursor of a query, or null for the first page; throws 400 for text that is none of ours. */
export const cursorFrom = (text: string | undefined): Cursor | null => {
  if (text === undefined) return null
  const cursor = readCursor(text)
  if (cursor === null)
    throw new AppError('invalid_request', 'The cursor is not one of ours; start from the first page.')
  return cursor
}
