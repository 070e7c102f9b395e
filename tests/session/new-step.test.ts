import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../support/sources.ts'
import { files, lists } from './one-more-step.ts'

/**
 * Adds a step to a copy of the project: five files, a row in five lists, and what a calm person answers it in a replay. Then
 * walks a checkpoint through it.
 */

const copy = mkdtempSync(join(tmpdir(), 'ase-step-'))
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const run = (...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })

const change = (path: string, edit: (before: string) => string): void => {
  const before = readFileSync(join(copy, path), 'utf8')
  const after = edit(before)
  if (after === before) throw new Error(`${path} has no place for it`)
  writeFileSync(join(copy, path), after)
}

const addStep = (): void => {
  for (const path of ['backend', 'widget', 'tests', 'package.json', 'tsconfig.json'])
    cpSync(join(root, path), join(copy, path), {
      recursive: true,
      filter: (from) => !from.includes('.cache'),
    })
  for (const path of ['node_modules', 'package-lock.json', 'dist', 'demo-site', 'rollup-config'])
    symlinkSync(join(root, path), join(copy, path))
  for (const [path, source] of Object.entries(files)) writeFileSync(join(copy, path), source)
  for (const [path, { from, find, put }] of Object.entries(lists))
    change(path, (list) => `import { smsCode } from '${from}'\n${list.replace(find, put)}`)
  change('backend/replay/answer-checkpoint.ts', (replay) =>
    replay.replace("    case 'allowed':", "    case 'sms_code':\n    case 'allowed':"),
  )
  // Which steps a tier has is policy.
  change('backend/risk/default-policy.ts', (policy) => policy.replaceAll("'email_code'", "'sms_code'"))
}

let met: {
  screen: Record<string, unknown>
  html: string
  mail: { to: string; text: string }
  wrong: { error: string; screen: Record<string, unknown> }
  resolution: string
  methods: string[]
  kept: { type: string; outcome: string; state: Record<string, unknown> }
  trail: string[]
}
beforeAll(() => {
  addStep()
  met = JSON.parse(run('tests/session/fixtures/walk-one-more-step.ts'))
})

describe('a further step is its own files and a row in each list', () => {
  it.each(['backend/contract', 'backend', 'backend/admin/page', 'widget'])('%s compiles', (folder) => {
    expect(run('node_modules/typescript/bin/tsc', '--noEmit', '-p', folder)).toBe('')
  })

  it('starts where the policy has it, and shows its own screen', () => {
    expect(met.screen).toMatchObject({ screen: 'sms_code', phone: '222', digits: 6, tries_left: 5 })
    expect(met.html).toContain('Enter the code from your phone.')
  })

  it('sends its own message, by the channel that it chose', () => {
    expect(met.mail).toMatchObject({ to: '34600111222@sms.example', text: expect.stringMatching(/^\d{6}$/) })
  })

  it('counts a wrong answer, and says so beside the screen', () => {
    expect(met.wrong).toMatchObject({ error: 'wrong_code', screen: { screen: 'sms_code', tries_left: 4 } })
  })

  it('is passed, and stands in the token', () => {
    expect(met.resolution).toBe('allowed')
    expect(met.methods).toEqual(['intent', 'confirm_action', 'pause', 'sms_code'])
  })

  it('keeps its state under itself, and its entries in the trail', () => {
    expect(met.kept).toMatchObject({
      type: 'sms_code',
      outcome: 'verified',
      state: { tries: 1, delivery: 'sent' },
    })
    expect(met.trail).toEqual(
      expect.arrayContaining(['code.issued', 'code.sent', 'code.rejected', 'code.accepted']),
    )
  })

  it('counts a right code against nothing, and each message by itself, where a session asks for two codes', () => {
    expect(JSON.parse(run('tests/session/fixtures/walk-two-codes.ts'))).toEqual({
      screens: ['sms_code', 'email_code'],
      resolution: 'allowed',
      sends: 2,
      failed: 9,
    })
  })

  it('nobody else learned its name', () => {
    const config = ['--config', 'tests/vitest.config.ts', 'tests/architecture.test.ts', '-t', 'knows a step']
    expect(run('node_modules/vitest/vitest.mjs', 'run', ...config, '--reporter=verbose')).toContain(
      '1 passed',
    )
  })
})
