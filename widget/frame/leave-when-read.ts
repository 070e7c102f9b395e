/**
 * How long the last screen of a popup stays by itself after an allow. Its heading and sentence are eleven words, which a slow
 * reader (180 words a minute) has read by then. The site has gone on meanwhile: nobody waits for this.
 */
const readMs = 4000

const signsOfLife = ['pointermove', 'pointerdown', 'keydown'] as const

/**
 * Leaves when the screen has been read. Whoever moves, presses or types on it is not done with it: the time begins anew
 * (WCAG 2.2, 2.2.1). Returns what stops it.
 */
export const leaveWhenRead = (leave: () => void): (() => void) => {
  let timer = setTimeout(leave, readMs)
  const anew = () => {
    clearTimeout(timer)
    timer = setTimeout(leave, readMs)
  }
  for (const sign of signsOfLife) addEventListener(sign, anew)
  return () => {
    clearTimeout(timer)
    for (const sign of signsOfLife) removeEventListener(sign, anew)
  }
}
