import type { CanonicalPayee } from '#contract/normalised-event'
import { foldAccount } from './canonical.ts'
import { domesticAccount } from './iban.ts'
import { asItLooks } from './look-alikes.ts'

/** What a payee is known by, and how much that proves. */
export type PayeeIdentity = {
  /** `account`: where the money goes. `id`, `name`: what the site or the person calls it. */
  by: 'account' | 'id' | 'name'
  /** The text that keys are digests of. */
  text: string
}

/** A number with its middle hidden is many people's number. */
const masked = /[*•●▪·…#]|X{3,}-?[0-9]/u

/**
 * Who is paid, for memory: the account where there is one, because that is where the money goes. Ids and names are
 * labels that a coached person or an intruder can make again in a minute; the same account under another of them is
 * the same payee, and an old id with a new account (the edited invoice) is a new one.
 *
 * Accounts are compared without case, in whatever form they are written: an IBAN and the whole domestic number of its
 * country are one. Nobody comes back as somebody new by another case of a handle, of a bech32 or of a hexadecimal wallet;
 * and where case tells accounts apart (base58) nobody can find a second one that differs by nothing else. Beyond that
 * the country stays out: it is often left away, and leaving it away must not make somebody new. Names are compared as
 * they look.
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

/** Addresses of Bitcoin, Litecoin, Ethereum and its kin, and Tron, in capitals: a wallet is nobody's landlord. */
const wallet = /^(BC1|TB1|LTC1)[A-Z0-9]{20,}$|^0X[0-9A-F]{40}$|^[13LMT][1-9A-HJ-NP-Z]{25,34}$/

/**
 * Whether a long-known payee may be paid while a hold is open, as far as it can be told who that is. Only an account
 * says where money goes: a site's id outlives the edit of the account behind it, and a name is anybody's. A wallet is
 * never exempt: nothing that reached one comes back.
 */
export const mayBeExempt = (payee: CanonicalPayee | null): boolean =>
  payeeIdentity(payee)?.by === 'account' && !wallet.test(foldAccount(payee?.account ?? ''))
