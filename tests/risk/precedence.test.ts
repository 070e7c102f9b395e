import { describe, expect, it } from 'vitest'
import { assessFacts } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { factsOf } from '../../backend/risk/facts/all-facts.ts'
import type { Policy } from '../../backend/risk/policy.ts'
import {
  type Attempt,
  type Circumstances,
  evaluateFacts,
  precedence,
  ruleOn,
} from '../../backend/risk/precedence.ts'
import { ana, event, now, payment } from './events.ts'

/** The order of power: which row of the list decides when two of them could. */

const untouched: Circumstances = {
  is_held: false,
  test: null,
  contacts: ['mailbox'],
  arm: null,
  enforcement: 'always',
}
const { enforcement: _, ...asIs } = untouched

const facts = (of = payment(90_000, 'stranger')) =>
  factsOf({ event: of, event_id: 'evt_1', profile: ana, policy: defaultPolicy, now })

/** An ordinary mild checkpoint: what a comparison takes, and no row above it answers. */
const mild = (): Attempt => {
  const mildFacts = facts()
  const assessed = assessFacts({
    facts: mildFacts,
    event: payment(90_000, 'stranger'),
    policy: defaultPolicy,
    constraints: [],
  })
  return {
    ...asIs,
    is_enforced: true,
    facts: mildFacts,
    constraints: [],
    assessment: {
      ...assessed,
      outcome: 'delay_verify',
      tier: 'low',
      steps: ['intent'],
      family: 'other',
      amount_high: false,
      reasons: [],
      rule_matches: [],
    },
  }
}

/** What makes each row answer, alone. */
const triggers: Record<keyof typeof precedence, (attempt: Attempt) => Attempt> = {
  held: (attempt) => ({ ...attempt, is_held: true }),
  broken_by_test: (attempt) => ({ ...attempt, test: { outcome: 'break_contact' } }),
  block: (attempt) => ({ ...attempt, assessment: { ...attempt.assessment, outcome: 'block_escalate' } }),
  contact_missing: (attempt) => ({
    ...attempt,
    contacts: [],
    assessment: { ...attempt.assessment, steps: [...attempt.assessment.steps, 'email_code'] },
  }),
  compared: (attempt) => ({ ...attempt, arm: 'control' }),
}

const decides = {
  held: { override: 'held', blocked_by: 'held' },
  broken_by_test: { override: 'test', blocked_by: 'answered_yes' },
  block: { override: null, blocked_by: 'blocked' },
  contact_missing: { override: 'contact_missing', blocked_by: 'contact_missing' },
  compared: { override: 'holdout', blocked_by: null, holdout: 'control' },
} as const satisfies Record<keyof typeof precedence, object>

const names = ['held', 'broken_by_test', 'block', 'contact_missing', 'compared'] as const

it('has these rows, in this order', () => {
  expect(Object.keys(precedence)).toEqual(names)
})

it('leaves the policy’s own decision alone where no row answers', () => {
  const attempt = mild()
  expect(ruleOn(attempt)).toEqual({
    assessment: attempt.assessment,
    override: null,
    blocked_by: null,
    holdout: null,
    observed: null,
  })
})

it.each(names)('%s decides alone', (name) => {
  expect(ruleOn(triggers[name](mild()))).toMatchObject(decides[name])
})

const pairs = names.flatMap((stronger, at) =>
  names.slice(at + 1).map((weaker) => [stronger, weaker] as const),
)

describe.each(pairs)('%s and %s at once', (stronger, weaker) => {
  it('is decided by the stronger', () => {
    const attempt = triggers[stronger](triggers[weaker](mild()))
    expect(ruleOn(attempt)).toMatchObject(decides[stronger])
  })

  it('leads to no action that the stronger would have stopped', () => {
    const attempt = triggers[stronger](triggers[weaker](mild()))
    expect(ruleOn(attempt).assessment.outcome).not.toBe('allow')
  })
})

it('lets a treated person walk the checkpoint, and says so', () => {
  const attempt: Attempt = { ...mild(), arm: 'treated' }
  expect(ruleOn(attempt)).toMatchObject({
    override: null,
    holdout: 'treated',
    assessment: attempt.assessment,
  })
})

