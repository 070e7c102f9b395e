import type { Server } from 'node:http'
import { join } from 'node:path'
import { secondMs } from '#contract/durations'
import packageFile from '../package.json' with { type: 'json' }
import { analyticsInThreads } from './analytics/analytics-in-threads.ts'
import { createApp } from './app.ts'
import { allDefinitions, openAttempts, openCollections } from './collections.ts'
import { type Config, type ListenerLimits, readConfig } from './config.ts'
import { provisionDemo } from './demo.ts'
import type { Deps } from './deps.ts'
import { createListener } from './http/listener.ts'
import { loadStaticFiles } from './http/static-files.ts'
import { createLog, type Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import { organisationWarnings } from './org/organisation-warnings.ts'
import { resealOrganisations } from './org/reseal.ts'
import { createMailer } from './outbox/mail.ts'
import { randomBytes } from './random.ts'
import { defaultPolicy } from './risk/default-policy.ts'
import { refuseUnknownMasters, resealPersonKeys } from './sealing/reseal-person-keys.ts'
import { openSealer } from './sealing/sealer.ts'
import { loadRings } from './secret-rings.ts'
import { createSecrets } from './secrets.ts'
import { openStore } from './store/open-store.ts'
import type { Store } from './store/port.ts'
import { StoppedWaiting, untilAvailable } from './store/until-available.ts'
import { startWorkers, type Workers } from './workers.ts'

/**
 * Start: configuration → store → app → workers → listen; a store that is not there yet is waited for. Stop (SIGTERM,
 * SIGINT, or the supervisor gone): answer 503 on `/readyz`, take no new connection, finish what is under way, close the
 * store. A second instance is this same command on the same store.
 */

const main = async (): Promise<void> => {
  const config = readConfig(process.env)
  const log = createLog(config.logLevel)
  const files = loadStaticFiles(join(import.meta.dirname, '../dist'))
  const stop = stopRequest()
  const whenAvailable = <Result>(attempt: () => Promise<Result>) => untilAvailable(attempt, { log, stop })
  const store = await whenAvailable(() => openStore(config, allDefinitions))
  log.info({ engine: store.engine }, 'store open')
  const mailer = createMailer(config.smtpUrl, config.mailFrom)
  const { deps, setNudge } = buildDeps(config, store, log, mailer.send)
  const { resealed } = await whenAvailable(() => resealOrganisations(deps))
  if (resealed > 0) log.info({ resealed }, 'digest keys sealed under the newest master key')
  await whenAvailable(() => refuseUnknownMasters(deps))

  let draining = false
  const waived = config.mongoWaiveDurability ? ['mongodb: majority and journal not checked'] : []
  const app = createApp(deps, { store, waived, draining: () => draining }, files, packageFile.version)
  const demo = config.demo ? await whenAvailable(() => provisionDemo(deps)) : null
  for (const { words, ...whom } of await whenAvailable(() => organisationWarnings(deps)))
    log.warn(whom, words)
  const workers = startWorkers(deps)
  setNudge(workers.nudge)
  void resealInBackground(deps, whenAvailable)

  const servers = await listen(config, app.koa.callback(), app.desk.callback())
  log.info({ api: config.publicOrigin, admin: config.adminOrigin, waived }, 'listening')
  process.send?.({ type: 'ready', api_url: config.publicOrigin, admin_url: config.adminOrigin, ...demo })

  onStop(stop, async (why) => {
    draining = true
    log.info({ why }, 'draining')
    // Live views are requests that would never finish.
    app.desk.emit('drain')
    await Promise.all([...servers.map((server) => close(server, config.shutdownSeconds)), workers.stop()])
    mailer.close()
    await store.close()
    log.info('stopped')
  })
}

/** As many as there are persons, so nobody waits for it: until it is done, both master keys open what they sealed. */
const resealInBackground = async (
  deps: Deps,
  whenAvailable: <Result>(attempt: () => Promise<Result>) => Promise<Result>,
): Promise<void> => {
  if (deps.secrets.olderMasterKids.length === 0) return
  try {
    const { resealed } = await whenAvailable(() => resealPersonKeys(deps))
    deps.log.info({ resealed }, 'persons’ keys are sealed anew: older master keys may leave the ring')
  } catch (err) {
    if (!(err instanceof StoppedWaiting)) deps.log.error({ err }, 'persons’ keys could not be sealed anew')
  }
}

const buildDeps = (
  config: Config,
  store: Store,
  log: Log,
  sendMail: Deps['sendMail'],
): { deps: Deps; setNudge: (nudge: Workers['nudge']) => void } => {
  const rings = loadRings(config)
  const secrets = createSecrets(rings.masters, rings.peppers)
  let nudge: Workers['nudge'] = () => {}
  const deps: Deps = {
    config,
    collections: openCollections(store, openSealer(store, secrets)),
    attempts: openAttempts(store),
    secrets,
    policy: defaultPolicy,
    clock: Date.now,
    random: randomBytes,
    sendMail,
    log,
    metrics: createMetrics(),
    analytics: analyticsInThreads({
      dataDir: config.dataDir,
      mongodbUri: config.mongodbUri,
      mongoWaiveDurability: config.mongoWaiveDurability,
      masterKeys: config.masterKeys,
      codePepper: config.codePepper,
    }),
    nudge: () => nudge(),
  }
  return {
    deps,
    setNudge: (next) => {
      nudge = next
    },
  }
}

type Handler = ReturnType<ReturnType<typeof createApp>['koa']['callback']>

const listen = (config: Config, publicHandler: Handler, adminHandler: Handler): Promise<Server[]> =>
  Promise.all([
    listenOn(publicHandler, config.publicListener, config.host, config.port, 'PORT'),
    listenOn(adminHandler, config.adminListener, config.host, config.adminPort, 'ADMIN_PORT'),
  ])

const listenOn = (
  handler: Handler,
  limits: ListenerLimits,
  host: string,
  port: number,
  variable: string,
): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createListener(handler, limits)
    server.once('error', (fault) =>
      reject(new Error(`${variable}: can't listen on ${host}:${port} (${fault.message}); choose another`)),
    )
    server.listen(port, host, () => resolve(server))
  })

/** A client that keeps its connection would hold up the end for Node's keep-alive time of five seconds. */
const idleSweepMs = 100

/** Lets requests finish; connections that still stand after `seconds` are cut. */
const close = (server: Server, seconds: number): Promise<void> =>
  new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), seconds * secondMs)
    const sweep = setInterval(() => server.closeIdleConnections(), idleSweepMs)
    server.close(() => {
      clearTimeout(cut)
      clearInterval(sweep)
      resolve()
    })
  })

/** Aborted, with the reason, when somebody wants us to end. */
const stopRequest = (): AbortSignal => {
  const asked = new AbortController()
  process.on('SIGTERM', () => asked.abort('SIGTERM'))
  process.on('SIGINT', () => asked.abort('SIGINT'))
  // The supervisor that started us is gone, so nobody else would stop us.
  if (process.send !== undefined) process.on('disconnect', () => asked.abort('supervisor gone'))
  return asked.signal
}

const onStop = (asked: AbortSignal, stop: (why: string) => Promise<void>): void => {
  const now = () => {
    stop(String(asked.reason)).then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  if (asked.aborted) now()
  else asked.addEventListener('abort', now, { once: true })
}

await main().catch((fault: unknown) => {
  if (fault instanceof StoppedWaiting) process.exit(0)
  console.error(fault instanceof Error ? fault.message : fault)
  process.exit(1)
})
