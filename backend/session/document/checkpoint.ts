import * as z from 'zod/mini'
import { reason, tier } from '#contract/outcome'
import { type StepType, stepError } from '#contract/step'
import { type allSteps, storedSteps } from '../steps/all-steps.ts'

const ms = z.int()

/** Each kind of step keeps its own state. */
const sessionStep = z.discriminatedUnion('type', storedSteps)
export type SessionStep = z.infer<(typeof allSteps)[StepType]['stored']>

/** How far the person has come. */
export const sessionCheckpoint = z.strictObject({
  tier,
  steps: z.array(sessionStep),
  position: z.int(),
  /** Raised by one with every accepted submit: step tokens of earlier turns are stale. */
  turn: z.int(),
  /** Fingerprint of the submit that was accepted last, so that its repetition is recognised. */
  last_submit: z.nullable(z.string()),
  /** The turn in which a stale submit was last written down: once is enough. */
  refused_turn: z.nullable(z.int()),
  /** What the page says beside the current step: the state carries it, because a form's answer is a redirect. */
  shown_error: z.nullable(stepError),
  /** The first sign that the page was on a screen: its own script, or a submit. Null: no sign, which is not a no. */
  opened_at: z.nullable(ms),
  wording_variant: z.int(),
  /** Which version of the sentences the person meets. Null where it was not kept. */
  texts_version: z.nullable(z.string()),
  deadline_at: ms,
  /** Reasons that the answers added. */
  reasons: z.array(reason),
  /** The assessment's score with what those reasons added; the assessment's own stays as it was. */
  score: z.int(),
  /** Wrong codes that an abandoned session of the same person left behind. */
  prior_failed_attempts: z.int(),
})
