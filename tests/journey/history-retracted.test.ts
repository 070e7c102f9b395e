import { expect, it } from 'vitest'
import { teachHistory } from '../../backend/checkpoint.ts'
import type { Deps } from '../../backend/deps.ts'
import { readHistoryLine } from '../../backend/intake/history-line.ts'
import type { Scope } from '../../backend/org/api-key.ts'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { readTrail } from '../../backend/org/read-trail.ts'
import { openPrivateEngine } from '../../backend/replay/private-engine.ts'
import { digestKeyOf, subjectDigest } from '../../backend/repositories/identity.ts'
import { readPayee } from '../../backend/repositories/payees.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { history } from '../support/client.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  ask,
  day,
  lowTransfer,
  openSite,
  type Person,
  pastLine,
  payeesNamed,
  person,
  report,
} from './stage.ts'

/** What a history said of a payee is taken back. */

const world = await worldForFile()
const site = await openSite(world)
const ago = (ms: number) => new Date(world.deps.clock() - ms).toISOString()

const keyWith = async (...scopes: Scope[]): Promise<string> => {
  const wanted = { org_id: site.org, env: 'live', name: 'History', scopes } as const
  return (await provisionApiKey(world.deps, wanted)).secret_key
}
const labelling = () => keyWith('history:write', 'labels:write')

const bring = async (key: string, ...lines: unknown[]) => {
  const { body } = await history(world, key, lines)
  const rejected = body.rejected.map(({ line, code, path }) => [line, code, path])
  return { learned: body.learned, duplicates: body.duplicates, rejected }
}
const learned = { learned: 1, duplicates: 0, rejected: [] }
const known = { learned: 0, duplicates: 1, rejected: [] }
const refused = (code: string, path: string) => ({ learned: 0, duplicates: 0, rejected: [[1, code, path]] })

const somePayee = payeesNamed('A. Plumber', 'GB44WRNG')
const scamOf = (payee: unknown, user: Person = person()) => ({
  ...pastLine(lowTransfer(user, { payee, occurred_at: ago(2 * day) })),
  result: 'reported_scam',
  at: ago(day),
})
const takenBack = (line: ReturnType<typeof scamOf>) => ({ ...line, result: 'retracted' })

const pointsAgainst = async (payee: unknown): Promise<number> => {
  const { reasons } = await ask(site, lowTransfer(person(), { payee }))
  return reasons.find(({ code }) => code === 'BENEFICIARY_REPORTED')?.points ?? 0
}

it('one wrong column brands many payees for a year, and nothing takes it back: another key does, for good', async () => {
  const wrong = [somePayee(), somePayee(), somePayee()]
  const lines = wrong.map((payee) => scamOf(payee))
  await bring(await labelling(), ...lines)
  for (const payee of wrong) expect(await pointsAgainst(payee)).toBeGreaterThan(30)
  const later = await labelling()
  expect(await bring(later, ...lines.map(takenBack))).toEqual({ ...learned, learned: 3 })
  for (const payee of wrong) expect(await pointsAgainst(payee)).toBe(0)
  expect(await bring(later, ...lines, ...lines.map(takenBack))).toEqual({ ...known, duplicates: 6 })
  for (const payee of wrong) expect(await pointsAgainst(payee)).toBe(0)
  const { entries } = await readTrail(world.deps, site.org, 0)
  const counts = entries.flatMap(({ action, meta }) => (action === 'history.imported' ? [meta] : []))
  expect(counts.slice(-3)).toMatchObject([
    { learned: 3, retracted: 0 },
    { learned: 3, retracted: 3 },
    { learned: 0, retracted: 0, duplicates: 6 },
  ])
})

it('takes back no more than its own line: the payee’s other reports stand', async () => {
  const payee = somePayee()
  const [one, other] = [scamOf(payee), scamOf(payee)]
  await bring(site.key, one, other)
  await bring(site.key, takenBack(one))
  expect(await pointsAgainst(payee)).toBeGreaterThan(30)
  await bring(site.key, takenBack(other))
  expect(await pointsAgainst(payee)).toBe(0)
})

it('a key that may not label takes one person’s report back, and nothing that was said in full', async () => {
  const plain = await keyWith('history:write')
  const [reported, confirmed] = [somePayee(), somePayee()]
  const [one, full] = [{ ...scamOf(reported), at: ago(0) }, scamOf(confirmed)]
  expect(await bring(plain, one)).toEqual(learned)
  await bring(site.key, full)
  expect(await pointsAgainst(reported)).toBe(10)
  expect(await bring(await keyWith('history:write'), takenBack(one))).toEqual(learned)
  expect(await pointsAgainst(reported)).toBe(0)
  expect(await bring(plain, takenBack(full))).toEqual(refused('forbidden_scope', 'result'))
  expect(await pointsAgainst(confirmed)).toBeGreaterThan(30)
})

