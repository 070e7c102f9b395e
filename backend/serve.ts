import type { Server } from 'node:http'
import { join } from 'node:path'
import { secondMs } from '#contract/durations'
import packageFile from '../package.json' with { type: 'json' }
import { analyticsInThreads } from './analytics/analytics-in-threads.ts'
import { createApp } from './app.ts'
import { type BackgroundWork, startBackgroundWork } from './background-work.ts'
import { allDefinitions, openAttempts, openCollections } from './collections.ts'
import type { Config } from './config.ts'
import { provisionDemo } from './demo.ts'
import type { Deps } from './deps.ts'
import { createListener } from './http/listener.ts'
import { loadStaticFiles } from './http/static-files.ts'
import { createLog, type Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import { organisationWarnings } from './org/organisation-warnings.ts'
import { resealOrganisations } from './org/reseal.ts'
import { createMailer } from './outbox/mail.ts'
import { doorsOf, listenAt } from './processes/listen.ts'
import { metricsOfAllWorkers } from './processes/worker-metrics.ts'
import { randomBytes } from './random.ts'
import { defaultPolicy } from './risk/default-policy.ts'
import { refuseUnknownMasters, resealPersonKeys } from './sealing/reseal-person-keys.ts'
import { openSealer } from './sealing/sealer.ts'
import { loadRings } from './secret-rings.ts'
import { createSecrets } from './secrets.ts'
import { openStore } from './store/open-store.ts'
import type { Store } from './store/port.ts'
import { StoppedWaiting, untilAvailable } from './store/until-available.ts'

/**
 * Start: store → app → background work → listen; a store that is not there yet is waited for. Stop (`stop` is aborted):
 * answer 503 on `/readyz`, take no new connection, finish what is under way, close the store. A second instance is the
 * same on the same store. `worker`: which of an instance's workers this is; null when it serves alone.
 */
export const serve = async (config: Config, worker: number | null, stop: AbortSignal): Promise<void> => {
  const log = worker === null ? createLog(config.logLevel) : createLog(config.logLevel).child({ worker })
  const isFirst = worker === null || worker === 1
  const files = loadStaticFiles(join(import.meta.dirname, '../dist'))
  const whenAvailable = <Result>(attempt: () => Promise<Result>) => untilAvailable(attempt, { log, stop })
  const store = await whenAvailable(() => openStore(config, allDefinitions))
  log.info({ engine: store.engine }, 'store open')
  const mailer = createMailer(config.smtpUrl, config.mailFrom)
  const { deps, setNudge } = buildDeps(config, store, log, mailer.send, worker === null)
  if (isFirst) {
    const { resealed } = await whenAvailable(() => resealOrganisations(deps))
    if (resealed > 0) log.info({ resealed }, 'digest keys sealed under the newest master key')
  }
  await whenAvailable(() => refuseUnknownMasters(deps))

  let draining = false
  const waived = config.mongoWaiveDurability ? ['mongodb: majority and journal not checked'] : []
  const app = createApp(deps, { store, waived, draining: () => draining }, files, packageFile.version)
  const demo = config.demo ? await whenAvailable(() => provisionDemo(deps)) : null
  if (isFirst) {
    for (const { words, ...whom } of await whenAvailable(() => organisationWarnings(deps)))
      log.warn(whom, words)
    void resealInBackground(deps, whenAvailable)
  }
  const background = startBackgroundWork(deps, isFirst ? 'all' : 'relay')
  setNudge(background.nudge)

  const doors = doorsOf(config)
  const place = { host: config.host, isShared: worker !== null }
  const servers = await Promise.all([
    listenAt(createListener(app.koa.callback(), config.publicListener), doors.public, place),
    listenAt(createListener(app.desk.callback(), config.adminListener), doors.desk, place),
  ])
  log.info({ api: config.publicOrigin, admin: config.adminOrigin, waived }, 'listening')
  process.send?.({ type: 'ready', api_url: config.publicOrigin, admin_url: config.adminOrigin, ...demo })

  onStop(stop, async (why) => {
    draining = true
    log.info({ why }, 'draining')
    // Live views are requests that would never finish.
    app.desk.emit('drain')
    await Promise.all([...servers.map((server) => close(server, config.shutdownSeconds)), background.stop()])
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
  isAlone: boolean,
): { deps: Deps; setNudge: (nudge: BackgroundWork['nudge']) => void } => {
  const rings = loadRings(config)
  const secrets = createSecrets(rings.masters, rings.peppers)
  const metrics = createMetrics()
  let nudge: BackgroundWork['nudge'] = () => {}
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
    metrics: isAlone ? metrics : { ...metrics, read: metricsOfAllWorkers(metrics.registry) },
    analytics: analyticsInThreads(
      {
        dataDir: config.dataDir,
        mongodbUri: config.mongodbUri,
        mongoWaiveDurability: config.mongoWaiveDurability,
        masterKeys: config.masterKeys,
        codePepper: config.codePepper,
      },
      config.workers,
    ),
    nudge: () => nudge(),
  }
  return {
    deps,
    setNudge: (next) => {
      nudge = next
    },
  }
}

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
