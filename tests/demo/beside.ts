import { type OpenBank, openBank } from '../../demo-site/open-bank.ts'
import { openOrganisation, openWorld, type World } from '../support/world.ts'
import { Browser } from './browser.ts'

/** The demo bank beside a backend that is real, in one process, with a history key of its own. */
export interface Beside {
  world: World
  org: { id: string; key: string }
  bank: OpenBank
  browser: () => Browser
  close: () => Promise<void>
}

/** The bank goes by the clock on the wall; a backend that judges what it sends has to, too. */
const wallClock = () => {
  let ahead = 0
  return {
    get now() {
      return Date.now() + ahead
    },
    set now(wanted: number) {
      ahead = wanted - Date.now()
    },
  }
}

export const bankBesideBackend = async (): Promise<Beside> => {
  const world = await openWorld({ clock: wallClock() })
  const org = await openOrganisation(world, { return_urls: ['http://localhost/'] }, 'test')
  const bank = await openBank({
    ASE_API_URL: world.url,
    ASE_SECRET_KEY: org.key,
    ASE_HISTORY_KEY: org.key,
    DEMO_PORT: 0,
    SMTP_PORT: 0,
  })
  // The bank's port is known only now; its way back has to be a registered one.
  await openOrganisation(world, { _id: org.id, return_urls: [`${bank.demoUrl}/`] }, 'test')
  return {
    world,
    org,
    bank,
    browser: () => new Browser(bank.demoUrl),
    close: async () => {
      await bank.close()
      await world.close()
    },
  }
}
