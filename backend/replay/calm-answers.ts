import type { QuestionAnswer, QuestionId } from '#contract/question'

/** What a person answers who acts on their own, pays a new bill, and has nothing to hide. */
export const calmAnswers: Record<QuestionId, QuestionAnswer> = {
  coached: 'no',
  wallet_access: 'only_me',
  purpose: 'purchase',
  first_heard: 'bill',
  urgency: 'no',
  new_mailbox: 'only_me',
  recipient: 'only_me',
  who_asked: 'own_idea',
  installed: 'no',
}
