import type { Story } from './story.ts'

/** A stranger has talked the person into sharing screen and mouse. */
export const helpdesk: Story = {
  id: 'helpdesk',
  title: 'The helpful technician',
  gist: 'Someone “repairs” your computer, sees your screen, and wants your e-mail changed.',
  facts: { call_active: true, remote_access: true, screen_shared: true, payee_name_match: 'unknown' },
  ends: {
    ana: 'stopped_at_once',
    ben: 'stopped_at_once',
    cora: 'stopped_at_once',
    dan: 'stopped_at_once',
  },
  begin: () => ({
    lines: [
      { who: 'caller', says: 'I can see your screen now, thank you. There is the virus, just as I said.' },
      {
        who: 'caller',
        says: 'Your e-mail is infected as well. We move you to a clean address first. I type it, you press the button.',
      },
      { who: 'you', says: 'And this is from the bank?' },
      { who: 'caller', says: 'We work with every bank. Quickly, before it spreads.' },
    ],
    prefill: { page: 'settings', email: 'secure-desk@example.org' },
  }),
}
