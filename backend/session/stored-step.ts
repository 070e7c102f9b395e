import * as z from 'zod/mini'
import { stepInterruptions } from '#contract/step'

/** How one kind of step is kept in its session: when it was met, how it ended, and whatever it has to remember itself. */
export const storedStep = <
  Type extends string,
  Passing extends string,
  Other extends string,
  State extends z.ZodMiniType,
>(
  contract: { type: Type; outcomes: { passing: readonly Passing[]; others: readonly Other[] } },
  state: State,
) =>
  z.strictObject({
    type: z.literal(contract.type),
    /** When it was prepared; the first one of a session is prepared before anybody has opened the page. */
    started_at: z.nullable(z.int()),
    finished_at: z.nullable(z.int()),
    /** How its answer ended it, or what else did. */
    outcome: z.nullable(
      z.enum([...contract.outcomes.passing, ...contract.outcomes.others, ...stepInterruptions]),
    ),
    /** Null before it began, and while there is nothing to remember. */
    state: z.nullable(state),
  })
