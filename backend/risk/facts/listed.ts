import * as z from 'zod/mini'
import { listableFact } from '#contract/rule-fact'
import { factGroup } from './fact-group.ts'

/** Whether something of the event was in a list when it came; null if there was no such list, or nothing to look up. */
const lookedUp = z.strictObject({
  fact: listableFact,
  list: z.string(),
  is: z.nullable(z.boolean()),
})
export type LookedUp = z.infer<typeof lookedUp>

/** Lists that rules named when the event came. It is stored what was found, and never an entry. */
export const listedFacts = factGroup({ listed: z._default(z.array(lookedUp), []) }, ({ listed = [] }) => ({
  listed: [...listed],
}))
