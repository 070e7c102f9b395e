import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import * as z from 'zod/mini'
import type { HistoryAnswer } from '../../backend/contract/history.ts'
import { envelopeOf } from '../../backend/store/envelope.ts'
import { post } from '../support/client.ts'
import { ensureBuilt, freeDoors, startBackend, temporaryFolder } from './backend-process.ts'

/**
 * An import dies half-way, by `kill -9` of the backend that takes it or of the command that brings it, and is started again:
 * everybody is remembered as if it had gone through at once. Each way has a copy of one store.
 */

const lines = 9_000
const customers = 40
const dayMs = 86_400_000

const now = Date.now()
const lineOf = (nth: number): string =>
  JSON.stringify({
    key: `past-${nth}`,
    event: {
      action: 'transfer',
      user: { id: `u_${nth % customers}`, email: `u${nth % customers}@example.com` },
      amount: { value: 1_000 + ((nth * 7_919) % 90_000), currency: 'EUR' },
      payee: { name: 'Somebody', account: `DE${(nth * 13) % 360}` },
      device: { id: `d_${nth % (3 * customers)}` },
      place: { country: 'ES', city: 'Sevilla', lat: 37.39, lon: -5.98 },
      occurred_at: new Date(now - 400 * dayMs + nth * 60_000).toISOString(),
      metadata: { filler: 'x'.repeat(200) },
    },
    result: 'completed',
  })
const file = Array.from({ length: lines }, (_, nth) => `${lineOf(nth)}\n`).join('')

let folder: { path: string; remove: () => Promise<void> }
let key: string
const copy = (name: string) => join(folder.path, name)
const started: ChildProcess[] = []

const ase = (dataDir: string, ...words: string[]): ChildProcess => {
  const env = { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir }
  const child = fork(join(import.meta.dirname, '../../backend/cli.js'), words, { env, silent: true })
  started.push(child)
  return child
}
const said = async (child: ChildProcess): Promise<string> => {
  let out = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  const [code] = await once(child, 'close')
  expect(code).toBe(0)
  return out
}

/** What is remembered of persons and payees; when it was written does not count. */
const memoryIn = (dataDir: string): Map<string, string> => {
  const db = new DatabaseSync(join(dataDir, 'ase.sqlite'), { readOnly: true })
  const all = ['profiles', 'payees'].flatMap((name) => db.prepare(`SELECT _id, body FROM ${name}`).all())
  db.close()
  return new Map(
    all.map(({ _id, body }) => {
      const stored = z.record(z.string(), z.unknown()).parse(envelopeOf(body).open)
      const { version: _v, seen_at: _s, purge_at: _p, ...kept } = stored
      return [String(_id), JSON.stringify(kept)]
    }),
  )
}

const marksIn = (dataDir: string): number => {
  const db = new DatabaseSync(join(dataDir, 'ase.sqlite'), { readOnly: true })
  const { marks } = db.prepare('SELECT count(*) AS marks FROM taught').get() ?? {}
  db.close()
  return Number(marks)
}

/** Whom the two remember differently. */
const differing = (one: string, other: string): string[] => {
  const [left, right] = [memoryIn(copy(one)), memoryIn(copy(other))]
  expect(left.size).toBeGreaterThan(customers)
  return [...new Set([...left.keys(), ...right.keys()])].filter((id) => left.get(id) !== right.get(id))
}

beforeAll(async () => {
  ensureBuilt()
  folder = await temporaryFolder()
  const bank = ['--id', 'org_bank', '--name', 'Bank', '--security-email', 'security@bank.example']
  await said(ase(copy('first'), 'org', 'create', ...bank))
  const wanted = ['--org', 'org_bank', '--env', 'live', '--scope', 'history:write']
  key = (await said(ase(copy('first'), 'key', 'create', ...wanted))).trim()
  for (const name of ['command', 'backend']) await cp(copy('first'), copy(name), { recursive: true })
  await writeFile(copy('past'), file)
  expect(await said(ase(copy('first'), 'history', 'import', copy('past')))).toContain(`${lines} learned`)
}, 120_000)
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL')
  await folder.remove()
})

it('the command goes on where it was killed', async () => {
  const path = copy('again')
  await writeFile(path, file)
  const killed = ase(copy('command'), 'history', 'import', path)
  const ended = once(killed, 'exit')
  for await (const { filename } of watchIn(folder.path)) if (filename === 'again.progress') break
  killed.kill('SIGKILL')
  expect((await ended)[1]).toBe('SIGKILL')
  const { learned, line } = JSON.parse(await readFile(`${path}.progress`, 'utf8'))
  expect(line).toBeGreaterThan(0)
  expect(line).toBeLessThan(lines)
  const [, total, known] =
    /(\d+) learned, (\d+) known before, 0 rejected/.exec(
      await said(ase(copy('command'), 'history', 'import', path)),
    ) ?? []
  expect(Number(total) + Number(known)).toBe(lines)
  expect(Number(total)).toBeGreaterThanOrEqual(learned)
  expect(differing('command', 'first')).toEqual([])
}, 120_000)

async function* watchIn(path: string): AsyncGenerator<{ filename: string | null }> {
  const watcher = watch(path)
  try {
    while (true) {
      const [, filename] = await once(watcher, 'change')
      yield { filename: String(filename) }
    }
  } finally {
    watcher.close()
  }
}

it('the backend learns again what it had not marked, and it is the same', async () => {
  const start = async () => {
    const backend = startBackend({ DATA_DIR: copy('backend'), ...(await freeDoors()) })
    started.push(backend.child)
    return { backend, url: (await backend.ready).api_url }
  }
  const first = await start()
  // Three quarters arrive, and then nothing more.
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(file.slice(0, (file.length * 3) / 4))),
  })
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' }
  const call = { method: 'POST', headers, body, duplex: 'half' } as const
  const broken = expect(fetch(`${first.url}/history`, call)).rejects.toThrow()
  await vi.waitFor(() => expect(marksIn(copy('backend'))).toBeGreaterThan(0), { timeout: 60_000 })
  await first.backend.end('SIGKILL')
  await broken
  expect(marksIn(copy('backend'))).toBeLessThan(lines)

  const second = await start()
  const bring = async () => (await post<HistoryAnswer>(`${second.url}/history`, file, headers)).body
  const { learned, duplicates } = await bring()
  expect(learned + duplicates).toBe(lines)
  expect(duplicates).toBeGreaterThan(0)
  expect(await bring()).toEqual({ learned: 0, duplicates: lines, rejected: [] })
  await second.backend.end('SIGTERM')
  expect(differing('backend', 'first')).toEqual([])
}, 120_000)
