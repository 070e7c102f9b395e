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

export type Line = { who: 'caller' | 'you'; says: string }

/** What fills the bank's form when the visitor plays along. */
export type Prefill =
  | { page: 'transfer'; payee: 'new'; name: string; account: string; country: string; amount: string }
  | { page: 'transfer'; payee: 'first'; amount: string }
  | { page: 'settings'; email: string }

export interface Scenario {
  id: string
  title: string
  gist: string
  facts: CallerFacts
  lines: Line[]
  prefill: Prefill
}

const safeAccount: Scenario = {
  id: 'safe_account',
  title: 'The safe account',
  gist: 'A polite voice “from the bank” asks you to move your money to safety.',
  facts: { ...nobodyCalling, call_active: true },
  lines: [
    {
      who: 'caller',
      says: 'Good afternoon, Harbour Bank, fraud department. Someone is emptying your account right now.',
    },
    { who: 'you', says: 'What? What should I do?' },
    {
      who: 'caller',
      says: 'We opened a safe account in your name. Please don’t hang up. Choose “someone new” and type what I read to you.',
    },
    {
      who: 'caller',
      says: 'If the screen asks whether anybody is on the phone, say no. That question only confuses our system.',
    },
  ],
  prefill: {
    page: 'transfer',
    payee: 'new',
    name: 'J. Smith',
    account: 'GB33BUKB20201555555555',
    country: 'GB',
    amount: '9,800.00',
  },
}

const helpdesk: Scenario = {
  id: 'helpdesk',
  title: 'The helpful technician',
  gist: 'Someone “repairs” your computer, sees your screen, and wants your e-mail changed.',
  facts: { call_active: true, remote_access: true, screen_shared: true, payee_name_match: 'unknown' },
  lines: [
    { who: 'caller', says: 'I can see your screen now, thank you. There is the virus, just as I said.' },
    {
      who: 'caller',
      says: 'Your e-mail is infected as well. We move you to a clean address first. I type it, you press the button.',
    },
    { who: 'you', says: 'And this is from the bank?' },
    { who: 'caller', says: 'We work with every bank. Quickly, before it spreads.' },
  ],
  prefill: { page: 'settings', email: 'secure-desk@example.org' },
}

const plumber: Scenario = {
  id: 'plumber',
  title: 'Nobody is calling: a plumber',
  gist: 'An honest payment to somebody new. A click, at most a code; not an ordeal.',
  facts: { ...nobodyCalling, payee_name_match: 'match' },
  lines: [
    {
      who: 'you',
      says: 'The tap is mended, the invoice is on the table: 320 euros. I’ve never paid her before.',
    },
  ],
  prefill: {
    page: 'transfer',
    payee: 'new',
    name: 'Ines Moreno',
    account: 'ES6000491500051234567892',
    country: 'ES',
    amount: '320.00',
  },
}

const rent: Scenario = {
  id: 'rent',
  title: 'Nobody is calling: the rent',
  gist: 'What happens on an ordinary day: nothing at all gets in the way.',
  facts: { ...nobodyCalling, payee_name_match: 'match' },
  lines: [{ who: 'you', says: 'First of the month. Same landlord, same amount as ever.' }],
  prefill: { page: 'transfer', payee: 'first', amount: '480.00' },
}

export const scenarios: readonly Scenario[] = [safeAccount, helpdesk, plumber, rent]

/** Whether a story typed this payee for the visitor: how long the form was in sight then says nothing about typing. */
export const isTypedByStory = (scenarioId: string | null, account: string): boolean => {
  const filled = scenarioId === null ? undefined : scenarioById(scenarioId)?.prefill
  return filled?.page === 'transfer' && filled.payee === 'new' && filled.account === account
}

export const scenarioById = (id: string): Scenario | undefined => scenarios.find((item) => item.id === id)