it('of a line that was never brought, or is not the one that reported, is named', async () => {
  const payee = somePayee()
  const line = scamOf(payee)
  expect(await bring(site.key, takenBack(line))).toEqual(refused('result_refused', 'result'))
  // It left nothing behind: the report counts, until it is taken back.
  expect(await bring(site.key, line)).toEqual(learned)
  expect(await pointsAgainst(payee)).toBeGreaterThan(30)
  const other = { ...takenBack(line), event: { ...line.event, payee: somePayee() } }
  expect(await bring(site.key, other)).toEqual(refused('idempotency_key_reused', 'key'))
  expect(await pointsAgainst(payee)).toBeGreaterThan(30)
  const completed = { ...scamOf(payee), result: 'completed' }
  await bring(site.key, completed)
  expect(await bring(site.key, takenBack(completed))).toEqual(refused('idempotency_key_reused', 'key'))
})

it('before the report in the same call is heard after it', async () => {
  const payee = somePayee()
  const line = scamOf(payee)
  expect(await bring(site.key, takenBack(line), line, takenBack(line))).toEqual({
    learned: 2,
    duplicates: 1,
    rejected: [],
  })
  expect(await pointsAgainst(payee)).toBe(0)
})

it('of an event that was ingested takes its result back, whichever key brought it, and a repeat of both changes nothing', async () => {
  const [user, payee] = [person(), somePayee()]
  const event = lowTransfer(user, { payee })
  const asked = await ask(site, event, 'paid-1')
  await report(site, asked.event_id, 'completed')
  const line = { ...scamOf(payee), key: 'paid-1', event: { ...event, occurred_at: ago(0) }, at: ago(0) }
  expect(await bring(site.key, takenBack(line))).toEqual(refused('result_refused', 'result'))
  expect(await bring(await labelling(), line)).toEqual(learned)
  expect(await pointsAgainst(payee)).toBeGreaterThan(30)
  expect(await bring(await keyWith('history:write'), takenBack(line))).toEqual(
    refused('forbidden_scope', 'result'),
  )
  expect((await report(site, asked.event_id, 'retracted')).status).toBe(409)
  expect(await bring(await labelling(), takenBack(line))).toEqual(learned)
  expect(await pointsAgainst(payee)).toBe(0)
  expect(await bring(site.key, line, takenBack(line))).toEqual({ ...known, duplicates: 2 })
  expect(await pointsAgainst(payee)).toBe(0)
  // What the site says since then is not taken back by the old file.
  await report(site, asked.event_id, 'reported_scam')
  expect(await bring(site.key, takenBack(line))).toEqual(known)
  expect(await pointsAgainst(payee)).toBeGreaterThan(30)
})

/** A line on its own store, without a server: what stands against its payee, and ways to cut work off. */
const openLine = async () => {
  const engine = await openPrivateEngine({ now: world.deps.clock(), policy: defaultPolicy })
  const { deps, caller } = engine
  const line = scamOf(somePayee())
  const digest = subjectDigest(digestKeyOf(deps, caller.org), caller.environment)
  const bytesOf = (said: unknown) => ({
    line: 1,
    bytes: Buffer.from(JSON.stringify(said)),
    end: 0,
    isCutOff: false,
  })
  const read = readHistoryLine(bytesOf(line), { now: deps.clock(), digest })
  if (!read.ok) throw new Error(read.rejected.detail)
  const ref = { org_id: caller.org._id, payee_key: read.past.event.keys.payee ?? '' }
  const teacher = { caller, by: 'key', mayLabel: true, import_id: 'test', dry_run: false } as const
  const teach = (said: unknown, collections: Partial<Deps['collections']> = {}) =>
    teachHistory(
      { ...deps, collections: { ...deps.collections, ...collections } },
      teacher,
      (async function* () {
        yield [bytesOf(said)]
      })(),
      ({ rejected }) => expect(rejected).toEqual([]),
    )
  const said = async () => (await readPayee(deps, ref))?.dispositions.map(({ word }) => word)
  return { ...engine.deps.collections, line, teach, said, close: engine.close }
}

it('wins against another process that is learning the same report', async () => {
  const { line, teach, said, taught, close } = await openLine()
  const retractedMeanwhile: typeof taught.insert = async (doc) => {
    await teach(line)
    await teach(takenBack(line))
    expect(await said()).toEqual([])
    return taught.insert(doc)
  }
  await teach(line, { taught: { ...taught, insert: retractedMeanwhile } })
  expect(await said()).toEqual([])
  // Its lookup came before the other's mark, and what it learns is written after the other took it back.
  let lookedUp = 0
  const late: typeof taught.get = (...which) => {
    lookedUp += 1
    return lookedUp === 1 ? Promise.resolve(null) : taught.get(...which)
  }
  await teach(line, { taught: { ...taught, get: late } })
  expect(lookedUp).toBeGreaterThan(1)
  expect(await said()).toEqual([])
  await close()
})

it('that was marked and cut off is done when it is brought again', async () => {
  const { line, teach, said, payees, close } = await openLine()
  await teach(line)
  const broken = { ...payees, replace: () => Promise.reject(new Error('cut off')) }
  await expect(teach(takenBack(line), { payees: broken })).rejects.toThrow('cut off')
  expect(await said()).toEqual(['confirmed'])
  await teach(takenBack(line))
  expect(await said()).toEqual([])
  await close()
})
