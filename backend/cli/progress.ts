/** How far a long command is, on standard error: on a terminal one line, over and over; elsewhere nothing. */

const toldEveryMs = 200
const barWidth = 24

const timeOf = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`

export type Progress = {
  /** Lines a second. */
  rate: (line: number) => number
  at: (reached: number, line: number, rejected: number) => void
}

/** `total`: the bytes of a file of lines. `from`: how far it was brought before this run. */
export const openProgress = (total: number, from = { end: 0, line: 0 }): Progress => {
  const [began, { end: done, line: before }] = [performance.now(), from]
  const rate = (line: number): number =>
    Math.round((line - before) / Math.max(0.001, (performance.now() - began) / 1000))
  let told = 0
  return {
    rate,
    at: (reached, line, rejected) => {
      const now = performance.now()
      const isDone = reached >= total
      if (!process.stderr.isTTY || (now - told < toldEveryMs && !isDone)) return
      told = now
      const share = total === 0 ? 1 : reached / total
      const bar = '█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '░')
      const left = ((now - began) / 1000 / Math.max(1, reached - done)) * (total - reached)
      const rest = isDone ? '\n' : `, ${timeOf(left)} left`
      const words = `${line} lines, ${rate(line)} a second, ${rejected} rejected`
      process.stderr.write(`\r\x1b[K${bar} ${Math.floor(share * 100)} %, ${words}${rest}`)
    },
  }
}
