import { beforeAll, describe, expect, it } from 'vitest'
import type { PolicySummary } from '../../backend/contract/policy.ts'
import type { Problem } from '../../backend/contract/problem.ts'
import { scope } from '../../backend/org/api-key.ts'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { moveVersion } from '../../backend/policy/move.ts'
import { get, ingest, post, step } from '../support/client.ts'
import { openWorld } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  ask,
  changePassword,
  highTransfer,
  hour,
  lowTransfer,
  meet,
  openSite,
  type Person,
  person,
  reload,
  type Site,
  sayYes,
  screensOf,
  seenBy,
  sessionOf,
  walk,
} from './stage.ts'

let site: Site
const world = await worldForFile()

const fresh = async () => {
  site = await openSite(world)
  return site
}

type Version = PolicySummary & Problem & { history: { kind: string; by: string; note: string | null }[] }
const bearer = ({ key }: Site) => ({ authorization: `Bearer ${key}` })
const call = (at: Site, path: string, body: unknown) =>
  post<Version>(`${at.world.url}${path}`, body, bearer(at))
const read = <Body>(at: Site, path: string) => get<Body>(`${at.world.url}${path}`, bearer(at))

/** The low tier asks for a code too: easy to tell from the engine’s own policy. */
const stricter = { steps: { low: ['intent', 'email_code'] }, weights: { ACTION_SENSITIVE: 60 } }
const draft = async (at: Site, changes: unknown = stricter, base?: string): Promise<string> => {
  const made = await call(at, '/policies', {
    changes,
    note: 'a try',
    ...(base === undefined ? {} : { base }),
  })
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  return made.body.id
}
const publish = (at: Site, id: string, rest: Record<string, unknown> = {}) =>
  call(at, `/policies/${id}/publish`, { note: 'it did well', ...rest })

const states = async (at: Site): Promise<Record<string, string>> => {
  const { body } = await read<{ policies: PolicySummary[] }>(at, '/policies')
  return Object.fromEntries(body.policies.map(({ id, state }) => [id, state]))
}

describe('a version', () => {
  it('goes from draft over preview to live, decides what comes next, and goes back', async () => {
    await fresh()
    const id = await draft(site)
    expect(await states(site)).toEqual({ pol_1: 'draft', 'default-1': 'live' })
    expect((await ask(site, lowTransfer(person()))).policy_version).toBe('default-1')

    expect((await call(site, `/policies/${id}/preview`, {})).body.state).toBe('preview')
    const ridden = await ask(site, lowTransfer(person()))
    expect(ridden).toMatchObject({ policy_version: 'default-1', shadow_evaluation: { policy_version: id } })

    expect((await publish(site, id)).body).toMatchObject({ state: 'live', id })
    expect(await states(site)).toEqual({ pol_1: 'live', 'default-1': 'retired' })
    const decided = await ask(site, lowTransfer(person()))
    expect(decided.policy_version).toBe(id)
    expect(decided.shadow_evaluation).toBe(undefined)
    const { assessment } = (await sessionOf(site, decided.session.id)).evaluation
    expect(assessment.steps).toEqual(['intent', 'email_code'])

    const back = await call(site, `/policies/${id}/rollback`, { note: 'too strict' })
    expect(back.body).toMatchObject({ id: 'default-1', state: 'live' })
    expect((await ask(site, lowTransfer(person()))).policy_version).toBe('default-1')
    const { body } = await read<Version>(site, `/policies/${id}`)
    expect(body.state).toBe('retired')
    expect(body.history.map(({ kind, note }) => [kind, note])).toEqual([
      ['roll_back', 'too strict'],
      ['publish', 'it did well'],
      ['preview', null],
    ])
  })

  it('is tried in test without a word in live, by one organisation', async () => {
    await fresh()
    const { secret_key } = await provisionApiKey(world.deps, {
      org_id: site.org,
      env: 'test',
      name: 'test',
      scopes: scope.options,
    })
    const inTest = { ...site, key: secret_key }
    const id = await draft(inTest)
    await publish(inTest, id)
    expect([(await states(inTest))[id], (await states(site))[id]]).toEqual(['live', 'draft'])
    expect((await ask(inTest, lowTransfer(person()))).policy_version).toBe(id)
    expect((await ask(site, lowTransfer(person()))).policy_version).toBe('default-1')
  })

  it('is never changed: a correction is another version, which says on what it is based', async () => {
    await fresh()
    const first = await draft(site)
    await publish(site, first)
    const second = await draft(site, { weights: { DEVICE_NEW: 19 } })
    const { body } = await read<{ base: string; changes: unknown; policy: { version: string } }>(
      site,
      `/policies/${second}`,
    )
    expect(body.base).toBe(first)
    expect(body.policy.version).toBe(second)
    expect(body.changes).toEqual([{ path: 'weights.DEVICE_NEW', before: 18, after: 19 }])
  })

  it('gets a number of its own, however many drafts are made at once', async () => {
    await fresh()
    const ids = await Promise.all(Array.from({ length: 5 }, () => draft(site)))
    expect(ids.toSorted()).toEqual(['pol_1', 'pol_2', 'pol_3', 'pol_4', 'pol_5'])
  })

  it('is listed with all others, page by page, the newest first', async () => {
    await fresh()
    for (let made = 0; made < 23; made += 1) await draft(site)
    const first = await read<{ policies: PolicySummary[]; next: string }>(site, '/policies')
    expect(first.body.policies).toHaveLength(20)
    const second = await read<{ policies: PolicySummary[]; next: null }>(
      site,
      `/policies?cursor=${first.body.next}`,
    )
    expect(second.body.policies.map(({ id }) => id)).toEqual(['pol_3', 'pol_2', 'pol_1', 'default-1'])
    expect(second.body.next).toBe(null)
  })
})

