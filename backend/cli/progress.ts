/** How far a long command is, on standard error: on a terminal one line, over and over; elsewhere nothing. */

const toldEveryMs = 200
const barWidth = 24

const timeOf = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`

/** `total`: all there is to do, in any unit. `done`: of it before this run. */
export const openProgress = (total: number, done = 0): { at: (reached: number, words: string) => void } => {
  const began = performance.now()
  let told = 0
  return {
    at: (reached, words) => {
      const now = performance.now()
      const isDone = reached >= total
      if (!process.stderr.isTTY || (now - told < toldEveryMs && !isDone)) return
      told = now
      const share = total === 0 ? 1 : reached / total
      const bar = '█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '░')
      const left = ((now - began) / 1000 / Math.max(1, reached - done)) * (total - reached)
      const rest = isDone ? '\n' : `, ${timeOf(left)} left`
      process.stderr.write(`\r\x1b[K${bar} ${Math.floor(share * 100)} %, ${words}${rest}`)
    },
  }
}
