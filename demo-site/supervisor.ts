import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { type Child, startChild } from './child.ts'
import { freePorts } from './ports.ts'
import type { SupervisorSettings } from './settings.ts'
import { type Started, writeStarted } from './started-file.ts'

/** The programs that `npm start` keeps, as paths. */
export interface Programs {
  backend: string
  bank: string
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
 * Starts the backend, then the bank with what the backend said, and keeps both until `stopped` or until one of them
 * ends. Answers the exit code; every failure is one sentence to `complain`.
 */
export const supervise = async (
  programs: Programs,
  settings: SupervisorSettings,
  environment: NodeJS.ProcessEnv,
  stopped: Promise<void>,
  announce: (started: Started) => void,
  complain: (sentence: string) => void,
): Promise<number> => {
  const { PORT, ADMIN_PORT, DEMO_PORT, SMTP_PORT } = settings
  const found = await freePorts({ PORT, ADMIN_PORT, DEMO_PORT, SMTP_PORT })
  if (!found.ok) {
    complain(found.problem)
    return 1
  }
  const inherited = { ...environment, ...found.ports }
  // An operator's own mail server brings its own sender, or the backend asks for one.
  const mail =
    settings.SMTP_URL === undefined
      ? { SMTP_URL: `smtp://127.0.0.1:${found.ports['SMTP_PORT']}`, MAIL_FROM: demoSender }
      : {}
  const running: Child[] = []
  const keep = (child: Child) => {
    running.push(child)
    return child
  }
  const tidyUp: (() => Promise<void>)[] = []
  const stopSign = stopped.then(() => stopWord)

  const run = async (): Promise<typeof stopWord> => {
    const backendEnv = { ...demoDefaults, ...inherited, ASE_DEMO: '1', ...mail }
    const backend = keep(startChild('backend', programs.backend, backendEnv))
    const first = await Promise.race([backend.ready, stopSign])
    if (first === stopWord) return stopWord
    const facts = backendReady.parse(first)
    const bankEnv = {
      ...inherited,
      ASE_API_URL: facts.api_url,
      ASE_SECRET_KEY: facts.secret_key,
      ASE_HISTORY_KEY: facts.history_key,
      ASE_ADMIN_URL: facts.admin_url,
    }
    const bank = keep(startChild('bank', programs.bank, bankEnv))
    const second = await Promise.race([bank.ready, stopSign, failing(backend)])
    if (second === stopWord) return stopWord
    const { demo_url, mailbox_url } = bankReady.parse(second)
    const { api_url, admin_url, org_id, secret_key, history_key, admin } = facts
    const started = { api_url, demo_url, mailbox_url, admin_url, org_id, secret_key, history_key, admin }
    tidyUp.push(await writeStarted(resolve(settings.DATA_DIR), started))
    announce(started)
    return await Promise.race([stopSign, failing(backend), failing(bank)])
  }

  const code = await run().then(
    () => 0,
    (fault: unknown) => {
      complain(fault instanceof Error ? fault.message : String(fault))
      return 1
    },
  )
  for (const tidy of tidyUp) await tidy()
  await Promise.all(running.map((child) => child.stop()))
  return code
}

const stopWord = 'stop' as const

const demoSender = 'no-reply@harbour-bank.example'

/** Few lines on the terminal, unless somebody wants more. */
const demoDefaults = { LOG_LEVEL: 'warn' }

/** A child that ends while it should run is a failure of the whole. */
const failing = (child: Child): Promise<never> =>
  child.ended.then((sentence) => {
    throw new Error(`${sentence} Stopping.`)
  })
