import * as z from 'zod/mini'

/**
 * *The caller*: the part of the demo that plays the stranger on the line. In a real bank these facts come from its app
 * and its phone network; here the visitor sets them.
 */

export const nameChecks = ['match', 'close', 'no_match', 'unknown'] as const
export type NameCheck = (typeof nameChecks)[number]

export interface CallerFacts {
  call_active: boolean
  remote_access: boolean
  screen_shared: boolean
  payee_name_match: NameCheck
}

export const nobodyCalling: CallerFacts = {
  call_active: false,
  remote_access: false,
  screen_shared: false,
  payee_name_match: 'unknown',
}

/** A form's checkboxes: present when ticked, absent when not. */
const ticked = z.pipe(
  z.optional(z.string()),
  z.transform((value) => value !== undefined),
)

export const callerForm = z.object({
  call_active: ticked,
  remote_access: ticked,
  screen_shared: ticked,
  payee_name_match: z.enum(nameChecks),
})

/** The objective signals as the API wants them, observed now. */
export const observedContext = (facts: CallerFacts, now: number) => ({
  ...facts,
  observed_at: new Date(now).toISOString(),
})
