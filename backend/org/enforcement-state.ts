import * as z from 'zod/mini'
import { dayMs } from '#contract/durations'
import { enforcementMode } from '#contract/enforcement'
import { type Environment, environment } from '#contract/environment'
import { actorTypeOf } from '../audit/actors.ts'
import type { Organisation } from './organisation.ts'

/** Whether an organisation's decisions are carried out, in each environment, and who may say that they are not. Pure. */

const ms = z.int()

const stateIn = z.strictObject({
  mode: enforcementMode,
  /** Who moved it last, and why; null if nobody has. */
  moved: z.nullable(z.strictObject({ at: ms, by: z.string(), note: z.nullable(z.string()) })),
  /** What one analyst has asked for that enforces less, until another one asks for the same. */
  proposed: z.nullable(z.strictObject({ what: z.string(), at: ms, by: z.string() })),
})

/** A mail to the security contact that has still to be sent. */
const dueMail = z.strictObject({
  environment,
  /** `observe`, or the version of the policy that enforces less. */
  what: z.string(),
  at: ms,
  by: z.string(),
  /** When it may be tried; while a worker tries it, when another one may. */
  due_at: ms,
})
export type EnforcementMail = z.infer<typeof dueMail>

export const enforcementState = z.strictObject({
  live: stateIn,
  test: stateIn,
  /** Whether it takes two analysts to enforce less. */
  two_analysts: z.boolean(),
  mail_due: z.array(dueMail),
})
type EnforcementState = z.infer<typeof enforcementState>

/** A new organisation: real people meet nothing until somebody says so; rehearsals show what they would. */
export const newEnforcement = (live: EnforcementState['live']['mode']): EnforcementState => ({
  live: { mode: live, moved: null, proposed: null },
  test: { mode: 'enforce', moved: null, proposed: null },
  two_analysts: false,
  mail_due: [],
})

/** A proposal that nobody has seconded by then is none. */
const secondWithinMs = dayMs
/** The security contact is told of the newest: whoever moves it to and fro can't fill a document. */
const mailsMax = 20

/** A change by which less is enforced. `what`: the mode, or the version of the policy. */
export type Lowering = { environment: Environment; what: string; at: number; by: string }

export type Lowered =
  | { ok: true; organisation: Organisation; first: string | null }
  /** A key may not. */
  | { ok: false; reason: 'keys_may_not_lower' }
  /** It is noted in the organisation, and waits for another analyst. */
  | { ok: false; reason: 'awaits_second'; organisation: Organisation }

/**
 * The organisation in which less may be enforced from now on, with the mail that says so; `first` is the analyst who asked
 * for it before. Keys may never, whoever runs the server always may.
 */
export const lower = (before: Organisation, { environment, what, at, by }: Lowering): Lowered => {
  const kind = actorTypeOf(by)
  if (kind === 'site') return { ok: false, reason: 'keys_may_not_lower' }
  const proposed = proposalIn(before, environment, at)
  const seconded = proposed?.what === what && proposed.by !== by
  if (kind === 'analyst' && before.enforcement.two_analysts && !seconded)
    return {
      ok: false,
      reason: 'awaits_second',
      organisation: withState(before, environment, { proposed: { what, at, by } }),
    }
  const mail = { environment, what, at, by, due_at: at }
  const mail_due = [...before.enforcement.mail_due, mail].slice(-mailsMax)
  const lowered = withState(before, environment, { proposed: null })
  return {
    ok: true,
    organisation: { ...lowered, enforcement: { ...lowered.enforcement, mail_due } },
    first: seconded ? proposed.by : null,
  }
}

/** The proposal that still waits for a second analyst; null for none. */
export const proposalIn = ({ enforcement }: Organisation, environment: Environment, now: number) => {
  const { proposed } = enforcement[environment]
  return proposed !== null && now < proposed.at + secondWithinMs ? proposed : null
}

export const withState = (
  organisation: Organisation,
  environment: Environment,
  change: Partial<EnforcementState['live']>,
): Organisation => {
  const { enforcement } = organisation
  return {
    ...organisation,
    enforcement: { ...enforcement, [environment]: { ...enforcement[environment], ...change } },
  }
}
