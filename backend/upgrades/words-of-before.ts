import { list, object, words } from './shape.ts'

/** Words that several collections share, under their names of before. */

/** How a session ended, why contact was broken, why a hold or an incident was opened, how a step ended. */
export const endings = words({ stalled: 'abandoned' })

export const reasons = list(
  object({ inside: { code: words({ RETRY_AFTER_STALL: 'RETRY_AFTER_ABANDONMENT' }) } }),
)

/** Rule matches of before name the rule alone. */
export const ruleMatches = list(object({ added: { mode: 'live', effect: {}, decided: false } }))

/** Documents of before there was a trail have nothing due. */
export const untrailed = { trail_due: [] }
