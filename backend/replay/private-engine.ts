import { createHash } from 'node:crypto'
import { analyticsHere } from '../analytics/analytics.ts'
import {
  allDefinitions,
  openAttempts,
  openCollections,
  openEvidence,
  openWholeEvidence,
} from '../collections.ts'
import { readConfig } from '../config.ts'
import type { Deps } from '../deps.ts'
import { effectsOf } from '../effects/carry-out.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import type { Caller } from '../org/caller.ts'
import { provisionOrganisation } from '../org/provision.ts'
import type { OutgoingMail } from '../outbox/mail.ts'
import { createRelay } from '../outbox/relay.ts'
import { enforcedThroughout } from '../risk/enforcement.ts'
import type { Policy } from '../risk/policy.ts'
import { openSealer } from '../sealing/sealer.ts'
import { createSecrets } from '../secrets.ts'
import { openSqlite } from '../store/sqlite.ts'

/** The whole engine but HTTP, on a store of its own that ends with it, with a clock that is moved by hand. */
export type PrivateEngine = {
  deps: Deps
  caller: Caller
  advance: (ms: number) => void
  /** Carries out what sessions have left behind, until nothing is due. */
  relay: () => Promise<void>
  /** The code in the mail that was sent last. */
  newestCode: () => string
  close: () => Promise<void>
}

/** Keys and chance that stay the same, so that nothing that is derived from them differs from run to run. */
const fixedRing = (kid: string) => [{ kid, key: Buffer.alloc(32, kid) }]
const fixedChance = (): Deps['random'] => {
  let drawn = 0
  return (bytes) => {
    drawn += 1
    return createHash('shake256', { outputLength: bytes }).update(`replay ${drawn}`).digest()
  }
}

const codePattern = /(\d{3,4}) (\d{3,4})\b/

/** Everything is enforced in it, whatever the policy says. `now`: when it begins, epoch milliseconds. `hold_hours`: as the organisation has it. */
export const openPrivateEngine = async (wanted: {
  now: number
  policy: Policy
  hold_hours?: 12 | 24 | 72
}): Promise<PrivateEngine> => {
  const policy = enforcedThroughout(wanted.policy)
  // On disk, so that a long replay fills no memory; SQLite removes it at the end.
  const store = openSqlite({ path: '' })
  await store.prepare(allDefinitions)
  const time = { now: wanted.now }
  const clock = () => time.now
  const random = fixedChance()
  const secrets = createSecrets(fixedRing('replay'), fixedRing('pepper'))
  const sealer = openSealer(store, secrets)
  const collections = openCollections(store, sealer)
  let newestMail: OutgoingMail | null = null
  const deps: Deps = {
    config: readConfig({}),
    collections,
    attempts: openAttempts(store),
    secrets,
    policy,
    clock,
    random,
    sendMail: async (mail) => {
      if (codePattern.test(mail.text)) newestMail = mail
    },
    log: createLog('error'),
    metrics: createMetrics(),
    analytics: analyticsHere({
      collections,
      sessions: openWholeEvidence(store, sealer),
      unopened: openEvidence(store),
      policy,
      clock,
    }),
    nudge: () => {},
  }
  const facts = {
    _id: 'org_replay',
    name: 'Replay',
    support_phone: null,
    support_url: null,
    security_email: null,
    origins: [],
    return_urls: [],
    hold_hours: wanted.hold_hours ?? 12,
  }
  const made = await provisionOrganisation(deps, facts, 'enforce')
  if (!made.ok) throw new Error('the organisation was not made')
  const relay = createRelay(deps, effectsOf(deps))
  return {
    deps,
    caller: { org: made.doc, environment: 'live', key_id: 'key_replay' },
    advance: (ms) => {
      time.now += ms
    },
    relay: async () => {
      while ((await relay.run()) > 0);
    },
    newestCode: () => {
      const [, first, second] = codePattern.exec(newestMail?.text ?? '') ?? []
      if (first === undefined || second === undefined) throw new Error('no mail with a code')
      return `${first}${second}`
    },
    close: () => store.close(),
  }
}
