import { describe, expect, it } from 'vitest'
import { noPointers, type PolicyPointers } from '../../backend/org/policy-pointers.ts'
import { differenceOf } from '../../backend/policy/difference.ts'
import { type PolicyVersion, policyVersionDocument, withMove } from '../../backend/policy/document.ts'
import { mergePatch } from '../../backend/policy/merge.ts'
import { type MoveCommand, movePointers, stateIn } from '../../backend/policy/pointers.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { policySchema } from '../../backend/risk/policy.ts'

const command = (
  kind: MoveCommand['kind'],
  version: string | null = null,
  rest: Partial<MoveCommand> = {},
): MoveCommand => ({
  kind,
  version,
  at: 1_000,
  by: 'key:k',
  note: 'because',
  ...rest,
})

const pointersAfter = (...commands: MoveCommand[]): PolicyPointers =>
  commands.reduce((pointers, one) => {
    const moved = movePointers(pointers, one)
    if (!moved.ok) throw new Error(moved.reason)
    return moved.pointers
  }, noPointers)

describe('moving versions', () => {
  const live3 = pointersAfter(command('publish', 'pol_2'), command('publish', 'pol_3'))

  it.each([
    ['publish what is live', live3, command('publish', 'pol_3'), 'is_live'],
    ['preview what is live', live3, command('preview', 'pol_3'), 'is_live'],
    ['preview the engine’s own', live3, command('preview'), 'has_no_preview'],
    ['withdraw what is not in preview', live3, command('withdraw', 'pol_2'), 'not_in_preview'],
    ['withdraw when nothing is in preview', live3, command('withdraw'), 'not_in_preview'],
    ['go back when nothing was live before', noPointers, command('roll_back'), 'nothing_before'],
    [
      'publish over another than expected',
      live3,
      command('publish', 'pol_4', { expected_live: 'pol_2' }),
      'other_live',
    ],
    [
      'go back from another than expected',
      live3,
      command('roll_back', null, { expected_live: 'pol_2' }),
      'other_live',
    ],
  ])('refuses to %s', (_what, before, one, reason) => {
    expect(movePointers(before, one)).toEqual({ ok: false, reason })
  })

  it('goes back step by step to the engine’s own policy', () => {
    const once = pointersAfter(command('publish', 'pol_2'), command('publish', 'pol_3'), command('roll_back'))
    expect(once).toMatchObject({ live: 'pol_2', before: [null] })
    expect(once.last).toMatchObject({ seq: 3, policy: 'pol_2', replaced: { version: 'pol_3' } })
    const twice = movePointers(once, command('roll_back', null, { expected_live: 'pol_2' }))
    expect(twice).toMatchObject({ ok: true, pointers: { live: null, before: [] } })
  })

  it('takes a version out of preview when it becomes live, and leaves another one there', () => {
    expect(pointersAfter(command('preview', 'pol_2'), command('publish', 'pol_2')).preview).toBe(null)
    expect(pointersAfter(command('preview', 'pol_2'), command('publish', 'pol_3')).preview).toBe('pol_2')
  })

  it('remembers twenty versions behind the live one', () => {
    const commands = Array.from({ length: 30 }, (_, at) => command('publish', `pol_${at + 1}`))
    expect(pointersAfter(...commands).before).toEqual(Array.from({ length: 20 }, (_, at) => `pol_${at + 10}`))
  })

  it('names the state of a version in one environment', () => {
    const pointers = pointersAfter(
      command('publish', 'pol_1'),
      command('publish', 'pol_2'),
      command('preview', 'pol_3'),
    )
    const states = ['pol_1', 'pol_2', 'pol_3', 'pol_4'].map((id) => stateIn(pointers, id, false))
    expect(states).toEqual(['retired', 'live', 'preview', 'draft'])
    expect(stateIn(noPointers, null, true)).toBe('live')
  })
})

