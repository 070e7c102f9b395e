import { frictionOf, isHonest, type Placed, rankedBy, rules } from './measure.ts'
import { curve } from './ranking.ts'
import type { Run } from './report.ts'

/** The same figures as a page to look at: one file without scripts, drawn in SVG. */

const [width, height, margin] = [460, 300, 44]

type Point = readonly [x: number, y: number]
type Series = { name: string; points: readonly Point[] }
type Axes = {
  title: string
  x: string
  y: string
  xMax: number
  xTicks: readonly number[]
  inPercent: boolean
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

const percents = (value: number): string => `${Math.round(100 * value)} %`

const chart = (axes: Axes, series: readonly Series[]): string => {
  const x = (value: number) => margin + (value / axes.xMax) * (width - margin - 22)
  const y = (value: number) => height - margin - value * (height - margin - 34)
  const rows = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (tick) => `<path class="grid" d="M${margin} ${y(tick)}H${width - 22}"/>
<text x="${margin - 6}" y="${y(tick) + 4}" text-anchor="end">${percents(tick)}</text>`,
  )
  const columns = axes.xTicks.map((tick) => {
    const label = axes.inPercent ? percents(tick) : String(tick)
    return `<text x="${x(tick)}" y="${height - margin + 16}" text-anchor="middle">${label}</text>`
  })
  const lines = series.map(({ points }, nth) => {
    const path = points.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`)
    return `<polyline class="line s${nth}" points="${path.join(' ')}"/>`
  })
  const legend = series.map(({ name }, nth) => `<li class="s${nth}">${escaped(name)}</li>`)
  return `<figure><figcaption>${escaped(axes.title)}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(axes.title)}">${[...rows, ...columns, ...lines].join('')}
<text x="${width / 2}" y="${height - 8}" text-anchor="middle">${escaped(axes.x)}</text>
<text x="${margin}" y="20">${escaped(axes.y)}</text></svg><ul>${legend.join('')}</ul></figure>`
}

/** The ROC up to a share of the honest payments; whole, and the corner that anybody can afford. */
const roc = (payments: readonly Placed[], upTo: number): string =>
  chart(
    {
      title: upTo === 1 ? 'ROC, customers of 90 days' : `ROC, at most ${100 * upTo} % of honest payments met`,
      x: 'honest payments met',
      y: 'frauds met',
      xMax: upTo,
      xTicks: [0, 0.2, 0.4, 0.6, 0.8, 1].map((tick) => tick * upTo),
      inPercent: true,
    },
    rules.map((rule) => ({
      name: rule.name,
      points: curve(rankedBy(payments, rule)).filter(([honest]) => honest <= upTo),
    })),
  )

const weekly = (runs: readonly Run[]): string => {
  const of = (payments: readonly Placed[]): Point[] =>
    frictionOf(payments).weeks.map(({ met, of: all }, week) => [week + 1, all === 0 ? 0 : met / all])
  const histories = [...new Set(runs.map(({ history }) => history))]
  const series = histories.map((history) => ({
    name: history === 'none' ? 'no history' : 'a year of history',
    points: of(runs.filter((run) => run.history === history).flatMap(({ payments }) => payments)),
  }))
  const xMax = Math.max(1, ...series.map(({ points }) => points.length))
  const xTicks = [1, 5, 10, 15, 20, 25].filter((week) => week <= xMax)
  return chart(
    { title: 'Honest payments met, week by week', x: 'week', y: 'met', xMax, xTicks, inPercent: false },
    series,
  )
}

/** A page with the ROC beside the trivial rules, and the weekly friction. */
export const drawingOf = (runs: readonly Run[]): string => {
  const first = runs.filter(({ history }) => history === runs[0]?.history).flatMap(({ payments }) => payments)
  const honest = first.filter(isHonest).length
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Open population</title>
<meta name="viewport" content="width=device-width"><style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1.5rem }
figure { margin: 0 } svg { width: 100%; height: auto } text { font-size: 11px; fill: currentColor }
ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0; padding: 0; font-size: 0.9rem }
.line { fill: none; stroke: currentColor; stroke-width: 2 }
.s0 { color: light-dark(#0b57d0, #8ab4f8) } .s1 { color: light-dark(#a8480a, #f5a56b) } .s2 { color: light-dark(#2f6b17, #8fd16f) }
.grid { stroke: color-mix(in srgb, currentColor 18%, transparent) }
</style></head><body><h1>Open population</h1>
<p>${honest} honest payments and ${first.length - honest} frauds, ${runs[0]?.history === 'year' ? 'a year of' : 'no'} history brought.</p>
<main>${roc(first, 1)}${roc(first, 0.05)}${weekly(runs)}</main></body></html>
`
}
