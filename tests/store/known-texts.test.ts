import { expect, test } from 'vitest'
import { openKnownTexts } from '../../backend/store/known-texts.ts'
import type { CollectionDefinition } from '../../backend/store/port.ts'
import { toStoredTexts } from '../../backend/store/stored-text.ts'
import { type Note, note, notes } from './note.ts'

const opened = () => {
  const parsed: string[] = []
  const aging: (() => void)[] = []
  const definition: CollectionDefinition<Note> = {
    name: notes.name,
    indexes: [],
    parse: (stored) => {
      const doc = notes.parse(stored)
      parsed.push(doc.text)
      return doc
    },
  }
  const clock = { now: 0 }
  const texts = openKnownTexts(
    definition,
    (work) => aging.push(work),
    () => clock.now,
  )
  const elsewhere = async (doc: Note) => ({
    org_id: doc.org_id,
    _id: doc._id,
    body: (await toStoredTexts(definition, doc)).body,
  })
  const written = async (doc: Note) => {
    texts.wrote(doc, await toStoredTexts(definition, doc))
    return elsewhere(doc)
  }
  const age = () => aging.shift()?.()
  return { texts, parsed, written, elsewhere, clock, age, willAge: () => aging.length }
}

test('a text that was written or read a moment ago is not parsed again', async () => {
  const { texts, parsed, written, elsewhere } = opened()
  const mine = note('a', { text: 'mine' })
  expect(await texts.read(await written(mine))).toBe(mine)
  const row = await elsewhere(note('b', { text: 'theirs' }))
  const read = await texts.read(row)
  expect(await texts.read(row)).toBe(read)
  expect(parsed).toEqual(['theirs'])
})

test('another text of the same document and version is parsed, whoever wrote it and however it came about', async () => {
  const { texts, written, elsewhere } = opened()
  const row = await written(note('a', { text: 'first' }))
  expect(await texts.read(await elsewhere(note('a', { text: 'other' })))).toMatchObject({ text: 'other' })
  expect(await texts.read(row)).toMatchObject({ text: 'first' })
  expect(() => texts.read({ ...row, body: row.body.replace('"first"', '7') })).toThrow('does not fit')
  expect(() => texts.read({ ...row, body: null })).toThrow('does not fit')
})

test('the same text of another document or organisation is another one', async () => {
  const { texts, parsed, written } = opened()
  const row = await written(note('a'))
  await texts.read({ ...row, _id: 'b' })
  await texts.read({ ...row, org_id: 'org_other' })
  expect(parsed).toHaveLength(2)
})

test('what is handed out can’t be changed by whoever reads it', async () => {
  const { texts, written, elsewhere } = opened()
  for (const row of [
    await written(note('a', { loose: { deep: [1] } })),
    await elsewhere(note('b', { loose: { deep: [1] } })),
  ]) {
    const { loose } = await texts.read(row)
    expect(() => Object.assign(loose ?? {}, { deep: 2 })).toThrow(TypeError)
    expect(Object.isFrozen(loose?.['deep'])).toBe(true)
  }
})

test('what nobody asks for is forgotten after two periods, and then nothing is left to do', async () => {
  const { texts, parsed, written, age, willAge } = opened()
  const row = await written(note('a'))
  age()
  await texts.read(row)
  age()
  await texts.read(row)
  expect(parsed).toEqual([])
  age()
  age()
  expect(willAge()).toBe(0)
  await texts.read(row)
  expect(parsed).toHaveLength(1)
})

test('however much is written, only the latest is kept', async () => {
  const { texts, parsed, written } = opened()
  const long = 'x'.repeat(100_000)
  const first = await written(note('first', { text: long }))
  for (let n = 0; n < 50; n += 1) await written(note(`n${n}`, { text: long }))
  const last = await written(note('last', { text: long }))
  await texts.read(last)
  expect(parsed).toEqual([])
  await texts.read(first)
  expect(parsed).toHaveLength(1)
})

test('what stood a moment ago is told without asking, for less than a second, and frozen', async () => {
  const { texts, written, elsewhere, clock } = opened()
  expect(texts.recent('org_a', 'a')).toBeNull()
  const mine = note('a', { text: 'mine' })
  await written(mine)
  clock.now = 999
  expect(texts.recent('org_a', 'a')).toBe(mine)
  expect(Object.isFrozen(mine)).toBe(true)
  clock.now = 1000
  expect(texts.recent('org_a', 'a')).toBeNull()
  // Asked for at 1000, and answered late.
  const row = await elsewhere(note('a', { text: 'theirs' }))
  clock.now = 1900
  texts.read(row, 1000)
  expect(texts.recent('org_a', 'a')).toMatchObject({ text: 'theirs' })
  clock.now = 2000
  expect(texts.recent('org_a', 'a')).toBeNull()
  texts.read(row)
  expect(texts.recent('org_a', 'a')).toMatchObject({ text: 'theirs' })
  texts.forget('org_a', 'a')
  expect(texts.recent('org_a', 'a')).toBeNull()
})

test('a read that began before a write here, and is answered after it, does not bring back what was before', async () => {
  const { texts, written, elsewhere, clock } = opened()
  const before = await elsewhere(note('a', { text: 'before', version: 1 }))
  clock.now = 100
  await written(note('a', { text: 'revoked', version: 2 }))
  clock.now = 200
  expect(await texts.read(before, 150)).toMatchObject({ text: 'before' })
  expect(texts.recent('org_a', 'a')).toMatchObject({ text: 'revoked' })
})
