import { html, type TemplateResult } from 'lit/html.js'
import type { SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'
import { wordingOf } from '../texts/wording.ts'
import { allowed } from './allowed.ts'
import { brandBar } from './brand-bar.ts'
import { breakContact } from './break-contact.ts'
import { confirmAction } from './confirm-action.ts'
import { emailCode } from './email-code.ts'
import { ended } from './ended.ts'
import { intent, intentQuestion } from './intent.ts'
import { pause } from './pause.ts'
import { questionHeading, questions } from './questions.ts'

type Rendered = { title: string; body: TemplateResult }

const rendered = (view: SessionView, words: Texts): Rendered => {
  const { screen } = view
  switch (screen.screen) {
    case 'intent': {
      const shown = { ...view, screen }
      return { title: intentQuestion(shown, words)?.heading ?? '', body: intent(shown, words) }
    }
    case 'confirm_action':
      return { title: words.steps.confirm_action.heading, body: confirmAction(view, words) }
    case 'questions': {
      const shown = { ...view, screen }
      return { title: questionHeading(shown, words), body: questions(shown, words) }
    }
    case 'pause':
      return { title: words.steps.pause.heading, body: pause({ ...view, screen }, words) }
    case 'email_code':
      return { title: words.steps.email_code.heading, body: emailCode({ ...view, screen }, words) }
    case 'break_contact':
      return {
        title: words.breakContact.nothingHappened[wordingOf(view.action.wording)],
        body: breakContact({ ...view, screen }, words),
      }
    case 'allowed':
      return { title: words.allowed.heading, body: allowed({ ...view, screen }, words) }
    case 'ended':
      return { title: words.ended.heading[screen.resolution], body: ended({ ...view, screen }, words) }
  }
}

/**
 * The whole content of the checkpoint's `<main>` for a view: the same on the server and in the browser. Light DOM and
 * plain forms; every text is escaped by Lit.
 */
export const renderScreen = (view: SessionView, words: Texts): TemplateResult =>
  html`${brandBar(view, words)}${rendered(view, words).body}`

/** The page's title: the screen's heading, then whose checkpoint it is. */
export const screenTitle = (view: SessionView, words: Texts): string =>
  `${rendered(view, words).title} · ${view.brand.name}`
