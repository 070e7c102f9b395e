import { spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readSupervisorSettings } from './settings.ts'
import type { Started } from './started-file.ts'
import { supervise } from './supervisor.ts'

/** `npm start`: builds what is stale, then keeps the backend and the demo bank running until told to stop. */

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** The build says something only when it has something to build. */
const buildStale = (): Promise<boolean> =>
  new Promise((resolve) => {
    const build = spawn(process.execPath, [path('../rollup-config/build.ts'), '--stale'], {
      cwd: path('..'),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    const hear = (chunk: Buffer) => {
      if (said === '') console.log('building…')
      said += chunk.toString()
    }
    build.stdout.on('data', hear)
    build.stderr.on('data', hear)
    build.once('error', () => resolve(false))
    build.once('close', (code) => {
      if (code !== 0) console.error(`${said}The build failed.`)
      resolve(code === 0)
    })
  })

const announce = ({ api_url, demo_url, mailbox_url, admin_url, admin }: Started): void => {
  console.log(
    [
      '',
      `  The bank      ${demo_url}`,
      `  Its mailbox   ${mailbox_url}`,
      `  Admin page    ${admin_url}`,
      `                ${admin.email} · ${admin.password}`,
      `  The API       ${api_url}`,
      '',
      '  Stop with Ctrl+C.',
      '',
    ].join('\n'),
  )
}

const stopped = new Promise<void>((resolve) => {
  process.on('SIGTERM', () => resolve())
  process.on('SIGINT', () => resolve())
})

/** Nobody waits for a pause when everything ends; until then it keeps this process alive, even with both others dead. */
const over = new AbortController()
stopped.then(() => over.abort())

const start = async (): Promise<number> => {
  const settings = readSupervisorSettings()
  if (!(await buildStale())) return 1
  const programs = { backend: path('../backend/main.js'), bank: path('./main.ts') }
  return supervise(programs, settings, process.env, {
    stopped,
    announce,
    say: (sentence) => console.error(sentence),
    pause: (ms) => setTimeout(ms, undefined, { signal: over.signal }).catch(() => undefined),
  })
}

process.exitCode = await start().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : String(fault))
  return 1
})
