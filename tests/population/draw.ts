import { frictionOf, isHonest, type Placed, rankedBy, rules } from './measure.ts'
import { curve } from './ranking.ts'
import type { Run } from './report.ts'

/** The same figures as a page to look at: one file without scripts, drawn in SVG. */

const [width, height, margin] = [460, 300, 44]
const colours = ['#0b57d0', '#c2570c', '#3c7d22'] as const

type Point = readonly [x: number, y: number]
type Series = { name: string; points: readonly Point[] }
type Axes = { title: string; x: string; y: string; xMax: number; yMax: number }

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

const chart = (axes: Axes, series: readonly Series[]): string => {
  const x = (value: number) => margin + (value / axes.xMax) * (width - margin - 12)
  const y = (value: number) => height - margin - (value / axes.yMax) * (height - margin - 34)
  const ticks = [0, 0.25, 0.5, 0.75, 1]
  const grid = ticks.map((tick) => {
    const [across, up] = [x(tick * axes.xMax), y(tick * axes.yMax)]
    const label = (value: number) =>
      axes.xMax > 1 && value > 1 ? value.toFixed(0) : `${Math.round(100 * value)} %`
    return `<path class="grid" d="M${margin} ${up}H${width - 12}"/>
<text x="${margin - 6}" y="${up + 4}" text-anchor="end">${Math.round(100 * tick * axes.yMax)} %</text>
<text x="${across}" y="${height - margin + 16}" text-anchor="middle">${label(tick * axes.xMax)}</text>`
  })
  const lines = series.map(({ name, points }, nth) => {
    const path = points.map(([px, py]) => `${x(Math.min(px, axes.xMax)).toFixed(1)},${y(py).toFixed(1)}`)
    const colour = colours[nth % colours.length]
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path.join(' ')}"/>
<text x="${width - 16}" y="${height - margin - 10 - 16 * (series.length - 1 - nth)}" text-anchor="end" style="fill:${colour}">${escaped(name)}</text>`
  })
  return `<figure><figcaption>${escaped(axes.title)}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(axes.title)}">${grid.join('')}${lines.join('')}
<text x="${width / 2}" y="${height - 8}" text-anchor="middle">${escaped(axes.x)}</text>
<text x="${margin}" y="20">${escaped(axes.y)}</text></svg></figure>`
}

/** The ROC up to a share of the honest payments; whole, and the corner that anybody can afford. */
const roc = (payments: readonly Placed[], upTo: number): string =>
  chart(
    {
      title: upTo === 1 ? 'ROC, customers of 90 days' : `ROC, at most ${100 * upTo} % of honest payments met`,
      x: 'honest payments met',
      y: 'frauds met',
      xMax: upTo,
      yMax: 1,
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
  return chart({ title: 'Honest payments met, week by week', x: 'week', y: 'met', xMax, yMax: 1 }, series)
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
.grid { stroke: color-mix(in srgb, currentColor 18%, transparent) }
</style></head><body><h1>Open population</h1>
<p>${honest} honest payments and ${first.length - honest} frauds, ${runs[0]?.history === 'year' ? 'a year of' : 'no'} history brought.</p>
<main>${roc(first, 1)}${roc(first, 0.05)}${weekly(runs)}</main></body></html>
`
}
