import * as z from 'zod/mini'
import { eventually } from './eventually.ts'
import type { Started } from './system.ts'

const mails = z.array(
  z.object({ to: z.string(), subject: z.string(), text: z.string(), received_at: z.string() }),
)
export type Mail = z.infer<typeof mails>[number]

/** Everything that arrived for an address, newest first. */
export const mailsTo = async ({ mailbox_url }: Started, address: string): Promise<Mail[]> => {
  const response = await fetch(`${mailbox_url}/messages.json`)
  return mails.parse(await response.json()).filter(({ to }) => to === address)
}

/** Waits until that many messages have arrived for the address. */
export const mailsArrived = (started: Started, address: string, count = 1): Promise<Mail[]> =>
  eventually(async () => {
    const mails = await mailsTo(started, address)
    if (mails.length !== count) throw new Error(`${mails.length} of ${count} mails to ${address}`)
    return mails
  })

const codePattern = /(\d{3}) (\d{3})\b/

const codeIn = ({ text }: Mail): string => {
  const found = codePattern.exec(text)
  if (found === null) throw new Error(`no code in: ${text}`)
  return `${found[1]}${found[2]}`
}

/** The code in the newest of `count` messages, as digits without the space. */
export const codeFor = async (started: Started, address: string, count = 1): Promise<string> => {
  const [newest] = await mailsArrived(started, address, count)
  if (newest === undefined) throw new Error(`no mail to ${address}`)
  return codeIn(newest)
}
