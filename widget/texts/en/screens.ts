import type { StepError } from '#contract/step'
import { actionLine, nothingHappened, startAgain, stop } from './actions.ts'
import { code } from './grammar.ts'
import { confirmAction } from './steps/confirm-action.ts'
import { emailCode } from './steps/email-code.ts'
import { intent } from './steps/intent.ts'
import { pause } from './steps/pause.ts'
import { questions } from './steps/questions.ts'

/**
 * English. Requirements: reading age about 12; headings of at most nine words; no exclamation marks, no capitals, no blame.
 * A caller who hears a screen read aloud learns nothing useful. Raise the version with every change.
 */

const error: Record<StepError, string> = {
  out_of_sequence: 'This step was already answered. Here is where you are now.',
  ...pause.errors,
  ...emailCode.errors,
}

export const screens = {
  language: code,
  version: 'en-9',
  test: 'Test',
  summaryLabel: 'You are about to',
  actionLine,
  stop,
  error,

  steps: {
    intent,
    confirm_action: confirmAction,
    questions,
    pause,
    email_code: emailCode,
  },

  breakContact: {
    nothingHappened,
    lead: {
      answered_yes: 'You did well to say so. Break off contact first.',
      answered_not_sure: 'Not being sure is a good reason to stop.',
      contradicted: 'We could not be certain that you are free to decide.',
      held: 'An earlier attempt was stopped, so we stopped this one too.',
      blocked: 'We stopped this to protect you. Please speak with us before you start again.',
      stop_sharing: 'While others can see or move your screen, they may be steering.',
      abandoned: 'This was started and left several times, so we stopped it for now.',
    },
    steps: {
      hangUp: 'Hang up, or close the chat. You owe nobody an explanation.',
      stopSharing: 'Stop sharing your screen.',
      callBack: 'To check that it was us, use another phone:',
      cardNumber: 'the number on the back of your card',
      knownNumber: 'a number that you already have for us',
      or: ', or',
      reference: 'Give them the reference below. We will never phone you and quote it.',
      comeBack: 'When the time below has passed, you can start again.',
    },
    referenceLabel: 'Your reference',
    startAgain,
    after: 'after',
    onlyEarlier: (company: string) => `Only ${company} can end this earlier, after speaking with you.`,
    afterSpeaking: (company: string) => `after ${company} has spoken with you`,
    onlyUs: 'Nobody else can end this.',
    reportSummary: 'Tell us what happened (optional)',
    reportLabel: 'What were you told, and by whom?',
    reportSubmit: 'Send to us',
    reported: 'Thank you. We have your report.',
    print: 'Print this page',
  },

  allowed: {
    heading: 'Thank you. You can go on.',
    summaryLabel: 'What you confirmed',
    explanation: (company: string) => `${company} does the rest.`,
    done: 'You can close this window.',
    goOn: (company: string) => `Go on to ${company}`,
    undoQuestion: 'Was it not your own idea after all?',
    undo: 'Wait, someone is guiding me',
    tooLate: 'This can’t be taken back here any more.',
    callNow: 'Then call us now:',
    close: 'Go on',
  },

  ended: {
    heading: {
      denied: 'Good that you checked.',
      code_failed: 'That was the last try.',
      delivery_failed: 'We could not deliver the code.',
      contact_missing: 'We have no address for a code.',
      cancelled: 'You have stopped this.',
      expired: 'Time ran out.',
      sent_instead: 'This was sent already.',
    },
    next: {
      denied: (company: string) => `Go back to ${company} and correct it.`,
      code_failed: (company: string) => `Go back to ${company} to start again.`,
      delivery_failed: (company: string) => `Go back to ${company} and try again later.`,
      contact_missing: (company: string) => `Ask ${company} to add an address, then start again.`,
      cancelled: (company: string) => `Go back to ${company} when you like.`,
      expired: (company: string) => `Go back to ${company} to start again.`,
      sent_instead: (company: string) =>
        `It went out once, from another window. Go back to ${company} to see it.`,
    },
    back: (company: string) => `Back to ${company}`,
    call: 'If you need us, call',
  },

  frame: {
    working: 'Sending your answer.',
    stillWorking: 'This takes longer than usual. You can wait, or try again.',
    unreachable: (company: string) => `We can’t reach ${company}’s check right now. Nothing is lost.`,
    tooMany: 'Too many tries just now. Wait a minute, then try again.',
    close: 'Close',
    tryAgain: 'Try again',
    fullPage: 'Open it as a full page',
    covered: 'Something may be covering this window, so the click did not count.',
    unprovable: 'For this one, please use the full page.',
    unprovableWhy: 'There, nothing can lie on top of it.',
    needsScript: 'This window needs JavaScript.',
  },

  trouble: {
    heading: 'We can’t check this right now.',
    safe: 'Nothing has been done.',
    later: 'Wait a minute, go back and try again. No answer of yours is lost.',
    tooMany: 'There were too many tries just now. Wait a minute, go back and try again.',
  },

  missing: {
    heading: 'This link does not work.',
    explanation: 'It may be old, or a part of it is missing. Go back to where you started and try again.',
    safe: 'Nothing has been done.',
  },
}