describe('what judged a session goes on judging it', () => {
  it('keeps the steps of a session under way, and raises it by its own policy', async () => {
    await fresh()
    const met = await meet(site, lowTransfer(person()))
    await publish(site, await draft(site))
    const done = await walk(site, await reload(site, met.asked))
    expect(screensOf(done)).toBe('allowed')
    const session = await sessionOf(site, met.asked.session.id)
    expect(session.evaluation.assessment.policy_version).toBe('default-1')
    expect(session.checkpoint.steps.map(({ type }) => type)).toEqual(['intent'])
  })

  it('lets nothing through when its version can’t be read', async () => {
    await fresh()
    const id = await draft(site)
    await publish(site, id)
    const met = await meet(site, lowTransfer(person()))
    const { policies } = world.deps.collections
    const stored = await policies.get(site.org, id)
    await policies.remove(site.org, id, stored?.version ?? 0)
    // Another instance has nothing of it in memory.
    const other = await openWorld({ store: world.store, secrets: world.deps.secrets })
    const there = seenBy(site, other)
    const judged = await ingest(other, site.key, lowTransfer(person()))
    expect([judged.status, judged.body.code]).toEqual([503, 'unavailable'])
    await expect(walk(there, met.page)).rejects.toThrow('503')
    expect((await sessionOf(site, met.asked.session.id)).status).toBe('open')
    await other.close()
  })
})

