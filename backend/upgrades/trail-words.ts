import { isLoose, object } from './shape.ts'

/**
 * Entries of a trail stay as they were written: they are hashed. So whoever reads one by its name reads it through here,
 * under today's names.
 */

type Named = { action: string; meta: Readonly<Record<string, unknown>> }

const renamed: Readonly<Record<string, { action: string; meta: Readonly<Record<string, string>> }>> = {
  'incident.judged': {
    action: 'incident.disposition_set',
    meta: { verdict: 'disposition', judged_at: 'set_at' },
  },
}

export const underTodaysName = <Entry extends Named>(entry: Entry): Entry => {
  const today = renamed[entry.action]
  if (today === undefined) return entry
  const meta = object({ renamed: today.meta })(entry.meta)
  return isLoose(meta) ? { ...entry, action: today.action, meta } : entry
}
