import { writeSync } from 'node:fs'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { note, notes } from './note.ts'

/** The program that `writer-process.ts` starts: `node writer.ts race|pour <file> <name>`. */
const [, , task, path = '', name = ''] = process.argv
const store = openSqlite({ path })
await store.prepare([notes])
const collection = store.collection(notes)

/** Straight to the pipe: a line that is out was acknowledged before. */
const tell = (line: unknown): void => {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

/** 25 successful changes of one document, against everybody else's. */
const race = async (): Promise<void> => {
  await collection.insert(note('raced'))
  for (let won = 0; won < 25; ) {
    const read = await collection.get('org_a', 'raced')
    if (read === null) throw new Error('the document is gone')
    const answer = await collection.replace({ ...read, text: `${read.text}${name};` }, read.version)
    if (!answer.ok) continue
    won += 1
    tell({ by: name, version: answer.doc.version })
  }
}

/** Inserts and changes without end, eight at a time, until somebody kills the process. */
const pour = async (lane: number): Promise<never> => {
  for (let at = 0; ; at += 1) {
    const id = `${name}_${lane}_${at}`
    const inserted = await collection.insert(note(id, { text: 'x'.repeat(2000), rank: at, due_at: at }))
    if (!inserted.ok) throw new Error(`${id} was there already`)
    tell({ id, version: 1 })
    const replaced = await collection.replace({ ...inserted.doc, due_at: null }, 1)
    if (!replaced.ok) throw new Error(`${id} was changed by somebody else`)
    tell({ id, version: 2 })
  }
}

if (task === 'race') await race()
else await Promise.all(Array.from({ length: 8 }, (_, lane) => pour(lane)))
await store.close()