const stored = (change: Partial<PolicyVersion> = {}): PolicyVersion => ({
  _id: 'pol_1',
  org_id: 'org_a',
  version: 1,
  purge_at: null,
  number: 1,
  base: 'default-1',
  policy: { ...defaultPolicy, version: 'pol_1' },
  note: 'first',
  author: 'operator',
  claimed_at: null,
  created_at: 0,
  published_at: { live: null, test: null },
  history: [],
  ...change,
})

describe('a stored version', () => {
  it('judges as it did when the engine learns a signal later: that one weighs nothing', () => {
    const { DEVICE_NEW: _, ...weights } = defaultPolicy.weights
    const { network: _n, ...caps } = defaultPolicy.caps
    const before = { ...stored(), policy: { ...defaultPolicy, weights, caps } }
    const { policy } = policyVersionDocument.parse(JSON.parse(JSON.stringify(before)))
    expect([policy.weights.DEVICE_NEW, policy.caps.network]).toEqual([0, 0])
    expect(policy.weights.BENEFICIARY_NEW).toBe(defaultPolicy.weights.BENEFICIARY_NEW)
  })

  it('keeps a move once, however often it is written, and the last fifty', () => {
    const { last } = pointersAfter(command('publish', 'pol_1'))
    if (last === null) throw new Error('no move')
    const once = withMove(stored(), { ...last, environment: 'live' })
    expect(once).toMatchObject({ published_at: { live: 1_000, test: null } })
    expect(withMove(once, { ...last, environment: 'live' })).toBe(once)
    expect(withMove(once, { ...last, environment: 'test' }).history).toHaveLength(2)
    const long = Array.from({ length: 80 }, (_, at) => ({
      ...last,
      seq: at + 1,
      environment: 'live' as const,
    }))
    expect(long.reduce(withMove, stored()).history.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 50 }, (_, at) => at + 31),
    )
  })
})

describe('a merge patch', () => {
  it.each([
    [{ a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    [{ a: { b: 1, c: 2 } }, { a: { b: 3 } }, { a: { b: 3, c: 2 } }],
    [{ a: 1, b: 2 }, { a: null }, { b: 2 }],
    [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
    [{ a: 1 }, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
    [{ a: 1 }, 'x', 'x'],
  ])('of %j by %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result)
  })
})

describe('the difference of two versions', () => {
  const rule = (id: string, points: number) => ({
    id,
    name: id,
    priority: 1,
    mode: 'live' as const,
    when: { signal: 'DEVICE_NEW' as const },
    then: { points },
  })
  const policyWith = (changes: unknown) => policySchema.parse(mergePatch(defaultPolicy, changes))

  it('names every place with what was there and what is', () => {
    const before = policyWith({ rules: [rule('rule_a', 1), rule('rule_b', 1)] })
    const now = policyWith({
      version: 'pol_2',
      weights: { DEVICE_NEW: 20 },
      actions: { login: null, vip: { ...defaultPolicy.actions['transfer'] } },
      rules: [rule('rule_b', 1), rule('rule_c', 2), rule('rule_a', 7)],
    })
    expect(differenceOf(before, now)).toEqual([
      { path: 'actions.login', before: defaultPolicy.actions['login'], after: null },
      { path: 'actions.vip', before: null, after: defaultPolicy.actions['transfer'] },
      { path: 'weights.DEVICE_NEW', before: 18, after: 20 },
      { path: 'rules.rule_a', before: rule('rule_a', 1), after: rule('rule_a', 7) },
      { path: 'rules.rule_c', before: null, after: rule('rule_c', 2) },
    ])
  })

  it('of a policy and itself is nothing, and of long lists what came and went', () => {
    expect(differenceOf(defaultPolicy, defaultPolicy)).toEqual([])
    const texts = Array.from({ length: 60 }, (_, at) => `text-${at}`)
    const [before, now] = [
      policyWith({ lists: { vip: texts } }),
      policyWith({ lists: { vip: [...texts.slice(1), 'new'] } }),
    ]
    expect(differenceOf(before, now)).toEqual([{ path: 'lists.vip', before: ['text-0'], after: ['new'] }])
  })
})
