import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { temporaryFolder } from './backend-process.ts'

/** A Node that can't run this says so in one sentence, before anything else. */

const root = join(import.meta.dirname, '../..')
let folder: { path: string; remove: () => Promise<void> }
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

/** Runs this Node as if it were another. */
const asNode = (version: string, program: string) => {
  const disguise = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
  const before = `data:text/javascript,${encodeURIComponent(disguise)}`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', before, program], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  })
  return { status, stdout, stderr }
}

const programs = ['backend/main.js', 'backend/cli.js']
const old = ['14.21.3', '18.20.8', '20.20.2', '22.23.3']

describe.each(programs)('%s', (program) => {
  it.each(old)('on Node %s ends with one sentence that says what to do', (version) => {
    const { status, stdout, stderr } = asNode(version, program)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^This needs Node 24 and runs on Node [\d.]+\. Run "npm ci".*\n$/)
    expect(stderr).toContain(`runs on Node ${version}.`)
  })

  it('reaches TypeScript through nothing but that check', () => {
    const [first, ...rest] = readFileSync(join(root, program), 'utf8')
      .replace(/\/\*\*.*?\*\//s, '')
      .split('\n')
      .filter((line) => line.trim() !== '')
    expect(first).toBe("import './needs-node.js'")
    expect(rest).toEqual([expect.stringMatching(/^await import\('\.\/[a-z/]+\.ts'\)$/)])
  })
})

it('every script that runs TypeScript asks for its Node first, whatever Node npm found', () => {
  const scripts = Object.values(packageFile.scripts)
  const unasked = scripts.filter(
    (line) => /^node .*\.ts$/.test(line) && !line.startsWith('node --import ./backend/needs-node.js '),
  )
  // Those that only somebody who develops runs, after the others have run.
  expect(unasked).toEqual([packageFile.scripts.screens, packageFile.scripts.typecheck])
})

it('without its packages it says so, and not which file it missed', async () => {
  await mkdir(join(folder.path, 'backend'))
  for (const file of ['package.json', 'backend/needs-node.js', 'backend/main.js'])
    copyFileSync(join(root, file), join(folder.path, file))
  expect(() =>
    execFileSync(process.execPath, ['backend/main.js'], { cwd: folder.path, stdio: 'pipe' }),
  ).toThrow(/^Command failed: .*\nThe packages that this needs are not installed\. Run "npm ci"/)
})
