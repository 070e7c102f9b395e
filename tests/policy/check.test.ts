import { describe, expect, it } from 'vitest'
import { checkPolicy, policyMaxBytes } from '../../backend/policy/check.ts'
import { mergePatch } from '../../backend/policy/merge.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'

/** A policy that must not be published is refused with every place in it that has to be mended. */

const problemsOf = (changes: unknown) => {
  const checked = checkPolicy(mergePatch(defaultPolicy, changes))
  return checked.ok ? [] : checked.problems
}

const vip = { family: 'money_out', sensitivity: 'medium', wording: 'transfer', required: [] }
const rule = {
  id: 'rule_a',
  name: 'A rule',
  priority: 1,
  mode: 'live',
  when: { signal: 'DEVICE_NEW' },
  then: { points: 5 },
}
const many = { all: Array.from({ length: 150 }, () => ({ signal: 'DEVICE_NEW' })) }

const onWatched = (tier: string) =>
  ['REMOTE_ACCESS_ACTIVE', 'SCREEN_SHARED'].map((signal) => ({
    signal,
    families: ['money_out', 'credentials'],
    tier,
  }))
const deep = Array.from({ length: 20_000 }).reduce<object>((inner) => ({ not: inner }), {
  signal: 'DEVICE_NEW',
})

/** Why, the change, and the place that the refusal names. */
const refused: [why: string, changes: unknown, path: string][] = [
  ['an unknown part', { colour: 'red' }, 'colour'],
  ['a part that is missing', { caps: null }, 'caps'],
  ['an unknown signal', { weights: { MOON_FULL: 3 } }, 'weights.MOON_FULL'],
  ['a weight that is no number', { weights: { DEVICE_NEW: '18' } }, 'weights.DEVICE_NEW'],
  ['a weight above 100', { weights: { DEVICE_NEW: 101 } }, 'weights.DEVICE_NEW'],
  ['a weight that is left out', { weights: { DEVICE_NEW: null } }, 'weights.DEVICE_NEW'],
  ['a cap of a family that there is not', { caps: { weather: 3 } }, 'caps.weather'],
  ['an impossible threshold', { thresholds: { critical: 101 } }, 'thresholds.critical'],
  ['a first threshold above 0', { thresholds: { none: 1 } }, 'thresholds.none'],
  ['thresholds that do not ascend', { thresholds: { medium: 40 } }, 'thresholds.medium'],
  ['a suspicion above what is known', { labels: { suspected_risky: 90 } }, 'labels.suspected_risky'],
  ['weak signals that block alone', { weak: { cap: 28 } }, 'weak.cap'],
  ['weak signals that block alone, by the threshold', { thresholds: { critical: 89 } }, 'weak.cap'],
  ['weak signals that are not called weak', { weak: { families: [] } }, 'weak.families'],
  ['a browser’s word that blocks alone', { client_cap: 28 }, 'client_cap'],
  ['a customer’s word that weighs in full', { labels: { weak_provenances: [] } }, 'labels.weak_provenances'],
  ['a customer’s word that weighs much', { labels: { weak_legit_cap: 11 } }, 'labels.weak_legit_cap'],
  ['no floor under remote access and shared screens', { signal_floors: [] }, 'signal_floors'],
  ['a floor under them that nothing is asked at', { signal_floors: onWatched('none') }, 'signal_floors'],
  [
    'a floor under them that asks for a code alone',
    { signal_floors: onWatched('low'), steps: { low: ['email_code'] } },
    'signal_floors',
  ],
  [
    'facts of a call that are stale at once',
    { limits: { context_fresh_seconds: 29 } },
    'limits.context_fresh_seconds',
  ],
  ['a floor that asks nothing', { steps: { low: ['email_code'] } }, 'actions.password_reset.floor'],
  ['a floor that blocks everybody', { actions: { login: { floor: 'critical' } } }, 'actions.login.floor'],
  ['a floor that is no tier', { actions: { login: { floor: 'severe' } } }, 'actions.login.floor'],
  [
    'a rule that allows by the browser’s word',
    {
      rules: [
        {
          ...rule,
          when: { any: [{ not: { fact: 'telemetry.payee_pasted', op: 'eq', value: true } }] },
          then: { outcome: 'allow' },
        },
      ],
    },
    'rules[0].when.any[0].not.fact',
  ],
  [
    'a rule that takes points off because a browser’s signal is quiet',
    { rules: [{ ...rule, when: { signal: 'AUTOMATION_SUSPECTED', is: 'quiet' }, then: { points: -5 } }] },
    'rules[0].when.signal',
  ],
  [
    'a rule that allows at the hour that the browser’s zone makes it',
    {
      rules: [
        { ...rule, when: { fact: 'time.local_hour', op: 'gte', value: 9 }, then: { outcome: 'allow' } },
      ],
    },
    'rules[0].when.fact',
  ],
  [
    'a rule over an action that nobody mapped',
    { rules: [{ ...rule, when: { not: { fact: 'action.name', op: 'eq', value: 'email_change' } } }] },
    'rules[0].when.not.value',
  ],
  [
    'a rule over several actions of which one is misspelled',
    {
      rules: [
        { ...rule, when: { all: [{ fact: 'action.name', op: 'in', value: ['Transfer', 'tranfer'] }] } },
      ],
    },
    'rules[0].when.all[0].value[1]',
  ],
  ['a step that does not exist', { steps: { low: ['dance'] } }, 'steps.low[0]'],
  ['a tier without a step', { steps: { low: [] } }, 'steps.low'],
  ['steps where none are walked', { steps: { none: ['intent'] } }, 'steps.none'],
  ['a higher tier that asks for less', { steps: { high: ['intent', 'pause'] } }, 'steps.high'],
  ['a step twice', { steps: { low: ['intent', 'intent'] } }, 'steps.low[1]'],
  ['a pause below the minimum', { pause_seconds: { high: 29 } }, 'pause_seconds.high'],
  ['a pause that outlives the session', { pause_seconds: { high: 241 } }, 'pause_seconds.high'],
  ['a wording without sentences', { actions: { vip: { ...vip, wording: 'vip' } } }, 'actions.vip.wording'],
  ['an action that no event can name', { actions: { 'Big Pay': vip } }, 'actions["Big Pay"]'],
  ['an action of no family', { actions: { vip: { ...vip, family: 'fun' } } }, 'actions.vip.family'],
  [
    'facts of a call that are old',
    { limits: { context_fresh_seconds: 121 } },
    'limits.context_fresh_seconds',
  ],
  ['a limit of nothing', { limits: { attempts_per_day: 0 } }, 'limits.attempts_per_day'],
  [
    'amounts the wrong way round',
    { limits: { amount_levels: { USD: { small: 9, large: 5 } } } },
    'limits.amount_levels.USD',
  ],
  [
    'a floor under an unknown signal',
    { signal_floors: [{ signal: 'X', families: [], tier: 'low' }] },
    'signal_floors[0].signal',
  ],
  ['a rule over an unknown signal', { rules: [{ ...rule, when: { signal: 'X' } }] }, 'rules[0].when.signal'],
  ['a rule that does nothing', { rules: [{ ...rule, then: {} }] }, 'rules[0].then'],
  ['two rules with one id', { rules: [rule, rule] }, 'rules[1].id'],
  [
    'a list that is not there',
    { rules: [{ ...rule, when: { fact: 'place.city', in_list: 'nowhere' } }] },
    'rules[0].when.in_list',
  ],
  [
    'an expression that blows up',
    { rules: [{ ...rule, when: { fact: 'target', op: 'matches', value: '(a+)+$' } }] },
    'rules[0].when.value',
  ],
  [
    'an impossible condition',
    { rules: [{ ...rule, when: { fact: 'score', op: 'gt', value: 500 } }] },
    'rules[0].when',
  ],
  [
    'ten thousand conditions',
    { rules: Array.from({ length: 70 }, (_, at) => ({ ...rule, id: `rule_${at}`, when: many })) },
    'rules[33].when.all[16]',
  ],
  [
    'more than a version may hold',
    { lists: { vip: Array.from({ length: 9_000 }, (_, at) => `${'x'.repeat(120)}${at}`) } },
    '',
  ],
]

