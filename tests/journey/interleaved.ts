import { openSqlite } from '../../backend/store/sqlite.ts'
import { expectedOf, ingest, openPage, type Page, submit, verify } from '../support/client.ts'
import { type InterruptibleStore, interruptible } from '../support/interruptible-store.ts'
import { openWorld, type World } from '../support/world.ts'
import {
  lowTransfer,
  meet,
  observe,
  openSite,
  type Person,
  person,
  type Site,
  sessionOf,
  walk,
} from './stage.ts'

/**
 * One person, three checkpoints of theirs at once, and everything that can happen to them, on two instances of which one
 * can be stopped at any call to the store.
 */

export type Stage = {
  site: Site
  /** The same organisation, asked through the instance that can be stopped. */
  shaky: Site
  interrupt: InterruptibleStore
  close: () => Promise<void>
}

export const openStage = async (): Promise<Stage> => {
  const store = openSqlite({ path: ':memory:' })
  const clock = { now: Date.UTC(2026, 10, 21, 10) }
  const interrupt = interruptible(store)
  const world = await openWorld({ store, clock })
  const second: World = await openWorld({ store: interrupt.store, clock, secrets: world.deps.secrets })
  const site = await openSite(world)
  return {
    site,
    shaky: { ...site, world: second },
    interrupt,
    close: async () => {
      await second.close()
      await world.close()
      await store.close()
    },
  }
}

const little = { amount: { value: 2_000, currency: 'USD' } }

type Checkpoint = { event: Record<string, unknown>; id: string; page: Page }

/** `asked`: stands at its question. `other`: too. `passed`: allowed, its token unspent. */
export type Scene = {
  user: Person
  asked: Checkpoint
  other: Checkpoint
  passed: Checkpoint
  /** Raised by everything that happens, so that *later* has a meaning. */
  moment: number
  /** When something that stops the payments was acknowledged, or null. */
  stopped: number | null
  /** Every `valid: true`, with the moment at which its verify was sent. */
  valid: { what: string; sent: number }[]
}

export const openScene = async (site: Site): Promise<Scene> => {
  const user = person()
  const checkpoint = async (): Promise<Checkpoint> => {
    const event = lowTransfer(user, little)
    const { asked, page } = await meet(site, event)
    return { event, id: asked.session.id, page }
  }
  const [passed, asked, other] = [await checkpoint(), await checkpoint(), await checkpoint()]
  passed.page = await walk(site, passed.page)
  if (passed.page.view.resolution !== 'allowed') throw new Error('the first checkpoint is not passed')
  return { user, asked, other, passed, moment: 0, stopped: null, valid: [] }
}

const spend = async (site: Site, scene: Scene, what: string, { id, event }: Checkpoint): Promise<boolean> => {
  scene.moment += 1
  const sent = scene.moment
  const { body } = await verify(site.world, site.key, {
    session_id: id,
    expected: expectedOf(event),
    idempotency_key: `pay ${id}`,
  })
  if (body.valid === true) scene.valid.push({ what, sent })
  return body.valid === true
}

const acknowledged = (scene: Scene): void => {
  scene.moment += 1
  scene.stopped ??= scene.moment
}

const answerOn = (at: 'asked' | 'other', answer: string) => async (site: Site, scene: Scene) => {
  const { body } = await submit(site.world, scene[at].page, 'intent', { answer })
  if (body.view?.screen.screen === 'break_contact' && answer !== 'no') acknowledged(scene)
}

let retries = 0

/** Everything that can happen, by name. A stop counts from its acknowledgement on. */
export const acts = {
  'yes here': answerOn('asked', 'yes'),
  'not sure here': answerOn('asked', 'not_sure'),
  'no there': answerOn('other', 'no'),
  'yes there': answerOn('other', 'yes'),
  'sharing there': async (site, scene) => {
    const { status, body } = await observe(site, scene.other.id, { screen_shared: true })
    if (status === 200 && body.outcome === 'block_escalate') acknowledged(scene)
  },
  'cancel here': async (site, scene) => {
    await submit(site.world, scene.asked.page, 'cancel')
  },
  'verify there': async (site, scene) => {
    await spend(site, scene, 'there', scene.other)
  },
  'verify the passed one': async (site, scene) => {
    await spend(site, scene, 'the passed one', scene.passed)
  },
  'ask under one key': async (site, scene) => {
    await ingest(site.world, site.key, lowTransfer(scene.user, little), `once ${scene.user.id}`)
  },
  'the same again': async (site, scene) => {
    retries += 1
    const event = lowTransfer(scene.user, little)
    const { status, body } = await ingest(site.world, site.key, event, `retry ${retries}`)
    if (status !== 200) return
    const page = await openPage(site.world, body.session.url)
    if (page.view.screen.screen === 'intent') await submit(site.world, page, 'intent', { answer: 'no' })
    await spend(site, scene, 'the same again', { event, id: body.session.id, page })
  },
} satisfies Record<string, (site: Site, scene: Scene) => Promise<void>>
export type Act = keyof typeof acts

export type Slip = { what: string; sent: number }

/**
 * What must never be: a payment that a verify let through although it was sent after a stop had been acknowledged. Asks
 * once more for everything, under the keys that were used before too.
 */
export const slipsOf = async (site: Site, scene: Scene): Promise<Slip[]> => {
  for (const name of ['no there', 'verify there', 'verify the passed one', 'the same again'] as const)
    await acts[name](site, scene)
  const { stopped } = scene
  return stopped === null ? [] : scene.valid.filter(({ sent }) => sent > stopped)
}

/** Everything that lasts, without ids and moments: two ways to the same end leave the same. */
export const remainsOf = async (site: Site, scene: Scene): Promise<unknown> => {
  await site.world.relay()
  const { collections } = site.world.deps
  const asked = await sessionOf(site, scene.asked.id)
  const profile = await collections.profiles.get(site.org, `usr_${asked.event.keys.user}`)
  const userHolds = await collections.userHolds.get(site.org, `grd_${asked.event.keys.user}`)
  const sessions = []
  for (const { id } of [scene.asked, scene.other, scene.passed]) {
    const {
      status,
      ending: { resolution, cause, outcome },
      consequences: { hold, incident_id, own_incident_id, outbox },
      decision,
    } = await sessionOf(site, id)
    const incident = await collections.incidents.get(site.org, own_incident_id)
    sessions.push({
      status,
      resolution,
      cause,
      outcome,
      hold: hold?.reason ?? null,
      spent: decision?.used_at !== undefined && decision.used_at !== null,
      redemption: decision?.redemption ?? null,
      revoked: decision !== null && decision.revoked_at !== null,
      has_incident: incident_id !== null,
      incident: incident?.cause ?? null,
      outbox: outbox.length,
    })
  }
  return {
    sessions,
    holds: (userHolds?.holds ?? []).map((hold) => ({
      reason: hold.reason,
      length: hold.ends_at - hold.opened_at,
      incident: hold.incident_id !== null,
      released: hold.released?.how ?? null,
    })),
    not_sure: userHolds?.not_sure.length ?? 0,
    abandonments: userHolds?.abandonments.length ?? 0,
    attempts: profile?.attempts.length ?? 0,
    learned: profile?.learned.length ?? 0,
    alerts: site.world.mails.filter(({ text }) => new RegExp(`\\b${scene.user.id}\\b`).test(text)).length,
  }
}
