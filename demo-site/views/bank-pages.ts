import { html } from '@lit-labs/ssr'
import { nothing } from 'lit/html.js'
import type { Customer, Payee } from '../bank/customer.ts'
import type { RiskyAction } from '../bank/ledger.ts'
import { currency, formatMinorUnits, formatMoney } from '../bank/money.ts'
import type { Person } from '../bank/people.ts'
import type { Outcome, PendingAction } from '../protected-action.ts'
import type { Prefill } from '../stories/story.ts'
import { outcomeWords, type Words } from '../words.ts'
import type { View } from './document.ts'

/** The bank itself: every page works as a plain form; script only spares the reload. */

const countries: readonly [string, string][] = [
  ['DE', 'Germany'],
  ['ES', 'Spain'],
  ['FR', 'France'],
  ['GB', 'United Kingdom'],
  ['PT', 'Portugal'],
  ['SE', 'Sweden'],
  ['US', 'United States'],
]

export const signInPage = (people: readonly Person[], notice: string | null): View => html`
  <main id="bank" class="sign-in">
    <header class="brand">${wordmark}</header>
    <h1>A stranger on the phone tells you to send money. What now?</h1>
    <p class="lead">This make-believe bank asks <strong>Anti Social Engine</strong> before it sends money, changes an address
      or hands out data. Mostly that goes unseen. Sometimes you are asked one question. And when somebody is guiding you,
      nothing leaves your account.</p>
    <ol class="how">
      <li>Choose who you want to be.</li>
      <li>Pick a story: two with a caller, two ordinary days. It fills in the bank’s form.</li>
      <li>Press the bank’s button, and see beside it what the bank asked and what it was told.</li>
    </ol>
    ${notice === null ? nothing : html`<p class="notice" role="status">${notice}</p>`}
    <form method="post" action="/sign-in">
      <h2 id="people-title">Who do you want to be?</h2>
      <ul class="people" aria-labelledby="people-title">
        ${people.map(
          (person) => html`<li>
            <button name="customer" value=${person.id}>
              <span class="avatar" aria-hidden="true">${person.name.slice(0, 1)}</span>
              <span><strong>${person.name}</strong><span class="quiet">${person.about}</span></span>
            </button>
          </li>`,
        )}
      </ul>
      <label class="tick"><input type="checkbox" name="new_device" value="1"> Sign in on a device that the bank has never seen</label>
    </form>
    <p class="quiet small">No password: nothing here is real. Every sign-in and every story begins with a clean slate; the
      analysts’ page keeps what was stopped. Mail to these people arrives in <a href="/mailbox">the mailbox</a>.</p>
  </main>
`

export const overviewPage = (customer: Customer): View => html`
  <section class="balance" aria-labelledby="balance-label">
    <h1 id="balance-label">Current account</h1>
    <p class="figure">${formatMinorUnits(customer.balance)} <span>${currency}</span></p>
    <p class="quiet">${customer.name} · ${customer.email}</p>
    <a class="button" href="/transfer">Send money</a>
  </section>
  <section aria-labelledby="payees-title">
    <h2 id="payees-title">People you pay</h2>
    ${
      customer.payees.length === 0
        ? html`<p class="quiet">Nobody yet.</p>`
        : html`<ul class="rows">${customer.payees.map(
            (payee) =>
              html`<li><span><strong>${payee.name}</strong><span class="quiet">${payee.note}</span></span><code>${ending(payee.account)}</code></li>`,
          )}</ul>`
    }
  </section>
  <section aria-labelledby="recent-title">
    <h2 id="recent-title">Recent</h2>
    ${
      customer.transactions.length === 0
        ? html`<p class="quiet">No payments yet.</p>`
        : html`<ul class="rows">${customer.transactions
            .slice(0, 6)
            .map(
              ({ at, text, amount }) =>
                html`<li><span><strong>${text}</strong><span class="quiet"><time datetime=${at}>${dayOf(at)}</time></span></span><span class="amount">${amount < 0 ? '−' : ''}${formatMinorUnits(Math.abs(amount))}</span></li>`,
            )}</ul>`
    }
  </section>
`

const ending = (account: string): string => `•• ${account.replaceAll(/\s/g, '').slice(-4)}`

const dayOf = (iso: string): string =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(iso))

/** What was typed before, when a form comes back with something to correct. */
export interface TransferDraft {
  payee: string
  name: string
  account: string
  country: string
  amount: string
}

export const transferDraft = (customer: Customer, prefill: Prefill | null): TransferDraft => {
  const first = customer.payees[0]?.id ?? 'new'
  const empty = { payee: first, name: '', account: '', country: 'ES', amount: '' }
  if (prefill?.page !== 'transfer') return empty
  return prefill.payee === 'new' ? { ...prefill, payee: 'new' } : { ...empty, amount: prefill.amount }
}

export const transferPage = (
  customer: Customer,
  submission: string,
  draft: TransferDraft,
  problem: string | null,
): View => html`
  <h1>Send money</h1>
  ${problemNotice(problem)}
  <form method="post" action="/transfer" data-guarded>
    <input type="hidden" name="submission" value=${submission}>
    <fieldset class="choices">
      <legend>To</legend>
      ${customer.payees.map((payee) => payeeChoice(payee, draft.payee === payee.id))}
      <label class="choice"><input type="radio" name="payee" value="new" ?checked=${draft.payee === 'new'}>
        <span><strong>Someone new</strong><span class="quiet">Fill in the details below</span></span></label>
      <div class="new-payee" data-ase-payee>
        <label>Name<input name="name" value=${draft.name} maxlength="140" autocomplete="off"></label>
        <label>Account number (IBAN)<input name="account" value=${draft.account} maxlength="42" autocomplete="off" spellcheck="false"></label>
        <label>Country<select name="country">
          ${countries.map(([code, name]) => html`<option value=${code} ?selected=${code === draft.country}>${name}</option>`)}
        </select></label>
      </div>
    </fieldset>
    <label>Amount in ${currency}<input name="amount" value=${draft.amount} inputmode="decimal" required autocomplete="off" class="amount-field"></label>
    <p class="quiet small">You have ${formatMoney(customer.balance)}.</p>
    <div class="buttons"><button class="button">Send money</button><a href="/">Cancel</a></div>
    <p class="progress" role="status" aria-live="polite"></p>
  </form>
`

