import { fork } from 'node:child_process'
import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { type Child, childOf } from '../backend/processes/child.ts'
import { createKeeper } from '../backend/processes/keeper.ts'
import { freePorts } from './ports.ts'
import type { SupervisorSettings } from './settings.ts'
import { type Started, writeStarted } from './started-file.ts'

/** The programs that `npm start` keeps, as paths. */
export interface Programs {
  backend: string
  bank: string
}

/** What the supervisor is handed: when to end, whom to tell, and time. */
export interface Around {
  stopped: Promise<void>
  announce: (started: Started) => void
  /** One sentence for the terminal. */
  say: (sentence: string) => void
  pause: (ms: number) => Promise<unknown>
}

const backendReady = z.object({
  api_url: z.string(),
  admin_url: z.string(),
  org_id: z.string(),
  secret_key: z.string(),
  history_key: z.string(),
  admin: z.object({ email: z.string(), password: z.string() }),
})

const bankReady = z.object({ demo_url: z.string(), mailbox_url: z.string() })

/**
 * Starts the backend, then the bank with what the backend said, and keeps both until `stopped`. They are processes with
 * fates of their own: one that ends is started again, and the other goes on meanwhile, as a bank and a checkpoint on
 * different machines would. Answers the exit code; what happens is said in sentences to `say`.
 */
export const supervise = async (
  programs: Programs,
  settings: SupervisorSettings,
  environment: NodeJS.ProcessEnv,
  { stopped, announce, say, pause }: Around,
): Promise<number> => {
  const { PORT, ADMIN_PORT, DEMO_PORT, SMTP_PORT } = settings
  const found = await freePorts({ PORT, ADMIN_PORT, DEMO_PORT, SMTP_PORT })
  if (!found.ok) {
    say(found.problem)
    return 1
  }
  const inherited = { ...environment, ...found.ports }
  // An operator's own mail server brings its own sender, or the backend asks for one.
  const mail =
    settings.SMTP_URL === undefined
      ? { SMTP_URL: `smtp://127.0.0.1:${found.ports['SMTP_PORT']}`, MAIL_FROM: demoSender }
      : {}
  const ending = Promise.withResolvers<void>()
  stopped.then(ending.resolve)
  const { keep, drained } = createKeeper({ stopped: ending.promise, say, pause })
  const tidyUp: (() => Promise<void>)[] = []

  const run = async (): Promise<void> => {
    const backendEnv = { ...demoDefaults, ...inherited, ASE_DEMO: '1', ...mail }
    let keys = ''
    const first = await keep(
      'The backend',
      (name) => startProgram(name, programs.backend, backendEnv),
      (message) => {
        if (keysOf(message) !== keys)
          say(
            'The backend has other keys than before, and the bank can’t use them. Stop with Ctrl+C and start again.',
          )
      },
    )
    if (first === null) return
    const facts = backendReady.parse(first)
    keys = keysOf(facts)
    const bankEnv = {
      ...inherited,
      ASE_API_URL: facts.api_url,
      ASE_SECRET_KEY: facts.secret_key,
      ASE_HISTORY_KEY: facts.history_key,
      ASE_ADMIN_URL: facts.admin_url,
    }
    const second = await keep('The bank', (name) => startProgram(name, programs.bank, bankEnv))
    if (second === null) return
    const { demo_url, mailbox_url } = bankReady.parse(second)
    const { api_url, admin_url, org_id, secret_key, history_key, admin } = facts
    const started = { api_url, demo_url, mailbox_url, admin_url, org_id, secret_key, history_key, admin }
    tidyUp.push(await writeStarted(resolve(settings.DATA_DIR), started))
    announce(started)
    await ending.promise
  }

  const code = await run().then(
    () => 0,
    (fault: unknown) => {
      say(fault instanceof Error ? fault.message : String(fault))
      return 1
    },
  )
  ending.resolve()
  for (const tidy of tidyUp) await tidy()
  await drained()
  return code
}

const drainWithinMs = 20_000

const startProgram = (name: string, file: string, env: NodeJS.ProcessEnv): Child =>
  childOf(name, fork(file, [], { env, execArgv: [] }), drainWithinMs)

/** They follow from the data directory: whoever empties it under a running demo changes them. */
const keysOf = (message: unknown): string => {
  const { secret_key, history_key } = backendReady.parse(message)
  return `${secret_key} ${history_key}`
}

const demoSender = 'no-reply@harbour-bank.example'

/** Few lines on the terminal, unless somebody wants more. */
const demoDefaults = { LOG_LEVEL: 'warn' }
