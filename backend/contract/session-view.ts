import * as z from 'zod/mini'
import { money } from './money.ts'
import { endCode, explainedCause, outcome, resolution, sessionStatus } from './outcome.ts'
import { stepError, stepScreens } from './step.ts'

/**
 * Everything that the checkpoint's page may know of a session, and nothing more. The server renders it, the frame
 * renders it again from JSON; both call the same screens. It carries no score, no reason and no rule: whoever sits
 * beside the person reads it too.
 */

const epochMs = z.int()

export const reportMaxLength = 1000

const breakContactScreen = z.strictObject({
  screen: z.literal('break_contact'),
  cause: explainedCause,
  case_reference: z.string(),
  hold_ends_at: z.nullable(epochMs),
  /** The hold ends by a call alone: then `hold_ends_at` is no promise. */
  hold_needs_release: z.boolean(),
  /** Whether the person has already told us what happened. */
  reported: z.boolean(),
})

const allowedScreen = z.strictObject({
  screen: z.literal('allowed'),
  /** Until when the answer may still be changed: null once the action was carried out. */
  undo_until: z.nullable(epochMs),
})

const endedScreen = z.strictObject({
  screen: z.literal('ended'),
  resolution: z.enum([
    'denied',
    'code_failed',
    'delivery_failed',
    'contact_missing',
    'cancelled',
    'expired',
    'sent_instead',
  ]),
  case_reference: z.nullable(z.string()),
})

const screen = z.discriminatedUnion('screen', [
  breakContactScreen,
  allowedScreen,
  endedScreen,
  ...stepScreens,
])
export type Screen = z.infer<typeof screen>
export type ScreenName = Screen['screen']

/** The action in the person's own words and figures. */
const actionView = z.strictObject({
  name: z.string(),
  wording: z.string(),
  amount: z.nullable(money),
  payee: z.nullable(
    z.strictObject({
      name: z.nullable(z.string()),
      /** The last four characters of the account, if there are more than four. */
      account_ending: z.nullable(z.string()),
      is_new: z.nullable(z.boolean()),
    }),
  ),
  target: z.nullable(z.string()),
  location: z.nullable(z.string()),
})
export type ActionView = z.infer<typeof actionView>

const brandView = z.strictObject({
  name: z.string(),
  /** The organisation's configured support number: the only number that is ever shown. */
  support_phone: z.nullable(z.string()),
  support_url: z.nullable(z.string()),
})

/** How moments are written for this person. */
const regionView = z.strictObject({
  /** BCP 47: the language of the sentences, with the region whose habits dates follow. */
  locale: z.string(),
  /** IANA name. */
  time_zone: z.string(),
  /** Whether the person's own browser named that time zone; a text on another clock says on which. */
  is_own: z.boolean(),
})
export type RegionView = z.infer<typeof regionView>

export const sessionView = z.strictObject({
  session_id: z.string(),
  /** The URL's secret, which the page's forms carry back. */
  session_key: z.string(),
  /** Null when the screen takes no answer any more. */
  step_token: z.nullable(z.string()),
  status: sessionStatus,
  outcome: z.nullable(outcome),
  resolution: z.nullable(resolution),
  /** How it ended, in the words of verify; null while it is open, and when it was allowed. */
  ended: z.nullable(endCode),
  /** Only on a resolved session: the decision token, for the page that opened the popup. Never put into a URL. */
  token: z.nullable(z.string()),
  language: z.string(),
  direction: z.enum(['ltr', 'rtl']),
  region: regionView,
  text_version: z.string(),
  brand: brandView,
  action: actionView,
  screen,
  error: z.nullable(stepError),
  /** Where a redirected person goes back to, with `session_id` already in the query; null in a popup without one. */
  return_url: z.nullable(z.string()),
  /** The high tier: where the browser can't prove that the frame is unobscured, only the whole page will do. */
  full_page_if_unprovable: z.boolean(),
  deadline_at: epochMs,
  /** The server's clock when this view was made: countdowns use the difference, never the device's own clock. */
  server_now: epochMs,
  test: z.boolean(),
})
export type SessionView = z.infer<typeof sessionView>

/** What `POST /checkpoint/{action}` answers to JSON. A refused step is 200 with `view.error`, so the host's console stays silent. */
export const checkpointAnswer = z.strictObject({ view: sessionView })
