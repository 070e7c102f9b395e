import type { Hold } from './checkpoint-client.ts'
import type { Outcome } from './protected-action.ts'

/** What the bank says, in its own voice: calm, and always whether anything happened. */
export interface Words {
  heading: string
  body: string
}

/** By the code that verify gave, or by why the bank itself refused. */
const refusals: Record<string, Words> = {
  expired: {
    heading: 'Time ran out. Nothing was done.',
    body: 'Start again whenever you like. Nobody can hurry you.',
  },
  contact_broken: {
    heading: 'We stopped this. Nothing was done.',
    body: 'Somebody may be guiding you. Hang up, then call us from another phone, on the number on your card.',
  },
  stopped: {
    heading: 'Stopped. Nothing was done.',
    body: 'You can start again whenever you like. Nobody can hurry you.',
  },
  denied: {
    heading: 'Good that you checked. Nothing was done.',
    body: 'Correct what was different, then start again.',
  },
  blocked: {
    heading: 'We stopped this. Nothing was done.',
    body: 'Please speak with us before you start again. Call the number on your card.',
  },
  held: {
    heading: 'On hold. Nothing was done.',
    body: 'We stopped an earlier attempt, so we stopped this one too.',
  },
  code_failed: {
    heading: 'The code was wrong too often. Nothing was done.',
    body: 'Start again, and we send you a new one. Never read a code to anybody.',
  },
  delivery_failed: {
    heading: 'We could not deliver the code. Nothing was done.',
    body: 'Please try again later, or call us on the number on your card.',
  },
  unfinished: {
    heading: 'Not confirmed. Nothing was done.',
    body: 'You left the check before its end. If somebody told you to do this, hang up and call us from another phone.',
  },
  already_used: {
    heading: 'This was settled already.',
    body: 'A confirmation works once. Look at your account before you try again.',
  },
  action_mismatch: {
    heading: 'That is not what you confirmed. Nothing was done.',
    body: 'The confirmation was for something else. Please start again.',
  },
  insufficient_funds: {
    heading: 'Not enough money in the account. Nothing was sent.',
    body: 'Choose a smaller amount.',
  },
}

const somethingElse: Words = {
  heading: 'We could not confirm this. Nothing was done.',
  body: 'Please start again. If it happens twice, call us on the number on your card.',
}

export const unreachableWords: Words = {
  heading: 'We can’t check this right now. Nothing was sent.',
  body: 'Your money is where it was. Please try again in a few minutes.',
}

export const outcomeWords = (outcome: Outcome | null): Words => {
  switch (outcome?.status) {
    case 'executed':
      return { heading: 'Done.', body: `${outcome.receipt.text}.` }
    case 'blocked':
      return {
        heading: 'We stopped this. Nothing was done.',
        body: withHold('Somebody may be guiding you. Hang up, then read what to do next.', outcome.hold),
      }
    case 'refused': {
      const words = refusals[outcome.code] ?? somethingElse
      return { ...words, body: withHold(words.body, outcome.hold) }
    }
    case 'unreachable':
      return unreachableWords
    default:
      return {
        heading: 'Nothing has been sent yet.',
        body: 'One short check comes first. You can leave it at any time; then nothing happens.',
      }
  }
}

/**
 * When it can be started again, and who alone can make that earlier. It is never done by itself, so nothing here sounds as if
 * waiting did it. Some holds end by a call alone; a time would be a promise that isn't kept.
 */
const withHold = (body: string, hold: Hold | undefined): string => {
  if (hold === undefined) return body
  return hold.needs_release === true
    ? `${body} You can start it again after you have spoken with us.`
    : `${body} You can start it again after ${shortTime(hold.ends_at)}. Only we can end this earlier, after speaking with you.`
}

export const shortTime = (iso: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(new Date(iso))
