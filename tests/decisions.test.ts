import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './support/sources.ts'

const folder = join(root, 'backend/decisions')
const records = readdirSync(folder).filter((name) => name !== 'README.md')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

describe('decision records', () => {
  it('are numbered from 1 without a gap or a double', () => {
    expect(records.map((name) => Number(name.slice(0, 4)))).toEqual(records.map((_, index) => index + 1))
  })

  it('stand in the index by topic, each once, and the index names no other', () => {
    const named = [...read('README.md').matchAll(/\]\(([^)]+)\)/g)].map(([, name]) => name)
    expect(named.toSorted()).toEqual(records)
  })

  it('each says under its own number what would change our mind', () => {
    const silent = records.filter((name) => {
      const text = read(name)
      return !/what would change our mind/i.test(text) || !text.startsWith(`# ${name.slice(0, 4)} `)
    })
    expect(silent).toEqual([])
  })
})
