import type { AnswerTo, QuestionId, Wordings } from '#contract/question'

/**
 * English for the specific questions. The requirements of `screens.ts` hold. A heading says what is asked, never why: a
 * caller who hears it read aloud cannot tell which answer helps them.
 */
const silence = 'I would rather not say'

const asked: {
  readonly [Q in QuestionId]: {
    readonly headings: Wordings
    readonly answers: Readonly<Record<AnswerTo<Q>, string>>
  }
} = {
  coached: {
    headings: [
      'Did anyone tell you what to answer here?',
      'Did someone say that this page would come?',
      'Has anyone prepared you for these questions?',
    ],
    answers: { yes: 'Yes', no: 'No', not_sure: 'I’m not sure', rather_not: silence },
  },
  wallet_access: {
    headings: [
      'Who can open this wallet?',
      'Who set this wallet up?',
      'Who has the password of this wallet?',
    ],
    answers: {
      only_me: 'I alone',
      helper: 'Someone who helps me with it',
      not_sure: 'I’m not sure',
      rather_not: silence,
    },
  },
  purpose: {
    headings: [
      'What is this payment for?',
      'Which of these fits this payment?',
      'What describes this payment best?',
    ],
    answers: {
      keep_safe: 'My money is not safe where it is',
      investment: 'An investment',
      paid_before: 'Someone I have paid before',
      purchase: 'A new bill or purchase',
      family_friend: 'Family or a friend',
      other: 'Other, or I would rather not say',
    },
  },
  first_heard: {
    headings: [
      'How did you first hear of this payee?',
      'Where do you know this payee from?',
      'How did you come by this payee?',
    ],
    answers: {
      in_person: 'I know them in person',
      bill: 'From a bill or a contract',
      online: 'From a website, an app or a chat',
      caller: 'From someone who phoned me',
      rather_not: silence,
    },
  },
  urgency: {
    headings: [
      'Did anyone say that this must be today?',
      'Has someone asked you to hurry with this?',
      'Did someone say that this can’t wait?',
    ],
    answers: { yes: 'Yes', no: 'No', rather_not: silence },
  },
  new_mailbox: {
    headings: [
      'Who can open this new mailbox?',
      'Who made this new address?',
      'Who has the password of this mailbox?',
    ],
    answers: {
      only_me: 'I alone',
      helper: 'Someone who helps me with it',
      not_sure: 'I’m not sure',
      rather_not: silence,
    },
  },
  recipient: {
    headings: ['Who will get this copy?', 'Who is this copy for?', 'Who asked for this copy?'],
    answers: {
      only_me: 'I alone',
      known_person: 'Someone I know, or a colleague',
      caller: 'Someone who contacted me',
      rather_not: silence,
    },
  },
  who_asked: {
    headings: ['Who asked you to do this?', 'Whose idea was this?', 'Who wanted this done?'],
    answers: {
      own_idea: 'It is my own idea',
      known_person: 'Someone I know, or a colleague',
      caller: 'Someone who contacted me',
      authority: 'Your support, or the police',
      rather_not: silence,
    },
  },
  installed: {
    headings: [
      'Did anyone ask you to install an app?',
      'Have you installed something because someone asked?',
      'Did someone have you add an app for this?',
    ],
    answers: { yes: 'Yes', no: 'No', not_sure: 'I’m not sure', rather_not: silence },
  },
}

export const questions = {
  progress: (number: number, total: number) => `Question ${number} of ${total}`,
  asked,
}
