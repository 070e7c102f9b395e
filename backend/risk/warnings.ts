import type { IngestWarning } from '#contract/assessment'
import type { Reason } from '#contract/outcome'
import { nearestActions } from './nearest-actions.ts'
import type { ActionPolicy, Policy } from './policy.ts'

/** What a site should mend in the events that it sends. The answer says so, because an `allow` alone would hide it. */
export const warningsOf = (
  policy: Policy,
  action: { name: string; isMapped: boolean },
  missing: readonly string[],
  mistyped: readonly string[],
): IngestWarning[] => [
  ...(action.isMapped ? [] : [unmapped(policy, action.name)]),
  ...(missing.length === 0 ? [] : [lacking(policy, missing)]),
  ...(mistyped.length === 0 ? [] : [unreadable(policy, mistyped)]),
]

const unmapped = (policy: Policy, name: string): IngestWarning => ({
  code: 'action_unmapped',
  detail: `The policy doesn't know ${name}. Because it has an amount or a payee it is evaluated as money going out; map it, or correct its name: GET /actions lists those that are known.`,
  nearest: nearestActions(name, Object.keys(policy.actions)),
})

const lacking = (policy: Policy, missing: readonly string[]): IngestWarning => ({
  code: 'facts_missing',
  detail: `The policy demands ${missing.join(', ')} of this action; without it the tier is at least ${policy.missing_facts_tier}. Send it with the event.`,
  facts: [...missing],
})

const unreadable = ({ metadata }: Policy, fields: readonly string[]): IngestWarning => ({
  code: 'metadata_mistyped',
  detail: `The policy declares ${fields.map((field) => `metadata.${field} as a ${metadata[field] ?? 'field'}`).join(', ')}. What came is of another type, so no rule reads it: send that type, or declare another.`,
  fields: [...fields],
})

/** Reasons about the action itself: that it is not mapped, and the least that it meets. No points: neither is evidence. */
export const actionReasons = (name: string, { floor, family }: ActionPolicy, isMapped: boolean): Reason[] => {
  const said = (code: Reason['code'], detail: string): Reason => ({
    code,
    family: 'policy',
    points: 0,
    detail,
  })
  if (isMapped)
    return floor === 'none'
      ? []
      : [said('ACTION_FLOOR', `The policy keeps ${name} at the tier ${floor} or above, whatever the score.`)]
  return [
    said(
      'ACTION_UNMAPPED',
      family === 'money_out'
        ? `The policy doesn't know ${name}; with an amount or a payee it is evaluated as money going out.`
        : `The policy doesn't know ${name}, and without amount and payee nobody can say what it does.`,
    ),
  ]
}
