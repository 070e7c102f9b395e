import type { Assessment } from '#contract/assessment'
import type { IngestEvent } from '#contract/event'
import type { Tier } from '#contract/outcome'
import { contactsNeeded } from '#contract/step'
import { stepsOf } from './decide.ts'
import { type Policy, severerTier } from './policy.ts'
import { overruled } from './rules/list-matches.ts'

/**
 * What a test key may demand: an outcome, so that a site can rehearse each of its paths without arranging a risky event.
 * Score and reasons stay as they are; one reason of 0 points says that the outcome was asked for.
 */
export const followTestInstruction = (
  assessment: Assessment,
  test: IngestEvent['test'] | null,
  policy: Policy,
): Assessment => {
  const asked = test?.outcome
  if (asked === undefined) return assessment
  const forced = (change: Pick<Assessment, 'outcome' | 'tier' | 'steps'>): Assessment => ({
    ...assessment,
    ...change,
    rule_matches: overruled(assessment.rule_matches),
    reasons: [
      ...assessment.reasons,
      { code: 'TEST_INSTRUCTION', family: 'policy', points: 0, detail: `The test asked for ${asked}.` },
    ],
  })
  switch (asked) {
    case 'allow':
      return forced({ outcome: 'allow', tier: 'none', steps: [] })
    case 'block_escalate':
    case 'break_contact':
      return forced({ outcome: 'block_escalate', tier: 'critical', steps: [] })
    case 'delay_verify':
    case 'expired': {
      // Whoever sets the code wants to be asked for it, even if the event alone would ask a question only.
      const isLongEnough =
        assessment.steps.length > 0 &&
        (test?.code === undefined || contactsNeeded(assessment.steps).length > 0)
      const tier: Tier = isLongEnough ? assessment.tier : severerTier(assessment.tier, 'medium')
      const steps = isLongEnough ? assessment.steps : stepsOf(policy.steps[tier], assessment.steps)
      return forced({ outcome: 'delay_verify', tier, steps })
    }
  }
}
