import type { HttpState } from './http-state.ts'
import type { Method } from './route.ts'

/**
 * What a caller is told when we fail during a request. Before the handler runs, nothing was changed; a read never changes
 * anything; otherwise the route says whether repeating is safe. A lost answer leaves the caller in the same doubt as a 503, so
 * the OpenAPI document says the same sentence.
 */

/** For a route that changes something: what its caller does when the answer is lost. Said after *it is open whether …*. */
export type WhenLost = string

/** Right for every route. A route that may be repeated says so. */
const lookFirst: WhenLost = 'Read again how it stands before you repeat the request.'
export const repeatIsSafe: WhenLost = 'Repeat the request, which is safe.'

type Changing = { method: Method; whenLost?: WhenLost }

/** What to do when the answer of this route is lost; null for a read. */
export const whenLostOf = ({ method, whenLost }: Changing): WhenLost | null =>
  method === 'GET' ? null : (whenLost ?? lookFirst)

export type OpenOutcome = { detail: string; outcomeUnknown: boolean }

/** For a store that does not answer. */
export const storeAway = ({ underWay }: Pick<HttpState, 'underWay'>): OpenOutcome =>
  told(underWay, 'The store does not answer')

/** For a document that this instance's release is too old for. */
export const upgradeUnderWay = ({ underWay }: Pick<HttpState, 'underWay'>): OpenOutcome =>
  told(underWay, 'The service is being upgraded')

/** For a fault that we did not foresee. */
export const ourFault = ({ underWay }: Pick<HttpState, 'underWay'>): OpenOutcome => {
  const { detail, outcomeUnknown } = told(underWay, 'Something failed on our side')
  return { detail: `${detail} If it fails again, report the request_id.`, outcomeUnknown }
}

const told = (underWay: HttpState['underWay'], what: string): OpenOutcome => {
  const whenLost = underWay === undefined ? null : whenLostOf(underWay)
  return whenLost === null
    ? { detail: `${what}. Nothing was changed; repeat the request.`, outcomeUnknown: false }
    : { detail: `${what}, and it is open whether this was carried out. ${whenLost}`, outcomeUnknown: true }
}
