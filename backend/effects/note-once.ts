import type { AuditMeta } from '#contract/trail'
import { bySystem } from '../audit/actors.ts'
import { noteOnTrail } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'

/** A person may be answering at the same time, and the relay clears the rows that brought us here. */
const attempts = 32

/**
 * Writes into a session's trail what became of a consequence, once: consequences are carried out at least once, and a try
 * that failed for the hundredth time is no new entry. A session whose data is gone has no trail to write into. Rejects when
 * others keep changing it; the relay tries again.
 */
export const noteOnce = async (
  deps: Deps,
  ref: { org_id: string; _id: string },
  action: string,
  meta: AuditMeta,
): Promise<void> => {
  if (!(await noteOnTrail(deps, ref, bySystem(action, meta), { action, meta }, attempts)))
    throw new Error(`the trail of ${ref._id} has too many changes under way`)
}
