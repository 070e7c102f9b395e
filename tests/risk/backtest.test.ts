import { describe, expect, it } from 'vitest'
import { type Aftermath, backtestResult, samplesPerTransition } from '../../backend/contract/backtest.ts'
import type { NormalisedEvent } from '../../backend/contract/normalised-event.ts'
import type { Outcome } from '../../backend/contract/outcome.ts'
import { assessFacts } from '../../backend/risk/assess.ts'
import { emptyResult, foldEvents, type PastEvent } from '../../backend/risk/backtest.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import type { EvaluationInput } from '../../backend/risk/evaluation-input.ts'
import { factsOf } from '../../backend/risk/facts/all-facts.ts'
import type { HoldConstraint } from '../../backend/risk/hold-constraint.ts'
import type { Policy } from '../../backend/risk/policy.ts'
import { strictDraft } from '../analytics/analytics-stage.ts'
import { ana, event, now, payment } from './events.ts'

/** Judging the past again: each row is one past event, one policy, and what must come of it. */

const past = (
  event: NormalisedEvent,
  change: {
    override?: EvaluationInput['override']
    constraints?: HoldConstraint[]
    aftermath?: Aftermath[]
    truth?: PastEvent['truth']
  } = {},
): PastEvent => {
  const constraints = change.constraints ?? []
  const facts = factsOf({ event, event_id: 'evt_past', profile: ana, policy: defaultPolicy, now })
  const assessment = assessFacts({ facts, event, policy: defaultPolicy, constraints })
  const isHeld = change.override === 'held'
  return {
    event_id: 'evt_past',
    session_id: 'ses_past',
    event,
    contacts: event.keys.mailbox === null ? [] : ['mailbox'],
    evaluation_input: { facts, constraints, override: change.override ?? null },
    assessment,
    ingest_outcome: isHeld ? 'block_escalate' : assessment.outcome,
    observed: null,
    aftermath: change.aftermath ?? [],
    truth: change.truth ?? null,
  }
}

const rent = payment(14_000, 'landlord')
const medium = payment(300_000, 'stranger')

const thresholds = (change: Partial<Policy['thresholds']>): Policy => ({
  ...defaultPolicy,
  version: 'draft',
  thresholds: { ...defaultPolicy.thresholds, ...change },
})
/** A new payee blocks, and whatever was let through is asked. */
const strict = strictDraft
/** Nothing below 85 is asked anything. */
const mild = thresholds({ low: 85, medium: 90, high: 95, critical: 100 })

const { transfer } = defaultPolicy.actions
if (transfer === undefined) throw new Error('the default policy knows no transfer')
const observing: Policy = {
  ...defaultPolicy,
  version: 'draft',
  actions: { ...defaultPolicy.actions, transfer: { ...transfer, enforcement: 'observe' } },
}

const { login: _, ...actions } = defaultPolicy.actions
const withoutLogin: Policy = { ...defaultPolicy, version: 'draft', actions }

const transitions = (event: PastEvent, draft: Policy, against: Policy | null = null): string[] => {
  const { outcomes } = foldEvents(emptyResult(), [event], { draft, against })
  return Object.entries(outcomes).flatMap(([before, row]) =>
    Object.entries(row).flatMap(([after, events]) => (events === 0 ? [] : [`${before} → ${after}`])),
  )
}

describe('one event', () => {
  const rows: { name: string; event: PastEvent; draft: Policy; against?: Policy; expected: string[] }[] = [
    {
      name: 'the same policy changes nothing',
      event: past(medium),
      draft: defaultPolicy,
      expected: ['delay_verify → delay_verify'],
    },
    {
      name: 'a stricter one stops it',
      event: past(medium),
      draft: strict,
      expected: ['delay_verify → block_escalate'],
    },
    {
      name: 'a milder one lets it through',
      event: past(medium),
      draft: mild,
      expected: ['delay_verify → allow'],
    },
    {
      name: 'one that lost the action would refuse it, which is no allow',
      event: past(event({ action: 'login' })),
      draft: withoutLogin,
      expected: ['allow → block_escalate'],
    },
    {
      name: 'an allow may become a checkpoint',
      event: past(rent),
      draft: strict,
      expected: ['allow → delay_verify'],
    },
    {
      name: 'what was held stays held, whatever the draft says',
      event: past(medium, { override: 'held' }),
      draft: mild,
      expected: ['block_escalate → block_escalate'],
    },
    {
      name: 'held against another policy was held there too',
      event: past(medium, { override: 'held' }),
      draft: mild,
      against: strict,
      expected: ['block_escalate → block_escalate'],
    },
    {
      name: 'a code that nobody could get blocks',
      event: past(payment(300_000, 'stranger', { keys: { mailbox: null } })),
      draft: thresholds({ low: 30 }),
      against: thresholds({ low: 30 }),
      expected: ['block_escalate → block_escalate'],
    },
    {
      name: 'who was in the control group counts as what the policy said',
      event: { ...past(medium, { override: 'holdout' }), ingest_outcome: 'allow' },
      draft: defaultPolicy,
      expected: ['delay_verify → delay_verify'],
    },
    {
      name: 'who was observed counts as what the policy said',
      event: {
        ...past(medium),
        ingest_outcome: 'allow',
        observed: { outcome: 'block_escalate', tier: 'critical', steps: [] },
      },
      draft: defaultPolicy,
      expected: ['block_escalate → delay_verify'],
    },
    {
      name: 'a policy that only observes counts as what it would have decided',
      event: past(medium),
      draft: observing,
      against: defaultPolicy,
      expected: ['delay_verify → delay_verify'],
    },
    {
      name: 'two policies are compared with each other, not with what was decided',
      event: past(medium),
      draft: strict,
      against: mild,
      expected: ['allow → block_escalate'],
    },
    {
      name: 'memory of an abandonment still holds under a milder policy',
      event: past(medium, {
        constraints: [
          { minimum_tier: 'high', minimum_score: null, code: 'RETRY_AFTER_ABANDONMENT', detail: 'x' },
        ],
      }),
      draft: mild,
      expected: ['delay_verify → delay_verify'],
    },
  ]
  it.each(rows)('$name', ({ event, draft, against, expected }) => {
    expect(transitions(event, draft, against ?? null)).toEqual(expected)
  })
})

