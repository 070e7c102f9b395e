import type { FrameLocator, Locator, Page } from 'playwright-core'
import type { ScreenName } from '#contract/session-view'

/** The checkpoint as a person meets it, whether it stands in a popup or is the whole page. */

export type Surface = Pick<Page, 'locator' | 'getByRole' | 'getByLabel'> | FrameLocator

export const screen = (surface: Surface, name: ScreenName): Locator =>
  surface.locator(`main[data-screen="${name}"]`)

export const reach = (surface: Surface, name: ScreenName): Promise<void> => screen(surface, name).waitFor()

/** In the first half second of a screen nothing counts, so that no press meets a screen that was not read. */
export const settle = (surface: Surface): Promise<void> =>
  surface.locator('html:not([data-guard]) main').waitFor()

export const press = (surface: Surface, name: string): Promise<void> =>
  surface.getByRole('button', { name, exact: true }).click()

export const answers = {
  no: 'No, this is my own idea',
  yes: 'Yes, someone is',
  notSure: 'I’m not sure',
  exactly: 'Yes, exactly this',
  different: 'No, something is different',
} as const

/** Answers the question; the next screen is the caller's to wait for. */
export const answer = async (surface: Surface, given: keyof typeof answers): Promise<void> => {
  await press(surface, answers[given])
}

export const typeCode = async (surface: Surface, code: string): Promise<void> => {
  await surface.getByLabel(/^Code of/).fill(code)
  await press(surface, 'Confirm the code')
}

/** Never the right one. */
export const wrongCode = (right: string): string => `${right.slice(0, 5)}${(Number(right[5]) + 1) % 10}`

/** Comes when the server's pause is over; a person waits for the button, so does this. */
export const continueAfterPause = async (surface: Surface): Promise<void> => {
  const button = surface.locator('[data-countdown="pause"]:not([aria-disabled="true"])')
  await button.click({ timeout: 45_000 })
}
