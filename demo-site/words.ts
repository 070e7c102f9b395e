import type { RiskyAction } from './bank/ledger.ts'
import type { Hold } from './checkpoint-client.ts'
import type { Outcome } from './protected-action.ts'

/** What the bank says, in its own voice: calm, and always whether anything happened. */
export interface Words {
  heading: string
  body: string
}

/** What did not happen, in the action's own words. */
const nothingDone: Record<RiskyAction['kind'], string> = {
  transfer: 'Nothing was sent.',
  change_email: 'Nothing was changed.',
  export_data: 'Nothing was exported.',
}

/** By the code that verify gave, or by why the bank itself refused. The heading is followed by what did not happen. */
const refusals: Record<string, Words> = {
  contact_broken: {
    heading: 'We stopped this.',
    body: 'Somebody may be guiding you. Hang up, then read what to do next.',
  },
  blocked: {
    heading: 'We stopped this.',
    body: 'Please speak with us before you start again. Call the number on your card.',
  },
  stopped: {
    heading: 'Stopped.',
    body: 'You can start again whenever you like. Nobody can hurry you.',
  },
  denied: {
    heading: 'Good that you checked.',
    body: 'Correct what was different, then start again.',
  },
  unfinished: {
    heading: 'Not confirmed.',
    body: 'You left the check before its end. If somebody told you to do this, hang up and call us from another phone.',
  },
  expired: {
    heading: 'Time ran out.',
    body: 'Start again whenever you like. Nobody can hurry you.',
  },
  code_failed: {
    heading: 'The code was wrong too often.',
    body: 'Start again, and we send you a new one. Never read a code to anybody.',
  },
  delivery_failed: {
    heading: 'We could not deliver the code.',
    body: 'Please try again later, or call us on the number on your card.',
  },
  held: {
    heading: 'On hold.',
    body: 'We stopped an earlier attempt, so we stopped this one too.',
  },
  revoked: {
    heading: 'Not a second time.',
    body: 'The same payment went out a moment ago. To send it again, please start a new one.',
  },
  action_mismatch: {
    heading: 'That is not what you confirmed.',
    body: 'The confirmation was for something else. Please start again.',
  },
  insufficient_funds: {
    heading: 'There is not enough money in the account.',
    body: 'Choose a smaller amount.',
  },
}

const somethingElse: Words = {
  heading: 'We could not confirm this.',
  body: 'Please start again. If it happens twice, call us on the number on your card.',
}

/** The one refusal after which something did happen: it was carried out before. */
const settledAlready: Words = {
  heading: 'This was settled already.',
  body: 'A confirmation works once. Look at your account before you try again.',
}

/** Where an action stands, in words. */
export const outcomeWords = (outcome: Outcome | null, { kind }: RiskyAction): Words => {
  const stopped = ({ heading, body }: Words, hold?: Hold): Words => ({
    heading: `${heading} ${nothingDone[kind]}`,
    body: withHold(body, hold),
  })
  switch (outcome?.status) {
    case 'executed':
      return { heading: 'Done.', body: `${outcome.receipt.text}.` }
    case 'blocked':
      return stopped(
        {
          heading: 'We stopped this.',
          body: 'Somebody may be guiding you. Hang up, then read what to do next.',
        },
        outcome.hold,
      )
    case 'refused':
      return outcome.code === 'already_used'
        ? settledAlready
        : stopped(refusals[outcome.code] ?? somethingElse, outcome.hold)
    case 'unreachable':
      return stopped({
        heading: 'We can’t check this right now.',
        body: 'Everything is as it was. Please try again in a few minutes.',
      })
    default:
      return stopped({
        heading: 'One short check comes first.',
        body: 'You can leave it at any time; then nothing happens.',
      })
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

/** By the clock of the bank's own home, as on the check's page. */
const shortTime = (iso: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Europe/London',
    timeZoneName: 'short',
  }).format(new Date(iso))