const payeeChoice = (payee: Payee, chosen: boolean): View => html`
  <label class="choice"><input type="radio" name="payee" value=${payee.id} ?checked=${chosen}>
    <span><strong>${payee.name}</strong><span class="quiet">${payee.note} · ${ending(payee.account)}</span></span></label>
`

export const settingsPage = (
  customer: Customer,
  submissions: { email: string; export: string },
  email: string,
  problem: string | null,
): View => html`
  <h1>Your details</h1>
  ${problemNotice(problem)}
  <form method="post" action="/change-email" data-guarded>
    <input type="hidden" name="submission" value=${submissions.email}>
    <h2>E-mail address</h2>
    <p class="quiet">Now: ${customer.email}</p>
    <label>New address<input type="email" name="email" value=${email} required maxlength="254" autocomplete="off"></label>
    <button class="button">Change address</button>
    <p class="progress" role="status" aria-live="polite"></p>
  </form>
  <form method="post" action="/export" data-guarded>
    <input type="hidden" name="submission" value=${submissions.export}>
    <h2>Your data</h2>
    <p class="quiet">All your transactions of the last twelve months as one file.</p>
    <button class="button">Export my data</button>
    <p class="progress" role="status" aria-live="polite"></p>
  </form>
`

const problemNotice = (problem: string | null): View =>
  problem === null ? nothing : html`<p class="notice problem" role="alert">${problem}</p>`

const describeAction = (action: RiskyAction): string => {
  switch (action.kind) {
    case 'transfer':
      return `${formatMoney(action.amount)} to ${action.payee.name}, account ending ${action.payee.account.slice(-4)}`
    case 'change_email':
      return `Change your e-mail address to ${action.target}`
    case 'export_data':
      return 'Export your transactions of the last twelve months'
  }
}

/** Where an action stands, and what can be done next. `submission` names the form of a new attempt. */
export const actionPage = (pending: PendingAction, submission: string): View => {
  const { outcome, action } = pending
  return html`
    <section class="outcome ${outcome?.status ?? 'checkpoint'}">
      ${wordsOf(outcomeWords(outcome, action))}
      ${outcome?.status === 'executed' ? nothing : html`<p class="what">${describeAction(action)}</p>`}
      <div class="buttons">
        ${nextStep(pending, submission)}
        <a href="/">Back to the account</a>
      </div>
    </section>
  `
}

const nextStep = (pending: PendingAction, submission: string): View => {
  const { outcome, action, answer } = pending
  if (outcome?.status === 'executed')
    return action.kind === 'export_data'
      ? html`<a class="button" href="/actions/${pending.id}/transactions.csv">Download</a>`
      : nothing
  if (outcome?.status === 'unreachable') return tryAgain(pending, submission)
  return answer === null
    ? nothing
    : html`<a class="button" href=${answer.session.url}>${nextWords(outcome)}</a>`
}

/**
 * Nothing is known to have been asked: the same form again, as a new question with the facts of now. Where the question
 * was answered and only the decision is open, that decision is asked for again.
 */
const tryAgain = ({ answer, path, typed }: PendingAction, submission: string): View =>
  answer === null
    ? html`<form method="post" action=${path} class="again" data-guarded>
        ${Object.entries({ ...typed, submission }).map(([name, value]) => html`<input type="hidden" name=${name} value=${value}>`)}
        <button class="button">Try again</button>
        <p class="progress" role="status" aria-live="polite"></p>
      </form>`
    : html`<a class="button" href="/return?session_id=${answer.session.id}">Try again</a>`

/** The check's own page says more than the bank can: what to do after a stop, or where the person left off. */
const nextWords = (outcome: Outcome | null): string => {
  if (outcome === null || outcome.status === 'checkpoint') return 'Go on to the check'
  if (outcome.status === 'blocked') return 'What to do now'
  return outcome.status === 'refused'
    ? (pageWords[outcome.code] ?? 'Open the check again')
    : 'Open the check again'
}

const pageWords: Record<string, string> = {
  unfinished: 'Go on to the check',
  contact_broken: 'What to do now',
  blocked: 'What to do now',
  held: 'What to do now',
}

export const messagePage = (words: Words): View => html`
  <section class="outcome refused">${wordsOf(words)}<div class="buttons"><a href="/">Back to the account</a></div></section>
`

const wordsOf = ({ heading, body }: Words): View => html`<h1>${heading}</h1><p class="lead">${body}</p>`

export const wordmark: View = html`<a class="wordmark" href="/"><svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true"><circle cx="16" cy="16" r="15"/><path d="M6 18c3 0 3-2.5 5-2.5S14 18 16 18s3-2.5 5-2.5 2 2.5 5 2.5M8 23c2.5 0 2.500-2 4-2s2 2 4 2 2.500-2 4-2 1.500 2 4 2M16 6v8M12 10h8"/></svg>Harbour Bank</a>`