describe('a policy that must not be published', () => {
  it.each(refused)('%s', (_why, changes, path) => {
    const problems = problemsOf(changes)
    expect(problems.map((problem) => problem.path)).toContain(path)
    for (const { message } of problems) expect(message.length).toBeGreaterThan(5)
  })

  it('is told so when it is nested without end, whatever part it is in', () => {
    for (const part of ['rules', 'lists', 'colour'])
      expect(checkPolicy({ ...defaultPolicy, [part]: deep }).ok, part).toBe(false)
  })

  it('is told everything at once, each place once', () => {
    const paths = problemsOf({
      weights: { MOON_FULL: 3 },
      thresholds: { low: 80 },
      pause_seconds: { high: 1 },
      actions: { vip: { ...vip, wording: 'vip' } },
      rules: [{ ...rule, when: { signal: 'X' } }],
    }).map(({ path }) => path)
    for (const path of [
      'weights.MOON_FULL',
      'thresholds.medium',
      'pause_seconds.high',
      'actions.vip.wording',
      'rules[0].when.signal',
    ])
      expect(paths.filter((one) => one === path)).toEqual([path])
  })

  it.each([null, 'a policy', 7, [], {}, { rules: 'all' }, { rules: [null] }, { lists: [] }])(
    'is refused and never throws: %j',
    (wished) => {
      expect(checkPolicy(wished).ok).toBe(false)
    },
  )
})

describe('a policy that may be published', () => {
  it('is the one that comes with the engine, whatever its rules and lists', () => {
    expect(checkPolicy(defaultPolicy)).toEqual({ ok: true, policy: defaultPolicy })
    expect(problemsOf({ rules: [rule], lists: { vip: ['a'] }, actions: { vip } })).toEqual([])
  })

  it('may be as large as a version may be', () => {
    const room = policyMaxBytes - JSON.stringify(defaultPolicy).length - 1_000
    const texts = Array.from({ length: Math.floor(room / 104) }, (_, at) => String(at).padStart(100, 'x'))
    expect(problemsOf({ lists: { vip: texts.slice(0, 9_000) } })).toEqual([])
  })
})
