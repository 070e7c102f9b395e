import type { Session } from '../../backend/session/document.ts'
import { ask, day, report, type Site, sessionOf } from '../journey/stage.ts'
import { transfer } from '../support/client.ts'
import type { SessionChange } from '../support/session-change.ts'
import { copies } from './analytics-stage.ts'

/**
 * Sessions of which it is known by now what they were, each of another person and to another payee. Four frauds in five show a
 * call, and one honest payment in twenty; every other honest one shows a name that does not match, as every such fraud does.
 */
export const insertLabelled = async (
  site: Site,
  wanted: { frauds: number; honest: number },
): Promise<void> => {
  const { world } = site
  const observed_at = new Date(world.deps.clock()).toISOString()
  const seeing = (context: Record<string, unknown>, id: string) =>
    ask(site, transfer({ user: { id, email: `${id}@example.com` }, context: { ...context, observed_at } }))
  const [guided, misnamed, plain] = [
    await seeing({ call_active: true, payee_name_match: 'no_match' }, 'guided'),
    await seeing({ call_active: false, payee_name_match: 'no_match' }, 'misnamed'),
    await seeing({ call_active: false, payee_name_match: 'match' }, 'plain'),
  ]
  await report(site, guided.event_id, 'reported_scam')
  await report(site, plain.event_id, 'completed')
  const [asGuided, asMisnamed, asPlain] = [
    await sessionOf(site, guided.session.id),
    await sessionOf(site, misnamed.session.id),
    await sessionOf(site, plain.session.id),
  ]
  world.advance(31 * day)
  const from = world.deps.clock() - 2 * day
  const copy = (said: Session, name: string, count: number, like: (nth: number) => Session) =>
    copies(world, said, {
      count,
      from,
      change: (nth): SessionChange => {
        const { event, evaluation } = like(nth)
        return {
          evaluation,
          event: { ...event, keys: { ...event.keys, user: `${name}-${nth}`, payee: `${name}-payee-${nth}` } },
        }
      },
    })
  await copy(asGuided, 'robbed', wanted.frauds, (nth) => (nth % 5 === 0 ? asPlain : asGuided))
  await copy(asPlain, 'calm', wanted.honest, (nth) =>
    nth % 20 === 0 ? asGuided : nth % 2 === 0 ? asMisnamed : asPlain,
  )
}
