import { randomUUID } from 'node:crypto'
import { type OpenBank, openBank } from '../../demo-site/open-bank.ts'
import { Browser } from './browser.ts'
import { FakeApi } from './fake-api.ts'

export const secretKey = 'ase_test_secret0123456789'

export interface Opened {
  api: FakeApi
  bank: OpenBank
  browser(): Browser
  close(): Promise<void>
}

/** A bank on free ports in front of a fake API; without a key for histories, so that it only asks. */
export const openedBank = async (): Promise<Opened> => {
  const api = await new FakeApi().listen()
  const bank = await openBank({ ASE_API_URL: api.url, ASE_SECRET_KEY: secretKey, DEMO_PORT: 0, SMTP_PORT: 0 })
  return {
    api,
    bank,
    browser: () => new Browser(bank.demoUrl),
    close: async () => {
      await bank.close()
      await api.close()
    },
  }
}

/** A filled-in transfer form to somebody new; every call is a form of its own. */
export const newPayeeForm = (amount = '9,800.00') => ({
  submission: randomUUID(),
  payee: 'new',
  name: 'J. Smith',
  account: 'GB33 BUKB 2020 1555 5555 55',
  country: 'GB',
  amount,
})
