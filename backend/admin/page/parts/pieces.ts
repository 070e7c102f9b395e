import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { Outcome } from '#contract/outcome'
import { state } from '../app/state.ts'
import { isBusy } from '../app/visit.ts'
import { outcomeWords } from '../words/outcomes.ts'
import { exact, type Moment, msOf, relative } from './format.ts'

/** The small pieces that every view is made of. */

export type Piece = TemplateResult | typeof nothing

/** Relative for the eye, exact on hover and for machines. */
export const when = (at: Moment): TemplateResult =>
  html`<time datetime=${new Date(at).toISOString()} title=${exact(at)}>${relative(msOf(at), state().now)}</time>`

/** The one place where colour is used: what a session came to. */
export const outcomeMark = (outcome: Outcome, isOpen: boolean): TemplateResult =>
  html`<span class="outcome ${isOpen ? 'open' : outcome}">${isOpen ? 'Open' : outcomeWords[outcome]}</span>`

/** A fact with its name; missing ones say so, because not knowing is a fact too. */
export const fact = (name: string, value: unknown): TemplateResult =>
  html`<div class="fact"><dt>${name}</dt><dd>${value === null || value === '' ? html`<span class="unknown">unknown</span>` : value}</dd></div>`

/** A fact that is left out when it is missing. */
export const factIfKnown = (name: string, value: unknown): Piece =>
  value === null || value === '' ? nothing : fact(name, value)

export const yesNo = (value: boolean | null): string | null => (value === null ? null : value ? 'yes' : 'no')

export const empty = (title: string, body: unknown): TemplateResult =>
  html`<div class="empty"><h2>${title}</h2>${body}</div>`

/** For lists that come in pages. */
export const olderButton = (next: string | number | null, words = 'Older ones'): Piece =>
  next === null
    ? nothing
    : html`<p class="more"><button type="button" ?disabled=${isBusy()} @click=${() => void state().visit?.readMore()}>${isBusy() ? 'Reading …' : words}</button></p>`

/** What went wrong, beside the form or the button that it is about. */
export const mistakeNote = (mistake: string | null): Piece =>
  mistake === null ? nothing : html`<p class="notice" role="alert">${mistake}</p>`
