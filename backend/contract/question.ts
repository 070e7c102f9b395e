import * as z from 'zod/mini'

/**
 * The questions that a checkpoint may ask beyond the first, and what may be answered. Ids alone: their sentences are
 * texts, what they mean is the session's. Stored sessions name them, so none is ever taken away or given another sense; a
 * question that is not asked any more stays here.
 */

/** Most specific first: of the questions that fit, the first are asked. */
export const questionId = z.enum([
  'coached',
  'wallet_access',
  'purpose',
  'first_heard',
  'urgency',
  'new_mailbox',
  'recipient',
  'who_asked',
  'installed',
])
export type QuestionId = z.infer<typeof questionId>

export const questionAnswer = z.enum([
  'yes',
  'no',
  'not_sure',
  'rather_not',
  'keep_safe',
  'investment',
  'paid_before',
  'purchase',
  'family_friend',
  'other',
  'in_person',
  'bill',
  'online',
  'caller',
  'only_me',
  'helper',
  'own_idea',
  'authority',
  'known_person',
])
export type QuestionAnswer = z.infer<typeof questionAnswer>

/** What each question takes for an answer. Each has a way to say nothing: `rather_not`, or `other`. */
export const questionOptions = {
  coached: ['yes', 'no', 'not_sure', 'rather_not'],
  wallet_access: ['only_me', 'helper', 'not_sure', 'rather_not'],
  purpose: ['keep_safe', 'investment', 'paid_before', 'purchase', 'family_friend', 'other'],
  first_heard: ['in_person', 'bill', 'online', 'caller', 'rather_not'],
  urgency: ['yes', 'no', 'rather_not'],
  new_mailbox: ['only_me', 'helper', 'not_sure', 'rather_not'],
  recipient: ['only_me', 'known_person', 'caller', 'rather_not'],
  who_asked: ['own_idea', 'known_person', 'caller', 'authority', 'rather_not'],
  installed: ['yes', 'no', 'not_sure', 'rather_not'],
} as const satisfies Record<QuestionId, readonly QuestionAnswer[]>
export type AnswerTo<Q extends QuestionId> = (typeof questionOptions)[Q][number]

/**
 * Every question has this many wordings in every language, as many as the first question, so that a session that follows
 * one which was left behind shows each of them in other words.
 */
export const wordingsEach = 3
export type Wordings = readonly [string, string, string]
