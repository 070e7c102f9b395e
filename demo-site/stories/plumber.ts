import { accountNumber } from '../bank/account-number.ts'
import type { PersonId } from '../bank/people.ts'
import { nobodyCalling } from '../caller.ts'
import { type Story, spoken } from './story.ts'

/** What the invoice says: a small repair, or a new boiler for somebody who pays rent and more by hand. */
const amounts: Record<PersonId, string> = { ana: '2400.00', ben: '320.00', cora: '180.00', dan: '320.00' }

/** An honest payment to somebody new. */
export const plumber: Story = {
  id: 'plumber',
  title: 'Nobody is calling: a plumber',
  gist: 'An honest payment to somebody new. A moment, not an ordeal.',
  facts: { ...nobodyCalling, payee_name_match: 'match' },
  ends: { ana: 'one_click', ben: 'one_click', cora: 'one_click', dan: 'click_and_code' },
  because: {
    dan: 'The code is for him alone: his address is new, and so is this device. It goes to his old address.',
  },
  begin: ({ mark, person }) => ({
    lines: [
      {
        who: 'you',
        says: `The water is warm again, the invoice is on the table: ${spoken(amounts[person.id])} euros. I’ve never paid her before.`,
      },
    ],
    prefill: {
      page: 'transfer',
      payee: 'new',
      name: 'Ines Moreno',
      account: accountNumber('ES 00491500########7892', mark),
      country: 'ES',
      amount: amounts[person.id],
    },
  }),
}
