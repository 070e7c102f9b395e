import * as z from 'zod/mini'
import { environment } from './environment.ts'
import {
  policyChange,
  policyMove,
  policyMoveKind,
  policyNote,
  policySummary,
  policyVersion,
} from './policy.ts'
import { rule, ruleExplanation } from './rule.ts'

/** Versions of the policy as analysts see and move them. Authors are e-mail addresses where they are known. */

/** Where the versions stand in one environment; `before`: what going back leads to, null when there is nothing. */
const standing = {
  live: policyVersion,
  preview: z.nullable(policyVersion),
  before: z.nullable(policyVersion),
}

export const policyPage = z.strictObject({
  ...standing,
  policies: z.array(policySummary),
  next: z.nullable(policyVersion),
})

export const policyDetail = z.strictObject({
  ...standing,
  summary: policySummary,
  history: z.array(policyMove),
  /** Null when its base is not there any more, or when it has none. */
  changes: z.nullable(z.array(policyChange)),
  /** The most powerful first. */
  rules: z.array(rule),
})
export type PolicyDetail = z.infer<typeof policyDetail>

/** What an analyst sends to move a version. `expected_live` is what their page said. */
export const policyMoveForm = z.strictObject({
  environment,
  kind: policyMoveKind,
  policy: policyVersion,
  expected_live: policyVersion,
  note: policyNote,
})
export type PolicyMoveForm = z.infer<typeof policyMoveForm>

export const movedPolicy = z.strictObject({ live: policyVersion })

/** Why each rule matched an event or did not. */
export const explainedRules = z.strictObject({
  event_id: z.string(),
  policy_version: policyVersion,
  rules: z.array(ruleExplanation),
})
export type ExplainedRules = z.infer<typeof explainedRules>
