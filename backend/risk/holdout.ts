import * as z from 'zod/mini'
import type { Assessment } from '#contract/assessment'
import { type Reason, signalCode } from '#contract/outcome'
import type { Facts } from './facts/all-facts.ts'

/**
 * Those who met a checkpoint alone can't show whether checkpoints help. So an organisation may let a small share of its
 * users go where the others meet a mild checkpoint, and compare. Who may join that control group is decided here. Whatever
 * is not named stays out: a later signal, label or rule keeps its checkpoint.
 */

/** `control` was let through for comparison, `treated` met the checkpoint that both would have met. */
export const holdoutArm = z.enum(['control', 'treated'])
export type HoldoutArm = z.infer<typeof holdoutArm>

/** The largest share that an organisation may choose. */
export const holdoutShareMax = 0.2

/** Facts of the moment that point to somebody influencing the person, or to somebody else at the device. */
const objective = [
  'context.call_active',
  'context.remote_access',
  'context.screen_shared',
] as const satisfies readonly (keyof Facts)[]

/** A reason from the event's own facts. Not from memory, floors or reports, and not from what others did to the payee. */
const isOrdinary = ({ code, family }: Reason): boolean =>
  family !== 'scam' &&
  code !== 'BENEFICIARY_SHARED' &&
  code !== 'MULE_PATTERN' &&
  code !== 'BENEFICIARY_REPEATED' &&
  code !== 'TRANSACTION_AMOUNT_HIGH' &&
  (code === 'SCORE_CAPPED' || signalCode.safeParse(code).success)

/** A mild checkpoint for ordinary reasons: low or medium, no objective signal, no memory, no high amount, no credentials. */
export const mayJoinControlGroup = (assessment: Assessment, facts: Facts): boolean =>
  assessment.outcome === 'delay_verify' &&
  (assessment.tier === 'low' || assessment.tier === 'medium') &&
  assessment.family !== 'credentials' &&
  assessment.family !== 'admin' &&
  assessment.amount_high !== true &&
  (assessment.family !== 'money_out' || assessment.amount_high === false) &&
  assessment.rule_matches.every(({ mode }) => mode !== 'live') &&
  assessment.reasons.every(isOrdinary) &&
  objective.every((fact) => facts[fact] !== true)

/** The same assessment, let through: score and tier stay what they were, and a reason of 0 points says why. */
export const asControl = (assessment: Assessment): Assessment => ({
  ...assessment,
  outcome: 'allow',
  steps: [],
  reasons: [
    ...assessment.reasons,
    {
      code: 'HOLDOUT_CONTROL',
      family: 'policy',
      points: 0,
      detail: `Let through for comparison; without it the tier ${assessment.tier} would have asked.`,
    },
  ],
})