describe('moves at once', () => {
  it('of two publications one is made, and the other hears 409', async () => {
    await fresh()
    const [one, two] = [await draft(site), await draft(site)]
    const expected = { expected_live: 'default-1' }
    const answers = await Promise.all([publish(site, one, expected), publish(site, two, expected)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('policy_conflict')
    expect(Object.values(await states(site)).filter((state) => state === 'live')).toHaveLength(1)
  })

  it('of two that read the same organisation one is made, whatever they expected', async () => {
    await fresh()
    const [one, two] = [await draft(site), await draft(site)]
    const { organisations } = world.deps.collections
    const organisation = await organisations.get(site.org, site.org)
    if (organisation === null) throw new Error('no organisation')
    const command = (version: string) => ({
      kind: 'publish' as const,
      version,
      at: 1,
      by: 'key:k',
      note: 'n',
    })
    expect(await moveVersion(world.deps, organisation, 'live', command(one))).toMatchObject({ ok: true })
    expect(await moveVersion(world.deps, organisation, 'live', command(two))).toEqual({
      ok: false,
      reason: 'lost_race',
    })
  })

  it('a change of something else in the organisation is no race', async () => {
    await fresh()
    const id = await draft(site)
    const { organisations } = world.deps.collections
    const organisation = await organisations.get(site.org, site.org)
    if (organisation === null) throw new Error('no organisation')
    await organisations.replace({ ...organisation, name: 'Renamed Bank' }, organisation.version)
    const command = { kind: 'publish' as const, version: id, at: 1, by: 'key:k', note: 'n' }
    expect(await moveVersion(world.deps, organisation, 'live', command)).toMatchObject({ ok: true })
    expect(await organisations.get(site.org, site.org)).toMatchObject({ name: 'Renamed Bank' })
  })

  it('a history that was cut off is shown at once and made up for by the next move', async () => {
    await fresh()
    const id = await draft(site)
    const { organisations, policies } = world.deps.collections
    await publish(site, id)
    const stored = await policies.get(site.org, id)
    if (stored === null) throw new Error('no version')
    // The process died between the organisation's write and the version's.
    await policies.replace(
      { ...stored, history: [], published_at: { live: null, test: null } },
      stored.version,
    )
    expect((await read<Version>(site, `/policies/${id}`)).body.history).toHaveLength(1)
    await publish(site, await draft(site))
    expect((await policies.get(site.org, id))?.history.map(({ seq }) => seq)).toEqual([1, 2])
    expect((await organisations.get(site.org, site.org))?.policies.live.last?.seq).toBe(2)
    expect((await states(site))[id]).toBe('retired')
  })

  it('sent twice goes back once', async () => {
    await fresh()
    const [one, two] = [await draft(site), await draft(site)]
    await publish(site, one)
    await publish(site, two)
    const back = () => call(site, `/policies/${two}/rollback`, { note: 'back' })
    expect((await back()).body.id).toBe(one)
    expect((await back()).status).toBe(409)
    expect((await states(site))[one]).toBe('live')
  })
})

describe('a rule that allows everything', () => {
  const everything = {
    id: 'rule_all',
    name: 'Everything',
    priority: 1000,
    mode: 'live',
    when: { fact: 'score', op: 'gte', value: 0 },
    then: { outcome: 'allow' },
  }
  const remote = { context: { remote_access: true } }
  beforeAll(async () => {
    await fresh()
    await publish(site, await draft(site, { rules: [everything] }))
  })

  it('takes away what the score asks for', async () => {
    const asked = await ask(site, highTransfer(person()))
    expect([asked.outcome, asked.rule_matches.map(({ decided }) => decided)]).toEqual(['allow', [true]])
  })

  it('undoes no block', async () => {
    const asked = await ask(site, highTransfer(person(), remote))
    expect([asked.outcome, asked.rule_matches.map(({ decided }) => decided)]).toEqual([
      'block_escalate',
      [false],
    ])
  })

  it('undoes no contradiction, and the hold that follows covers what it would allow', async () => {
    const user = person()
    const { asked, page } = await meet(site, lowTransfer(user, remote))
    expect(asked.outcome).toBe('delay_verify')
    expect((await step(world, page, 'intent', { answer: 'no' })).view.resolution).toBe('contradicted')
    const covered = await ask(site, lowTransfer(user))
    expect([covered.outcome, covered.hold?.reason]).toEqual(['block_escalate', 'contradicted'])
  })

  it('shortens neither the reverification after a hold nor what a neighbouring hold asks for', async () => {
    const user = person()
    const { page } = await meet(site, lowTransfer(user, remote))
    await step(world, page, 'intent', { answer: 'yes' })
    const neighbour = await ask(site, changePassword(user))
    expect([neighbour.outcome, neighbour.score]).toEqual(['delay_verify', 75])
    world.advance(12 * hour)
    const clean = await ask(site, lowTransfer(user))
    expect(clean.outcome).toBe('delay_verify')
    const {
      checkpoint: { tier },
      evaluation: { assessment },
    } = await sessionOf(site, clean.session.id)
    expect([tier, assessment.steps]).toEqual([
      'high',
      ['intent', 'confirm_action', 'questions', 'pause', 'email_code'],
    ])
  })

  it('excuses no missing fact', async () => {
    const asked = await ask(site, { ...lowTransfer(person()), payee: undefined })
    expect(asked.outcome).toBe('delay_verify')
  })
})

describe('another instance', () => {
  it('judges by the new version within a second, and after a restart', async () => {
    await fresh()
    const other = await openWorld({ store: world.store, secrets: world.deps.secrets })
    const there = seenBy(site, other)
    expect((await ask(there, lowTransfer(person()))).policy_version).toBe('default-1')
    const id = await draft(site)
    await publish(site, id)
    const judgedBy = async () => (await ask(there, lowTransfer(person()))).policy_version
    await expect.poll(judgedBy, { timeout: 2_000 }).toBe(id)
    await other.close()
    const restarted = await openWorld({ store: world.store, secrets: world.deps.secrets })
    expect((await ask(seenBy(site, restarted), lowTransfer(person()))).policy_version).toBe(id)
    await restarted.close()
  })
})

describe('a shadow evaluation', () => {
  /** What an event leaves behind, without what differs from one event to the next. */
  const left = async (at: Site, id: string) => {
    const session = await sessionOf(at, id)
    const { score, outcome, tier, steps, reasons, rule_matches, unknown } = session.evaluation.assessment
    return {
      assessment: { score, outcome, tier, steps, reasons, rule_matches, unknown },
      steps: session.checkpoint.steps,
      status: session.status,
      resolution: session.ending.resolution,
      effects: session.consequences.outbox.map(({ effect }) => effect.kind),
      audit: session.audit.entries.map(({ action, meta }) => [action, { ...meta, event: null }]),
      decision: session.decision === null,
      deadline: session.checkpoint.deadline_at - session.created_at,
    }
  }

  const events: [string, (user: Person) => Record<string, unknown>][] = [
    ['an allowed login', (user) => ({ action: 'login', user })],
    ['a low transfer', lowTransfer],
    ['a high transfer', highTransfer],
    ['a password, whose code goes out by mail', changePassword],
    ['a block', (user) => highTransfer(user, { context: { remote_access: true } })],
    ['a code that nobody can receive', (user) => changePassword({ ...user, email: null })],
  ]

  it.each(events)('and changes nothing: %s', async (_name, event) => {
    const [alone, ridden] = [await openSite(world), await openSite(world)]
    const strict = { thresholds: { low: 1, medium: 2, high: 3, critical: 100 } }
    const id = await draft(ridden, strict)
    await call(ridden, `/policies/${id}/preview`, {})
    const user = person()
    const without = await ask(alone, event(user))
    const within = await ask(ridden, event(user))
    expect(await left(ridden, within.session.id)).toEqual(await left(alone, without.session.id))
    const { shadow_evaluation: shadow, ...answer } = within
    expect(shadow).toMatchObject({ policy_version: id, rule_matches: [] })
    expect(Object.keys(answer).toSorted()).toEqual(Object.keys(without).toSorted())
    expect((await sessionOf(ridden, within.session.id)).evaluation.shadow).toEqual(shadow)
  })

  it('says what it would have decided, of the same facts', async () => {
    await fresh()
    const id = await draft(site, { thresholds: { low: 49 } })
    await call(site, `/policies/${id}/preview`, {})
    expect(await ask(site, lowTransfer(person()))).toMatchObject({
      outcome: 'delay_verify',
      score: 48,
      shadow_evaluation: { policy_version: id, outcome: 'allow', score: 48, tier: 'none' },
    })
  })

  it('leaves what has more power than a policy its power', async () => {
    await fresh()
    const lenient = { thresholds: { low: 97, medium: 98, high: 99, critical: 100 } }
    await call(site, `/policies/${await draft(site, lenient)}/preview`, {})
    const user = person()
    await sayYes(site, user)
    const held = await ask(site, highTransfer(user))
    expect([held.outcome, held.shadow_evaluation?.outcome]).toEqual(['block_escalate', 'block_escalate'])
  })

  it('repeats what it said when the event is repeated', async () => {
    await fresh()
    await call(site, `/policies/${await draft(site)}/preview`, {})
    const event = lowTransfer(person())
    const first = await ask(site, event, 'once')
    await call(site, '/policies/pol_1/withdraw', {})
    expect(await ask(site, event, 'once')).toEqual(first)
    expect((await ask(site, lowTransfer(person()))).shadow_evaluation).toBe(undefined)
  })

  it('never fails an event: one that can’t be read is left out, and logged', async () => {
    await fresh()
    const id = await draft(site)
    await call(site, `/policies/${id}/preview`, {})
    const { policies } = world.deps.collections
    const stored = await policies.get(site.org, id)
    await policies.remove(site.org, id, stored?.version ?? 0)
    const logLines: string[] = []
    const other = await openWorld({ store: world.store, secrets: world.deps.secrets, logLines })
    const asked = await ask(seenBy(site, other), lowTransfer(person()))
    expect(asked).toMatchObject({ outcome: 'delay_verify', policy_version: 'default-1' })
    expect(asked.shadow_evaluation).toBe(undefined)
    expect(logLines.some((line) => line.includes('the preview of a policy failed'))).toBe(true)
    await other.close()
  })
})

describe('tiers that begin higher than usual', () => {
  it('leave no way around a hold on another kind of action', async () => {
    await fresh()
    const lenient = {
      thresholds: { low: 80, medium: 85, high: 90, critical: 95 },
      actions: { change_password: { floor: 'none' } },
    }
    const user = person()
    await sayYes(site, user)
    expect((await publish(site, await draft(site, lenient))).status).toBe(200)
    expect((await ask(site, changePassword(person()))).outcome, 'nobody else is asked').toBe('allow')

    const { outcome, reasons, session } = await ask(site, changePassword(user))
    expect([outcome, reasons.map(({ code }) => code).includes('HOLD_ACTIVE')]).toEqual(['delay_verify', true])
    expect((await sessionOf(site, session.id)).checkpoint.tier).toBe('high')
  })
})
