import * as z from 'zod/mini'
import { eachOf, personal } from '../../backend/store/personal-fields.ts'
import type { CollectionDefinition, Upgrade } from '../../backend/store/port.ts'

/** The contract's example document: enough to be ordered, missing from an index, moved, and refused. */
const noteSchema = z.strictObject({
  _id: z.string(),
  org_id: z.string(),
  version: z.int(),
  purge_at: z.nullable(z.int()),
  room: z.string(),
  rank: z.number(),
  due_at: z.nullable(z.number()),
  text: z.string(),
  loose: z.optional(z.record(z.string(), z.unknown())),
})

export type Note = z.infer<typeof noteSchema>

const noteLine = z.strictObject({ id: z.string(), version: z.int(), begins: z.string() })
export type NoteLine = z.infer<typeof noteLine>

export const notes: CollectionDefinition<Note, NoteLine> = {
  name: 'notes',
  parse: (stored) => noteSchema.parse(stored),
  indexes: [
    { name: 'room', scope: 'org', values: (note) => [note.room, note.rank] },
    { name: 'due', scope: 'global', values: (note) => [note.due_at] },
    { name: 'text', scope: 'org', values: (note) => [note.text] },
  ],
  line: {
    of: (note) => ({ id: note._id, version: note.version, begins: note.text.slice(0, 5) }),
    parse: (stored) => noteLine.parse(stored),
  },
}

/** The same collection as code before there were lines declared it. */
const { line: _, ...withoutLine } = notes
export const notesWithoutLine: CollectionDefinition<Note> = withoutLine

/** The same collection as newer code lists it: its lines say something else. */
export const notesWithOtherLine: CollectionDefinition<Note, { rank: number }> = {
  ...withoutLine,
  line: {
    of: ({ rank }) => ({ rank }),
    parse: (stored) => z.strictObject({ rank: z.number() }).parse(stored),
  },
}

/** The same collection as newer code declares it: one index more. */
export const notesWithRank: CollectionDefinition<Note> = {
  ...notes,
  indexes: [...notes.indexes, { name: 'rank', scope: 'org', values: (note) => [note.rank] }],
}

/** The same collection as the next release declares it: its text is called `words`, and a note has a colour. */
const { text: _text, ...otherFields } = noteSchema.shape
const nextNoteSchema = z.strictObject({ ...otherFields, words: z.string(), colour: z.string() })
export type NextNote = z.infer<typeof nextNoteSchema>

const upgradeNote: Upgrade = (stored) => {
  const { text, ...rest } = z.looseObject({ text: z.string() }).parse(stored)
  return { ...rest, words: text, colour: 'none' }
}
export const nextNotes: CollectionDefinition<NextNote, NoteLine> = {
  name: 'notes',
  upgrades: [upgradeNote],
  parse: (stored) => nextNoteSchema.parse(stored),
  indexes: [
    { name: 'room', scope: 'org', values: (note) => [note.room, note.rank] },
    { name: 'due', scope: 'global', values: (note) => [note.due_at] },
    { name: 'text', scope: 'org', values: (note) => [note.words] },
  ],
  line: {
    of: (note) => ({ id: note._id, version: note.version, begins: note.words.slice(0, 3) }),
    parse: (stored) => noteLine.parse(stored),
  },
}

/** A note about somebody. */
const letterSchema = z.extend(noteSchema, {
  person: z.nullable(z.string()),
  erased: z.boolean(),
  signatures: z.array(z.strictObject({ at: z.int(), name: z.string() })),
})
export type Letter = z.infer<typeof letterSchema>
export const letters: CollectionDefinition<Letter, { id: string; begins: string }> = {
  name: 'letters',
  parse: (stored) => letterSchema.parse(stored),
  indexes: [{ name: 'room', scope: 'org', values: (letter) => [letter.room, letter.rank] }],
  line: {
    of: (letter) => ({ id: letter._id, begins: letter.text.slice(0, 5) }),
    parse: (stored) => z.strictObject({ id: z.string(), begins: z.string() }).parse(stored),
  },
  personal: {
    person: ({ person }) => person,
    document: {
      text: personal('(erased)'),
      loose: personal({}),
      signatures: eachOf({ name: personal('(erased)') }),
    },
    line: { begins: personal('(erased)') },
  },
}

/** The same collection under a schema that no stored note fits. */
export const notesMisread: CollectionDefinition<Note> = {
  ...notes,
  parse: (stored) => z.extend(noteSchema, { text: z.literal('never written') }).parse(stored),
}

export const note = (id: string, change: Partial<Note> = {}): Note => ({
  _id: id,
  org_id: 'org_a',
  version: 0,
  purge_at: null,
  room: 'blue',
  rank: 1,
  due_at: null,
  text: '',
  ...change,
})
