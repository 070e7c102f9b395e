import { accountNumber } from '../bank/account-number.ts'
import type { PersonId } from '../bank/people.ts'
import { nobodyCalling } from '../caller.ts'
import { type Story, spoken } from './story.ts'

/** Nearly all that there is: what a caller asks for who has had the balance read out. */
const amounts: Record<PersonId, string> = {
  ana: '9,800.00',
  ben: '2,200.00',
  cora: '8,200.00',
  dan: '9,800.00',
}

/** A stranger says that the money is in danger, and names an account where it is safe: theirs. */
export const safeAccount: Story = {
  id: 'safe_account',
  title: 'The safe account',
  gist: 'A polite voice “from the bank” asks you to move your money to safety.',
  facts: { ...nobodyCalling, call_active: true },
  ends: {
    ana: 'asked_never_sent',
    ben: 'asked_never_sent',
    cora: 'stopped_at_once',
    dan: 'stopped_at_once',
  },
  because: {
    cora: 'A call, a new payee, nearly all her money, and from an airport abroad: that is too much together.',
    dan: 'A call, a new payee, nearly all his money, and a device nobody knows: that is too much together.',
  },
  begin: ({ person, mark }) => ({
    lines: [
      {
        who: 'caller',
        says: 'Good afternoon, Harbour Bank, fraud department. Someone is emptying your account right now.',
      },
      { who: 'you', says: 'What? What should I do?' },
      {
        who: 'caller',
        says: `We opened a safe account in your name. Please don’t hang up. Choose “someone new”, type what I read to you, and move ${spoken(amounts[person.id])} there.`,
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
      account: accountNumber('GB BUKB20########5555', mark),
      country: 'GB',
      amount: amounts[person.id],
    },
  }),
  next: {
    title: 'The caller tries again',
    expect:
      'The checkpoint remembers the answer: another name and less money land in the same hold. Only the bank can end it earlier, after speaking with the customer.',
    begin: ({ mark }) => ({
      lines: [
        {
          who: 'caller',
          says: 'It stopped you? That is our system again. Send 400 to my colleague instead, that is below the limit.',
        },
      ],
      prefill: {
        page: 'transfer',
        payee: 'new',
        name: 'Anna Brown',
        account: accountNumber('GB BUKB21########7300', mark),
        country: 'GB',
        amount: '400.00',
      },
    }),
  },
}
