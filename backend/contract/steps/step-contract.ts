import type * as z from 'zod/mini'

/** A way to reach the person that the site has on file, and that a step may confirm. */
export type Contact = 'mailbox'

/** What crosses the boundary of one kind of step. Its name is the `type` of policies, documents, reports and tokens. */
export type StepContract = {
  type: string
  /** What the person may submit: `POST /checkpoint/{action}`. A step without one is passed by nobody. */
  submits: readonly z.ZodMiniObject[]
  /** What the page may know of it. */
  screen: z.ZodMiniObject
  /** Why a submit may be refused, or did not help; shown beside the step. */
  errors: readonly string[]
  /**
   * How an answer may end it. The passing ones stand in the decision token's `methods`; a step ends in one of the others
   * when its answer ends the session, or lets it go on without counting.
   */
  outcomes: { passing: readonly string[]; others: readonly string[] }
  /** What the person must have on file to pass it; null: nothing. */
  contact: Contact | null
  /** Whether it asks if somebody is guiding the person: the question that no demand of a policy may leave out. */
  asks_of_guidance: boolean
}
