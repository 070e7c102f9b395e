import type { CanonicalPayee } from '#contract/normalised-event'
import { foldAccount } from './canonical.ts'
import { domesticAccount } from './iban.ts'
import { asItLooks } from './look-alikes.ts'

/** What a payee is recognised by. */
export type PayeeIdentity = {
  /** `account`: where the money goes. `id`, `name`: what the site or the person calls it. */
  by: 'account' | 'id' | 'name'
  /** The text that keys are digests of. */
  text: string
}

/** A number whose middle is hidden fits many people's accounts. */
const masked = /[*•●▪·…#]|X{3,}-?[0-9]/u

/**
 * Who is paid, for memory: the account if there is one, because that is where the money goes. A coached person or an
 * intruder can make a new id or name in a minute. So the same account under another name is the same payee, and an old id
 * with a new account (an edited invoice) is a new payee.
 *
 * Accounts are compared without case, and an IBAN equals the whole domestic number of its country. Writing a handle, a
 * bech32 or a hexadecimal wallet in another case makes no new payee; in base58, where case matters, nobody can find a second
 * account that differs in case alone. The country does not count otherwise: it is often missing, and a missing country must
 * not make a new payee. Names are compared as they look.
 */
export const payeeIdentity = (payee: CanonicalPayee | null): PayeeIdentity | null => {
  if (payee === null) return null
  const { id, name, country } = payee
  const account = payee.account === null ? null : foldAccount(payee.account)
  const domestic = account === null ? null : domesticAccount(account, country)
  if (domestic !== null) return { by: 'account', text: `account:${domestic.country}:${domestic.number}` }
  if (account !== null && !masked.test(account)) return { by: 'account', text: `account:${account}` }
  if (id !== null) return { by: 'id', text: `id:${id}` }
  if (name !== null) return { by: 'name', text: `name:${asItLooks(name) || name}` }
  return account === null ? null : { by: 'name', text: `masked:${account}` }
}

/** Addresses of Bitcoin, Litecoin, Ethereum and compatible chains, and Tron, in capitals. */
const wallet = /^(BC1|TB1|LTC1)[A-Z0-9]{20,}$|^0X[0-9A-F]{40}$|^[13LMT][1-9A-HJ-NP-Z]{25,34}$/

/**
 * Whether a long-known payee can be exempt from a hold. Only a payee with an account can: a site's id stays when the account
 * behind it is edited, and anybody can use a name. A wallet is never exempt, because no payment to it can be taken back.
 */
export const mayBeExempt = (payee: CanonicalPayee | null): boolean =>
  payeeIdentity(payee)?.by === 'account' && !wallet.test(foldAccount(payee?.account ?? ''))