describe('what can’t be judged', () => {
  it.each([
    ['unreadable', null],
    ['no_facts', { ...past(rent), evaluation_input: null }],
    ['test_instruction', past(rent, { override: 'test' })],
  ] as const)('is counted as %s and nowhere else', (reason, event) => {
    const result = foldEvents(emptyResult(), [event], { draft: strict, against: null })
    const { skipped, ...rest } = result
    const { skipped: none, ...empty } = emptyResult()
    expect(skipped).toEqual({ ...none, [reason]: 1 })
    expect(rest).toEqual(empty)
  })
})

describe('overlap with what became of the event', () => {
  const rows: [Policy, NormalisedEvent, string, Outcome[]][] = [
    [strict, medium, 'newly_stopped', ['delay_verify', 'block_escalate']],
    [strict, rent, 'newly_checked', ['allow', 'delay_verify']],
    [mild, medium, 'newly_allowed', ['delay_verify', 'allow']],
    [defaultPolicy, medium, 'still_met', ['delay_verify', 'delay_verify']],
  ]
  it.each(rows)('%#', (draft, event, kind) => {
    const { overlap } = foldEvents(emptyResult(), [past(event, { aftermath: ['reported', 'incident'] })], {
      draft,
      against: null,
    })
    const untouched = emptyResult().overlap.reported
    expect(overlap.reported).toEqual({ ...untouched, events: 1, [kind]: 1 })
    expect(overlap.incident).toEqual(overlap.reported)
    expect(overlap.genuine).toEqual(untouched)
  })
})

it('keeps a bounded number of samples, each with the reasons of both sides', () => {
  const many = Array.from({ length: 50 }, (_, i) => ({ ...past(medium), event_id: `evt_${i}` }))
  const { samples, changed } = foldEvents(emptyResult(), many, { draft: strict, against: null })
  expect(changed).toBe(50)
  expect(samples).toHaveLength(1)
  const [{ before, after, events } = { before: '', after: '', events: [] }] = samples
  expect([before, after, events.length]).toEqual(['delay_verify', 'block_escalate', samplesPerTransition])
  expect(events[0]).toMatchObject({ event_id: 'evt_0', before: { tier: 'medium', score: 62 } })
  expect(events[0]?.after.reasons.map(({ code }) => code)).toContain('BENEFICIARY_NEW')
})

it('is the same tally however the pages were cut, and survives being stored', () => {
  const events = [past(rent), past(medium), null, past(medium, { aftermath: ['genuine'] }), past(rent)]
  const policies = { draft: strict, against: null }
  const whole = foldEvents(emptyResult(), events, policies)
  for (let cut = 0; cut <= events.length; cut += 1) {
    const stored = backtestResult.parse(
      JSON.parse(JSON.stringify(foldEvents(emptyResult(), events.slice(0, cut), policies))),
    )
    expect(foldEvents(stored, events.slice(cut), policies)).toEqual(whole)
  }
  expect(whole.score_shift.reduce((sum, { events: inBucket }) => sum + inBucket, 0)).toBe(whole.evaluated)
})

it('what turned out to be fraud or honest is counted by tier, before and after; what nobody knows is not', () => {
  const events = [past(rent, { truth: 'honest' }), past(medium, { truth: 'fraud' }), past(medium)]
  const { truth } = foldEvents(emptyResult(), events, { draft: strict, against: null })
  const none = { none: 0, low: 0, medium: 0, high: 0, critical: 0 }
  expect(truth.fraud.before).toEqual({ ...none, medium: 1 })
  expect(truth.fraud.after).toEqual({ ...none, critical: 1 })
  expect(truth.honest.before).toEqual({ ...none, none: 1 })
  expect(Object.values(truth.honest.after).reduce((sum, events) => sum + events, 0)).toBe(1)
})
