import { actionFamily } from '#contract/outcome'
import type { AnswerTo, QuestionAnswer, QuestionId } from '#contract/question'
import {
  type AskedWhen,
  breaks,
  claims,
  eases,
  fitsScam,
  guided,
  type Meaning,
  plain,
  withheld,
} from './meaning.ts'

/**
 * What each answer means as evidence, as data. A change of meaning is a new version: stored sessions name the one that
 * they were asked from.
 *
 * An answer never proves anything: people are coached, and they lie. So most of them weigh little, none lowers the score
 * by more than a few points, and what counts is whether it can stand beside what else was said and seen.
 */
export const questionSetVersion = 'questions-1'

/** The most that all answers of the step add together, and the most that they take away. */
export const mostAdded = 20
export const mostEased = 5
/** What a contradiction adds. */
export const contradictionPoints = 15

const everyFamily = actionFamily.options
const always = { families: everyFamily, wordings: null, needs: [] } as const
const money = (...needs: AskedWhen['needs']): AskedWhen => ({
  families: ['money_out'],
  wordings: null,
  needs,
})

type Asked<Q extends QuestionId> = { when: AskedWhen; means: Record<AnswerTo<Q>, Meaning> }

export const questionSet: { readonly [Q in QuestionId]: Asked<Q> } = {
  coached: {
    when: always,
    means: {
      yes: breaks('ANSWER_TOLD_WHAT_TO_SAY', 'Said that somebody told them what to answer.'),
      no: eases(2, 'Said that nobody told them what to answer.'),
      not_sure: {
        ...breaks('ANSWER_TOLD_WHAT_TO_SAY', 'Was not sure whether somebody told them what to answer.'),
        breaks: 'answered_not_sure',
      },
      rather_not: withheld,
    },
  },
  wallet_access: {
    when: money('wallet'),
    means: {
      only_me: plain('Said that nobody else can open the wallet.'),
      helper: guided(10, 'Said that somebody helps them with the wallet.'),
      not_sure: fitsScam(6, 'Was not sure who can open the wallet.'),
      rather_not: withheld,
    },
  },
  purpose: {
    when: money('payee', 'amount'),
    means: {
      keep_safe: breaks('ANSWER_SAFE_ACCOUNT', 'Said that their money is not safe where it is.'),
      investment: fitsScam(8, 'Said that it is an investment.'),
      paid_before: claims('paid_before', 'Said that they paid this payee before.'),
      purchase: plain('Said that it is a new bill or purchase.'),
      family_friend: claims('known_person', 'Said that it is for family or a friend.'),
      other: withheld,
    },
  },
  first_heard: {
    when: money('payee', 'payee_not_known'),
    means: {
      in_person: { ...eases(2, 'Said that they know the payee in person.'), claims: 'known_person' },
      bill: plain('Said that the payee stands on a bill or a contract.'),
      online: { ...fitsScam(6, 'Said that they met the payee online.'), denies: ['known_person'] },
      caller: guided(10, 'Said that somebody phoned them about the payee.'),
      rather_not: withheld,
    },
  },
  urgency: {
    when: money('amount_high'),
    means: {
      yes: fitsScam(8, 'Said that somebody told them to hurry.'),
      no: plain('Said that nobody told them to hurry.'),
      rather_not: withheld,
    },
  },
  new_mailbox: {
    when: { families: ['credentials'], wordings: ['change_email'], needs: [] },
    means: {
      only_me: plain('Said that nobody else can read the new mailbox.'),
      helper: guided(10, 'Said that somebody else can read the new mailbox.'),
      not_sure: fitsScam(6, 'Was not sure who can read the new mailbox.'),
      rather_not: withheld,
    },
  },
  recipient: {
    when: { families: ['data'], wordings: ['export_data'], needs: [] },
    means: {
      only_me: plain('Said that the copy is for themselves.'),
      known_person: plain('Said that the copy is for somebody whom they know.'),
      caller: guided(10, 'Said that the copy is for somebody who contacted them.'),
      rather_not: withheld,
    },
  },
  who_asked: {
    when: { families: everyFamily, wordings: null, needs: ['no_payee'] },
    means: {
      own_idea: claims('own_idea', 'Said that nobody asked them to do it.'),
      known_person: plain('Said that somebody whom they know asked them to do it.'),
      caller: guided(10, 'Said that somebody who contacted them asked them to do it.'),
      authority: breaks('ANSWER_ASKED_BY_AUTHORITY', 'Said that support or the police asked them to do it.'),
      rather_not: withheld,
    },
  },
  installed: {
    when: { families: ['credentials', 'data', 'admin', 'other'], wordings: null, needs: [] },
    means: {
      yes: guided(10, 'Said that somebody asked them to install an app.'),
      no: plain('Said that nobody asked them to install an app.'),
      not_sure: fitsScam(4, 'Was not sure whether somebody asked them to install an app.'),
      rather_not: withheld,
    },
  },
}

/** What an answer means, or null when the question does not take it. */
export const meaningOf = (question: QuestionId, answer: QuestionAnswer): Meaning | null => {
  const means: Partial<Record<QuestionAnswer, Meaning>> = questionSet[question].means
  return means[answer] ?? null
}
