import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { loadRings } from '../../backend/secret-rings.ts'

const root = mkdtempSync(join(tmpdir(), 'ase-rings-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let made = 0
const freshFolder = () => join(root, String(made++))
const fromFile = (dataDir: string) => loadRings({ masterKeys: null, codePepper: null, dataDir })

describe('key rings', () => {
  test('eight processes that start at once agree on one secrets.json, in each of thirty folders', async () => {
    const folders = Array.from({ length: 30 }, freshFolder)
    const racers = Array.from({ length: 8 }, () =>
      fork(join(import.meta.dirname, 'ring-process.ts'), folders),
    )
    await Promise.all(racers.map((racer) => once(racer, 'message')))
    const answers = racers.map(async (racer) => z.array(z.string()).parse((await once(racer, 'message'))[0]))
    for (const racer of racers) racer.send('go')
    const seen = await Promise.all(answers)
    for (const [at, folder] of folders.entries()) {
      const rings = new Set(seen.map((rings) => rings[at]))
      expect([...rings]).toEqual([expect.stringMatching(/^k1:[0-9a-f]{64},k1:[0-9a-f]{64}$/)])
      expect(readdirSync(folder)).toEqual(['secrets.json'])
    }
  })

  test('secrets.json belongs to its owner alone, and a loosened mode is tightened', () => {
    const dataDir = freshFolder()
    fromFile(dataDir)
    const path = join(dataDir, 'secrets.json')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    chmodSync(path, 0o644)
    fromFile(dataDir)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('a second start finds the same keys; master and pepper differ', () => {
    const dataDir = freshFolder()
    const first = fromFile(dataDir)
    expect(fromFile(dataDir)).toEqual(first)
    expect(first.masters[0]?.key.equals(first.peppers[0]?.key ?? Buffer.alloc(0))).toBe(false)
  })

  test('a damaged secrets.json stops the start and is left as it is', () => {
    const dataDir = freshFolder()
    fromFile(dataDir)
    const path = join(dataDir, 'secrets.json')
    for (const damage of ['', '{"masters":"k1:', '{}', '{"masters":"k1:AA","peppers":"k1:AA"}']) {
      writeFileSync(path, damage)
      expect(() => fromFile(dataDir)).toThrow(/secrets\.json/)
      expect(readFileSync(path, 'utf8')).toBe(damage)
    }
  })

  test('the environment comes first and leaves no file', () => {
    const dataDir = freshFolder()
    const keys = [randomBytes(32), randomBytes(48), randomBytes(32)] as const
    const [newest, older, pepper] = keys.map((key) => key.toString('base64url'))
    const rings = loadRings({ masterKeys: `b:${newest},a:${older}`, codePepper: `p1:${pepper}`, dataDir })
    expect(rings).toEqual({
      masters: [
        { kid: 'b', key: keys[0] },
        { kid: 'a', key: keys[1] },
      ],
      peppers: [{ kid: 'p1', key: keys[2] }],
    })
    expect(() => statSync(dataDir)).toThrow('ENOENT')
  })
})
