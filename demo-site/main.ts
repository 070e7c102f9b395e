import { openBank } from './open-bank.ts'
import { readBankSettings } from './settings.ts'

/** Starts the demo bank; tells whoever forked it where it is, or prints it when run by hand. */

const fail = (fault: unknown): never => {
  console.error(`bank: ${fault instanceof Error ? fault.message : String(fault)}`)
  process.exit(1)
}

const bank = await Promise.resolve()
  .then(() => openBank(readBankSettings()))
  .catch(fail)

const stop = () => {
  bank.close().then(() => process.exit(0), fail)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)

if (process.send) {
  // Without its supervisor the bank has no purpose: no orphan keeps the port.
  process.once('disconnect', stop)
  process.send({ type: 'ready', demo_url: bank.demoUrl, mailbox_url: bank.mailboxUrl })
} else {
  console.log(`The bank is open at ${bank.demoUrl}, its mailbox at ${bank.mailboxUrl}.`)
}
