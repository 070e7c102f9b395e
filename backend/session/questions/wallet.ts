import type { NormalisedEvent } from '#contract/normalised-event'

/** Addresses of the common chains: Ethereum and its kin, Bitcoin (base58 and bech32), Tron. */
const walletAddress =
  /^(?:0x[0-9a-f]{40}|bc1[02-9ac-hj-np-z]{11,71}|[13][1-9a-km-z]{25,34}|t[1-9a-km-z]{33})$/i

/** What exchanges and wallets call themselves; a name that a person typed, so it only chooses a question. */
const walletWords =
  /\b(?:crypto|bitcoin|btc|ethereum|usdt|wallet|coinbase|binance|kraken|bitstamp|bitpanda|bybit)\b/i

/**
 * Whether the money seems to go to a wallet or an exchange. It may be wrong either way: nothing but the choice of a
 * question hangs on it.
 */
export const goesToWallet = ({ action, payee }: Pick<NormalisedEvent, 'action' | 'payee'>): boolean =>
  /crypto|wallet/.test(action) ||
  (payee !== null &&
    (walletAddress.test(payee.canonical.account ?? '') || walletWords.test(payee.typed.name ?? '')))
