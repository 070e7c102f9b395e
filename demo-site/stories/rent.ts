import { accountNumber } from '../bank/account-number.ts'
import type { Customer } from '../bank/customer.ts'
import { formatMinorUnits } from '../bank/money.ts'
import { nobodyCalling } from '../caller.ts'
import type { Part, Story } from './story.ts'

/** The ordinary day. Whoever has a landlord pays them what they always pay; Ben pays his for the first time. */
export const rent: Story = {
  id: 'rent',
  title: 'Nobody is calling: the rent',
  gist: 'What happens on an ordinary day: nothing gets in the way of what you always do.',
  facts: { ...nobodyCalling, payee_name_match: 'match' },
  ends: { ana: 'nothing_asked', ben: 'one_click', cora: 'nothing_asked', dan: 'nothing_asked' },
  because: { ben: 'It is his first rent from this account: next to nothing is known of him yet.' },
  begin: (customer) => (customer.habits.length === 0 ? firstRent(customer) : rentAsEver(customer)),
}

const rentAsEver = ({ habits }: Customer): Part => ({
  lines: [{ who: 'you', says: 'First of the month. Same landlord, same amount as ever.' }],
  prefill: { page: 'transfer', payee: 'first', amount: formatMinorUnits(habits[0]?.amount ?? 0) },
})

const firstRent = ({ mark }: Customer): Part => ({
  lines: [{ who: 'you', says: 'My first rent from the new account: 450 to the landlady.' }],
  prefill: {
    page: 'transfer',
    payee: 'new',
    name: 'Maya Shah',
    account: accountNumber('GB NORT30########4021', mark),
    country: 'GB',
    amount: '450.00',
  },
})
