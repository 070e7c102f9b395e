import type { Page } from 'playwright-core'

/**
 * Moves the list that has the focus to the choice that starts with `words`, by the arrow key as a person does. Typing its
 * first letters would depend on the machine: a browser forgets them after a second, and on a busy one the next letter
 * came later, chose another line, and the form waited for ever.
 */
export const chooseByKeys = async (page: Page, words: string): Promise<void> => {
  const choices = Number(await page.evaluate('document.activeElement.options.length'))
  for (let pressed = 0; pressed < choices; pressed += 1) {
    const chosen = String(await page.evaluate('document.activeElement.selectedOptions[0]?.label ?? ""'))
    if (chosen.startsWith(words)) return
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`no choice starts with "${words}"`)
}