describe('where nothing is enforced', () => {
  const observing = (attempt: Attempt): Attempt => ({ ...attempt, is_enforced: false })
  const allowed = (would: Attempt) => ({
    blocked_by: null,
    holdout: null,
    assessment: { ...would.assessment, outcome: 'allow', steps: [] },
  })

  it.each(['block', 'contact_missing', 'compared'] as const)('%s is written down and not done', (name) => {
    const enforced = ruleOn({ ...triggers[name](mild()), arm: null })
    const { assessment, ...rest } = ruleOn(observing(triggers[name](mild())))
    expect(rest).toEqual({
      override: enforced.override,
      blocked_by: null,
      holdout: null,
      observed: {
        outcome: enforced.assessment.outcome,
        tier: enforced.assessment.tier,
        steps: enforced.assessment.steps,
      },
    })
    expect(assessment).toEqual({ ...enforced.assessment, outcome: 'allow', steps: [] })
  })

  it.each(['held', 'broken_by_test'] as const)('%s is obeyed', (name) => {
    const enforced = ruleOn(triggers[name](mild()))
    expect(ruleOn(observing(triggers[name](mild())))).toEqual(enforced)
    expect(enforced.observed).toBeNull()
  })

  it('what no row decides is allowed as well, and what would have been asked is written down', () => {
    const attempt = mild()
    expect(ruleOn(observing(attempt))).toMatchObject({
      ...allowed(attempt),
      observed: { outcome: 'delay_verify', tier: 'low', steps: ['intent'] },
    })
  })

  it('says of an allow that it is one', () => {
    const attempt = mild()
    const quiet: Attempt = {
      ...attempt,
      assessment: { ...attempt.assessment, outcome: 'allow', tier: 'none', steps: [] },
    }
    expect(ruleOn(observing(quiet)).observed).toEqual({ outcome: 'allow', tier: 'none', steps: [] })
  })

  it.each(['held', 'broken_by_test'] as const)('%s decides before anything below it', (stronger) => {
    for (const weaker of ['block', 'contact_missing'] as const) {
      const attempt = observing(triggers[stronger](triggers[weaker](mild())))
      expect(ruleOn(attempt)).toMatchObject({ ...decides[stronger], observed: null })
    }
  })
})

describe('all of it, from facts', () => {
  const input = (of = payment(90_000, 'stranger')) => ({
    facts: facts(of),
    event: of,
    policy: defaultPolicy,
    constraints: [],
  })

  it('says first what the test asked for and then that a hold covers it', () => {
    const { assessment } = evaluateFacts(input(), { ...untouched, is_held: true, test: { outcome: 'allow' } })
    expect(assessment.outcome).toBe('block_escalate')
    expect(assessment.reasons.slice(-2).map(({ code }) => code)).toEqual(['TEST_INSTRUCTION', 'HOLD_ACTIVE'])
  })

  it('asks nobody without a mailbox for a code because of unconfirmed reports', () => {
    const reported = { ...input(), facts: { ...facts(), 'payee.reports': 2 } }
    const without = evaluateFacts(input(), { ...untouched, contacts: [] })
    const { assessment } = evaluateFacts(reported, { ...untouched, contacts: [] })
    expect(assessment.outcome).toBe(without.assessment.outcome)
  })

  const observe = (share?: number): Policy => {
    const { transfer } = defaultPolicy.actions
    if (transfer === undefined) throw new Error('the default policy knows no transfer')
    const mode = share === undefined ? { enforcement: 'observe' as const } : { enforcement_share: share }
    return { ...defaultPolicy, actions: { ...defaultPolicy.actions, transfer: { ...transfer, ...mode } } }
  }

  it.each([
    ['the environment', defaultPolicy, { mode: 'observe', lot: 0 }, false],
    ['the action, whatever the environment says', observe(), { mode: 'enforce', lot: 0 }, false],
    ['a lot inside the share', observe(25), { mode: 'enforce', lot: 0.2499 }, true],
    ['a lot at the end of the share', observe(25), { mode: 'enforce', lot: 0.25 }, false],
    [
      'a share, which counts for nothing in an environment that observes',
      observe(100),
      { mode: 'observe', lot: 0 },
      false,
    ],
  ] as const)('for whom it is enforced is said by %s', (_name, policy, enforcement, isEnforcedThen) => {
    const found = evaluateFacts({ ...input(), policy }, { ...untouched, enforcement })
    expect(found.observed === null).toBe(isEnforcedThen)
    expect(found.assessment.outcome).toBe(isEnforcedThen ? 'delay_verify' : 'allow')
  })

  it('is what the policy says of an ordinary login', () => {
    const login = event({ action: 'login' })
    const alone = assessFacts(input(login))
    expect(evaluateFacts(input(login), untouched)).toEqual({
      assessment: alone,
      override: null,
      blocked_by: null,
      holdout: null,
      observed: null,
    })
  })
})
