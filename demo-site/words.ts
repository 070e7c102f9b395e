import type { Outcome } from './protected-action.ts'

/** What the bank says, in its own voice: calm, and always whether anything happened. */
export interface Words {
  heading: string
  body: string
}

const refusals: Record<string, Words> = {
  expired: {
    heading: 'Time ran out. Nothing was done.',
    body: 'Start again whenever you like. Nobody can hurry you.',
  },
  not_allowed: {
    heading: 'Not confirmed. Nothing was done.',
    body: 'The check ended without a yes. If somebody told you to do this, hang up and call us from another phone.',
  },
  held: {
    heading: 'On hold. Nothing was done.',
    body: 'This is waiting on purpose. Nobody can speed it up, whatever they say.',
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
        heading: 'We stopped this. Nothing was sent.',
        body: outcome.hold
          ? `It looks as if somebody may be guiding you. It stays on hold until ${holdEnd(outcome.hold)}`
          : 'It looks as if somebody may be guiding you. Hang up, then read what to do next.',
      }
    case 'refused':
      return refusals[outcome.code] ?? somethingElse
    case 'unreachable':
      return unreachableWords
    default:
      return {
        heading: 'Nothing has been sent yet.',
        body: 'One short check comes first. You can leave it at any time; then nothing happens.',
      }
  }
}

/** Some holds end by a call alone; a time would be a promise that isn't kept. */
const holdEnd = (hold: { ends_at: string; needs_release?: boolean | undefined }): string =>
  hold.needs_release === true
    ? 'we have spoken to you.'
    : `${shortTime(hold.ends_at)}; nobody can speed it up.`

export const shortTime = (iso: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(new Date(iso))
