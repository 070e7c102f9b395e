import { createHmac, timingSafeEqual } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { ingestAnswer } from '#contract/ingest-answer'
import { connectorSecret } from '../../backend/checkpoint.ts'
import { connectorRoutes } from '../../backend/http/connectors.ts'
import { createLimits } from '../../backend/http/limits.ts'
import { connector, type Verify } from '../../backend/intake/connectors/connector.ts'
import { connectors } from '../../backend/intake/connectors/list.ts'
import { normaliseEvent } from '../../backend/intake/normalise-event.ts'
import { ingest } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'
import { problemOf, startEdge } from './edge/edge-app.ts'

/**
 * A connector that nobody ships: a shop system with a path, a signature and a payload of its own. What it takes beside this
 * row is a line in the list.
 */

const signedFor = (secret: string, body: string, at: number): string =>
  createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')

const verify: Verify = ({ headers, raw_body, now }, secret) => {
  const [, at, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['parcel-signature'] ?? '')) ?? []
  if (at === undefined || given === undefined) return { ok: false, reason: 'signature_missing' }
  const right = signedFor(secret, Buffer.from(raw_body).toString(), Number(at))
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(right)))
    return { ok: false, reason: 'signature_wrong' }
  return Math.abs(now - Number(at)) > 300_000 ? { ok: false, reason: 'signature_too_old' } : { ok: true }
}

const order = z.strictObject({
  buyer: z.strictObject({ ref: z.string(), mail: z.string() }),
  /** `1250.00` */
  total: z.string().check(z.regex(/^\d+\.\d\d$/)),
  currency: z.string(),
})

const parcel = connector({
  name: 'parcel',
  path: '/connectors/parcel',
  summary: 'An order of Parcel',
  description: '',
  verify,
  idempotency_header: 'parcel-delivery',
  body: order,
  normalise: ({ buyer, total, currency }, options) =>
    normaliseEvent(
      {
        action: 'bulk_order',
        user: { id: buyer.ref, email: buyer.mail },
        amount: { value: Number(total.replace('.', '')), currency },
      },
      options,
    ),
})

const world = await worldForFile()
const edge = await startEdge({
  routes: connectorRoutes(world.deps, createLimits({ instances: 1, limitsScale: 1 }), [
    ...connectors,
    parcel,
  ]),
})

const shop = await openOrganisation(world)
const key_id = /^ase_live_([0-9a-f]{24})_/.exec(shop.key)?.[1] ?? ''
const secretOf = async (name: string): Promise<string> => {
  const org = await world.deps.collections.organisations.get(shop.id, shop.id)
  if (org === null) throw new Error('no organisation')
  return connectorSecret(world.deps, { org, environment: 'live', key_id }, name)
}

type Change = { key_id?: string; at?: number; secret?: string; signature?: string; delivery?: string }

const deliver = async (payload: unknown, change: Change = {}) => {
  const body = JSON.stringify(payload)
  const at = change.at ?? world.deps.clock()
  const secret = change.secret ?? (await secretOf('parcel'))
  return edge.send({
    method: 'POST',
    path: `/connectors/parcel/${change.key_id ?? key_id}`,
    headers: {
      'content-type': 'application/json',
      'parcel-signature': change.signature ?? `t=${at},v1=${signedFor(secret, body, at)}`,
      ...(change.delivery === undefined ? {} : { 'parcel-delivery': change.delivery }),
    },
    body,
  })
}

const sent = { buyer: { ref: 'buyer-1', mail: 'ana@example.com' }, total: '12500.00', currency: 'EUR' }

describe('a connector of another system', () => {
  it('makes of its delivery the event that our own format would have made', async () => {
    const delivered = await deliver(sent)
    expect(delivered.text).toContain('"outcome"')
    const theirs = ingestAnswer.parse(delivered.json)
    const { body: ours } = await ingest(world, shop.key, {
      action: 'bulk_order',
      user: { id: 'buyer-1', email: 'ana@example.com' },
      amount: { value: 1_250_000, currency: 'EUR' },
    })
    const { sessions } = world.deps.collections
    const [one, other] = [
      await sessions.get(shop.id, theirs.session.id),
      await sessions.get(shop.id, ours.session.id),
    ]
    expect(one?.event).toEqual(other?.event)
    expect(one?.event.amount).toEqual({ value: 1_250_000, currency: 'EUR' })
    expect(theirs.outcome).toBe(ours.outcome)
  })

  it('knows a delivery that is sent again by its own header', async () => {
    const first = await deliver({ ...sent, total: '10.00' }, { delivery: 'delivery-1' })
    const again = await deliver({ ...sent, total: '10.00' }, { delivery: 'delivery-1' })
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect(again.text).toBe(first.text)
    const other = await deliver({ ...sent, total: '11.00' }, { delivery: 'delivery-1' })
    expect(problemOf(other).code).toBe('idempotency_key_reused')
  })

  it.each<[string, Change]>([
    ['without a signature', { signature: '' }],
    ['signed with another secret', { secret: 'guessed' }],
    ['signed long ago', { at: 1 }],
    ['for a key that there is not', { key_id: 'f'.repeat(24) }],
  ])('refuses a delivery %s', async (_, change) => {
    expect(problemOf(await deliver(sent, change)).code).toBe('unauthenticated')
  })

  it('has a secret of its own: what another connector signs with opens nothing', async () => {
    expect(problemOf(await deliver(sent, { secret: await secretOf('other') })).code).toBe('unauthenticated')
  })

  it('judges the signature before the body, and says then what is wrong with that', async () => {
    expect(problemOf(await deliver({}, { secret: 'guessed' })).code).toBe('unauthenticated')
    const problem = problemOf(await deliver({ ...sent, total: 'much' }))
    expect(problem.code).toBe('invalid_request')
    expect(problem.errors).toMatchObject([{ path: 'total' }])
  })
})

describe('the list', () => {
  it('has one path and one name for each', () => {
    for (const part of ['name', 'path'] as const)
      expect(new Set(connectors.map((one) => one[part])).size).toBe(connectors.length)
  })
})
