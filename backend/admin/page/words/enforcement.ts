import type { EnforcedExtent, EnforcementFigures } from '#contract/enforcement-detail'
import type { Environment } from '#contract/environment'

/** Whether decisions are carried out, in an analyst's words. */

export const environmentWords: Record<Environment, string> = { live: 'Live', test: 'Test' }

/** How an environment stands, as one or two sentences. */
export const extentWords = (environment: Environment, extent: EnforcedExtent): string => {
  const name = environmentWords[environment]
  switch (extent) {
    case 'nothing':
      return `Nothing is enforced in ${environment}. Events are allowed, and what would have been decided is written down.`
    case 'part':
      return `${name} enforces a part: some actions, or some people, are only observed.`
    case 'all':
      return `${name} enforces what is decided.`
  }
}

/** What was decided in the last days: what was done, and, where not everything is enforced, what would have been. */
export const figuresWords = (figures: EnforcementFigures, days: number, extent: EnforcedExtent): string => {
  const { events, asked, stopped, would_have_asked: wouldAsk, would_have_stopped: wouldStop } = figures
  if (events === 0)
    return `No events in the last ${days} days. They appear here as soon as your site sends them.`
  const allowed = `${events - asked - stopped - wouldAsk - wouldStop} allowed`
  const done =
    extent === 'nothing' && asked + stopped === 0 ? [] : [`${asked} met a checkpoint`, `${stopped} stopped`]
  const would =
    extent === 'all' && wouldAsk + wouldStop === 0
      ? []
      : [`${wouldAsk} would have met a checkpoint`, `${wouldStop} would have been stopped`]
  return `Last ${days} days: ${[allowed, ...done, ...would].join(', ')}.`
}
