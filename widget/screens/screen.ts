import { html, type TemplateResult } from 'lit/html.js'
import type { ScreenName, SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'
import { allowed } from './allowed.ts'
import { brandBar } from './brand-bar.ts'
import { breakContact } from './break-contact.ts'
import { confirmAction } from './confirm-action.ts'
import type { Countdown, Drawn, ScreenDefinition } from './define-screen.ts'
import { emailCode } from './email-code.ts'
import { ended } from './ended.ts'
import { intent } from './intent.ts'
import { pause } from './pause.ts'
import { questions } from './questions.ts'

/** Every screen: of each step, and of each way to end. */
const screens: Record<ScreenName, ScreenDefinition> = {
  intent,
  confirm_action: confirmAction,
  questions,
  pause,
  email_code: emailCode,
  break_contact: breakContact,
  allowed,
  ended,
}

const drawn = (view: SessionView, texts: Texts): Drawn => screens[view.screen.screen](view, texts)

/**
 * The whole content of the checkpoint's `<main>` for a view: the same on the server and in the browser. Light DOM and
 * plain forms; every text is escaped by Lit.
 */
export const renderScreen = (view: SessionView, texts: Texts): TemplateResult =>
  html`${brandBar(view, texts)}${drawn(view, texts).body}`

/** The page's title: the screen's heading, then whose checkpoint it is. */
export const screenTitle = (view: SessionView, texts: Texts): string =>
  `${drawn(view, texts).title} · ${view.brand.name}`

/** The words of the screen's button that opens at a time, if it has one. */
export const countdownOf = (view: SessionView, texts: Texts): Countdown | undefined =>
  drawn(view, texts).countdown
