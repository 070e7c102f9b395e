import { describe, expect, it } from 'vitest'
import { assessFacts } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { factsOf } from '../../backend/risk/facts/all-facts.ts'
import {
  type Attempt,
  type Circumstances,
  evaluateFacts,
  precedence,
  ruleOn,
} from '../../backend/risk/precedence.ts'
import { ana, event, now, payment } from './events.ts'

/** The order of power: which row of the list decides when two of them could. */

const untouched: Circumstances = { is_held: false, test: null, contacts: ['mailbox'], arm: null }

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
    ...untouched,
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

  it('is what the policy says of an ordinary login', () => {
    const login = event({ action: 'login' })
    const alone = assessFacts(input(login))
    expect(evaluateFacts(input(login), untouched)).toEqual({
      assessment: alone,
      override: null,
      blocked_by: null,
      holdout: null,
    })
  })
})
