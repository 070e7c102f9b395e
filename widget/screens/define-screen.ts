import type { TemplateResult } from 'lit/html.js'
import type { Screen, ScreenName, SessionView } from '#contract/session-view'
import type { Texts } from '../texts/texts.ts'

/** A button that opens at a time: its label while it waits, afterwards, and what is said aloud in that moment. */
export type Countdown = { waiting: (seconds: number) => string; ready: string; over?: string }

export type Drawn = {
  /** The screen's heading. */
  title: string
  body: TemplateResult
  countdown?: Countdown
}

/** A view that stands at this screen. */
export type ViewOf<Name extends ScreenName> = SessionView & { screen: Extract<Screen, { screen: Name }> }

/** Draws its own screen; throws for any other. */
export type ScreenDefinition = (view: SessionView, texts: Texts) => Drawn

export const defineScreen =
  <Name extends ScreenName>(
    name: Name,
    draw: (view: ViewOf<Name>, texts: Texts) => Drawn,
  ): ScreenDefinition =>
  (view, texts) => {
    if (!isAt(view, name)) throw new Error(name)
    return draw(view, texts)
  }

const isAt = <Name extends ScreenName>(view: SessionView, name: Name): view is ViewOf<Name> =>
  view.screen.screen === name
