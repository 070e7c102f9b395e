import { describe, expect, it } from 'vitest'
import { expectedOf, ingest, post, transfer, verify } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'

/**
 * An id with a character in it that nobody sees is somebody else to a computer and the same person to everybody else: a
 * hold would not cover them, a label not meet them. No door takes one.
 */

const world = await worldForFile()
const key = (await openOrganisation(world)).key

const invisible: [name: string, character: string][] = [
  ['a variation selector', '\ufe0f'],
  ['the Hangul filler', '\u3164'],
  ['the half-width Hangul filler', '\uffa0'],
  ['the combining grapheme joiner', '\u034f'],
  ['the Hangul choseong filler', '\u115f'],
  ['the Hangul jungseong filler', '\u1160'],
  ['an empty Braille cell', '\u2800'],
  ['a Mongolian variation selector', '\u180b'],
  ['a supplementary variation selector', '\u{e0100}'],
  ['a Khmer inherent vowel', '\u17b4'],
  ['a tag', '\u{e0041}'],
  ['a soft hyphen', '\u00ad'],
  ['a zero-width joiner', '\u200d'],
  ['a word joiner', '\u2060'],
  ['a direction override', '\u202e'],
  ['a null notehead', '\u{1d159}'],
  ['the Khitan filler', '\u{16fe4}'],
  ['a no-break space', '\u00a0'],
  ['an ideographic space', '\u3000'],
]

const bearer = () => ({ authorization: `Bearer ${key}` })
const call = (path: string, body: unknown) => post(`${world.url}${path}`, body, bearer())
const holds = async (userId: string) => {
  const query = new URLSearchParams({ user_id: userId })
  const answer = await fetch(`${world.url}/holds?${query}`, { headers: bearer() })
  return { status: answer.status }
}

const callBack = {
  at: '2026-11-21T10:00:00Z',
  claimed_agent: 'Mira in support',
  number_used: 'on_file',
  outcome: 'own_decision',
}
const label = (subject: unknown) =>
  call('/labels', { subject, label: 'known_risky', reason: 'seen in a case of fraud' })

const doors: [name: string, knock: (id: string) => Promise<{ status: number }>][] = [
  ['the user of an event', (id) => ingest(world, key, transfer({ user: { id } }))],
  ['the payee of an event', (id) => ingest(world, key, transfer({ payee: { id } }))],
  ['the device of an event', (id) => ingest(world, key, transfer({ device: { id } }))],
  ['the network of an event', (id) => ingest(world, key, transfer({ network: { id } }))],
  ['the browser’s own device', (id) => ingest(world, key, transfer({ telemetry: { device_id: id } }))],
  ['the target of an event', (id) => ingest(world, key, transfer({ target: id }))],
  [
    'the user of a verify',
    (id) => verify(world, key, { token: 'x', expected: { ...expectedOf(transfer()), user_id: id } }),
  ],
  [
    'the payee of a verify',
    (id) => verify(world, key, { token: 'x', expected: { ...expectedOf(transfer()), payee: { id } } }),
  ],
  [
    'the target of a verify',
    (id) => verify(world, key, { token: 'x', expected: { ...expectedOf(transfer()), target: id } }),
  ],
  [
    'the idempotency key of a verify',
    (id) => verify(world, key, { token: 'x', expected: expectedOf(transfer()), idempotency_key: id }),
  ],
  ['a labelled user', (value) => label({ type: 'user', value })],
  ['a labelled device', (value) => label({ type: 'device', value })],
  ['a labelled network', (value) => label({ type: 'network', value })],
  ['a labelled payee', (id) => label({ type: 'payee', value: { id } })],
  ['whose holds are asked for', holds],
  [
    'whose hold is released',
    (id) =>
      call('/holds/hold_1/release', {
        user_id: id,
        reason: 'They called us from their own phone.',
        call_back: callBack,
      }),
  ],
]

describe.each(doors)('%s', (_door, knock) => {
  it.each(invisible)('is refused with %s in it', async (_name, character) => {
    for (const id of [`u_${character}42`, `u_42${character}`])
      expect((await knock(id)).status, JSON.stringify(id)).toBe(400)
  })

  it.each(['u_42', 'Ana María', 'жанна-7', '用户42'])('is taken as %s', async (id) => {
    expect((await knock(id)).status).not.toBe(400)
  })
})

it('an idempotency key of a header with a soft hyphen in it is refused', async () => {
  expect((await ingest(world, key, transfer(), 'transfer\u00ad81')).status).toBe(400)
  expect((await ingest(world, key, transfer(), 'transfer-81')).status).toBe(200)
})

it('an entry of a list with an invisible character in it is refused: it would never match', async () => {
  const draft = (entries: string[]) =>
    call('/policies', { changes: { lists: { mules: entries } }, note: 'a list' })
  expect((await draft(['acc\u200b1'])).status).toBe(422)
  expect((await draft(['acc 1'])).status).toBe(201)
})

it('a payee’s name with an emoji in it is a name like any other', async () => {
  const named = transfer({ payee: { name: '👩‍👧 Mum ❤️', account: 'GB33BUKB20201555555555' } })
  expect((await ingest(world, key, named)).status).toBe(200)
})
