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

/** Of how many people an action is enforced. */
export const peopleWords = (percent: number): string =>
  percent === 0 ? 'nobody' : percent === 100 ? 'everybody' : `${percent} % of people`

/** How an action stands, of which that share is enforced. */
export const extentOf = (percent: number): EnforcedExtent =>
  percent === 0 ? 'nothing' : percent === 100 ? 'all' : 'part'

/** What a share would have made of these days, whatever was enforced in them: in whole events, as people are drawn alike. */
export const shareWords = (figures: EnforcementFigures, percent: number): string => {
  const { asked, stopped, would_have_asked: wouldAsk, would_have_stopped: wouldStop } = figures
  const [ask, stop] = [asked + wouldAsk, stopped + wouldStop].map((all) => Math.round((all * percent) / 100))
  return `Enforced for ${peopleWords(percent)}, about ${ask} would have met a checkpoint and ${stop} would have been stopped.`
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
