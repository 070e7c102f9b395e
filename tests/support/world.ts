import type { AddressInfo } from 'node:net'
import type { EnforcementMode } from '#contract/enforcement'
import type { Environment } from '#contract/environment'
import { analyticsHere } from '../../backend/analytics/analytics.ts'
import { createApp } from '../../backend/app.ts'
import {
  allDefinitions,
  type Collections,
  openAttempts,
  openCollections,
  openEvidence,
  openWholeEvidence,
} from '../../backend/collections.ts'
import { type Config, readConfig } from '../../backend/config.ts'
import type { Deps } from '../../backend/deps.ts'
import { effectsOf } from '../../backend/effects/carry-out.ts'
import { createListener } from '../../backend/http/listener.ts'
import type { StaticFiles } from '../../backend/http/static-files.ts'
import { createLog } from '../../backend/log.ts'
import { createMetrics } from '../../backend/metrics.ts'
import { scope } from '../../backend/org/api-key.ts'
import {
  type OrganisationFacts,
  provisionApiKey,
  provisionOrganisation,
} from '../../backend/org/provision.ts'
import type { OutgoingMail } from '../../backend/outbox/mail.ts'
import { createRelay } from '../../backend/outbox/relay.ts'
import { randomBytes } from '../../backend/random.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { openSealer } from '../../backend/sealing/sealer.ts'
import { createSecrets } from '../../backend/secrets.ts'
import type { Sealer, Store } from '../../backend/store/port.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { checkingWrites } from './checked-writes.ts'

/**
 * A whole backend in this process, with the real store and the real HTTP server; only time, mail and the workers' rhythm
 * are in the test's hand. Two worlds on one store are two instances.
 */

export type World = {
  deps: Deps
  store: Store
  sealer: Sealer
  /** The same store as another process writes to it, whatever it writes. */
  elsewhere: Collections
  url: string
  /** Everything that was handed to the mail server, oldest first. */
  mails: OutgoingMail[]
  /** Set to a message to make the mail server refuse. */
  mailFault: { message: string | null }
  /** Moves the clock on. */
  advance: (ms: number) => void
  /** Runs the relay until nothing is due. */
  relay: () => Promise<void>
  close: () => Promise<void>
}

export const ring = (kid: string) => [{ kid, key: randomBytes(32) }]

/** Secrets of a world, and the same as a process or a thread of its own is handed them. */
export const secretsAndRings = () => {
  const [masters, peppers] = [ring('m1'), ring('p1')]
  const text = (entries: typeof masters) =>
    entries.map(({ kid, key }) => `${kid}:${key.toString('base64url')}`).join(',')
  return {
    secrets: createSecrets(masters, peppers),
    rings: { masterKeys: text(masters), codePepper: text(peppers) },
  }
}

export type WorldOptions = {
  store?: Store
  secrets?: Deps['secrets']
  clock?: { now: number }
  env?: Record<string, string>
  /** Sees every log line. */
  logLines?: string[]
  /** Writes what it is given, as the product does, instead of checking first that it could be read back. */
  uncheckedWrites?: boolean
}

const startOfTime = Date.UTC(2026, 10, 21, 10, 0, 0)

/** The page's script is built by the bundler; these tests read what the server renders. */
export const noFiles: StaticFiles = {
  middleware: (_ctx, next) => next(),
  frame: () => ({ script: '/frame/frame.js', styles: [], code: 'frame()' }),
  admin: () => ({ script: '/admin/admin.js', styles: [] }),
}

export const openWorld = async (options: WorldOptions = {}): Promise<World> => {
  const config: Config = readConfig({ LIMITS_SCALE: '1000', LOG_LEVEL: 'debug', ...options.env })
  const store = options.store ?? openSqlite({ path: ':memory:' })
  await store.prepare(allDefinitions)
  const clock = options.clock ?? { now: startOfTime }
  const mails: OutgoingMail[] = []
  const mailFault: World['mailFault'] = { message: null }
  const lines = options.logLines ?? []
  const secrets = options.secrets ?? createSecrets(ring('m1'), ring('p1'))
  const sealer = openSealer(store, secrets)
  const collections = openCollections(options.uncheckedWrites ? store : checkingWrites(store), sealer)
  const deps: Deps = {
    config,
    collections,
    attempts: openAttempts(store),
    secrets,
    policy: defaultPolicy,
    clock: () => clock.now,
    random: randomBytes,
    sendMail: async (mail) => {
      if (mailFault.message !== null) throw new Error(mailFault.message)
      mails.push(mail)
    },
    log: createLog(config.logLevel, { write: (line: string) => lines.push(line) }),
    metrics: createMetrics(),
    analytics: analyticsHere({
      collections,
      sessions: openWholeEvidence(store, sealer),
      unopened: openEvidence(store),
      policy: defaultPolicy,
      clock: () => clock.now,
    }),
    nudge: () => {},
  }
  const health = { store, waived: [], draining: () => false }
  const app = createApp(deps, health, noFiles, 'test')
  const server = createListener(app.koa.callback(), config.publicListener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const relay = createRelay(deps, effectsOf(deps))
  return {
    deps,
    store,
    sealer,
    elsewhere: openCollections(store, sealer),
    url: `http://127.0.0.1:${port}`,
    mails,
    mailFault,
    advance: (ms) => {
      clock.now += ms
    },
    relay: async () => {
      while ((await relay.run()) > 0);
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      if (options.store === undefined) await store.close()
    },
  }
}

/** An organisation with a key; names differ so that tests can tell them apart. */
export const openOrganisation = async (
  world: World,
  facts: Partial<OrganisationFacts> = {},
  env: Environment = 'live',
  live: EnforcementMode = 'enforce',
): Promise<{ id: string; key: string }> => {
  const id = facts._id ?? `org_${randomBytes(6).toString('hex')}`
  const organisation = {
    _id: id,
    name: 'Example Bank',
    support_phone: '+44 20 7946 0000',
    support_url: null,
    security_email: 'security@bank.example',
    origins: ['https://bank.example'],
    return_urls: ['https://bank.example/'],
    ...facts,
  }
  const made = await provisionOrganisation(world.deps, organisation, live)
  if (!made.ok) throw new Error(`${id} could not be made`)
  const { secret_key } = await provisionApiKey(world.deps, {
    org_id: id,
    env,
    name: 'test',
    scopes: scope.options,
  })
  return { id, key: secret_key }
}
