import { expect, test } from 'vitest'
import { openKnownTexts } from '../../backend/store/known-texts.ts'
import type { CollectionDefinition } from '../../backend/store/port.ts'
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
  const texts = openKnownTexts(definition, (work) => aging.push(work))
  const written = async (doc: Note) => ({
    org_id: doc.org_id,
    _id: doc._id,
    body: (await texts.write(doc)).body,
  })
  const elsewhere = async (doc: Note) => ({
    org_id: doc.org_id,
    _id: doc._id,
    body: (await openKnownTexts(definition).write(doc)).body,
  })
  return { texts, parsed, written, elsewhere, age: () => aging.shift()?.(), willAge: () => aging.length }
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
