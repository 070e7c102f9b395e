/** Puts the keyboard where the next thing is, once it is drawn. */
export const focusOn = (selector: string): void => {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus())
}
