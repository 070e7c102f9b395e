import type { Among, Placed } from '../measure/payment.ts'
import { curve } from '../measure/ranking.ts'
import { rankedBy, rules } from '../measure/rules.ts'
import type { Table } from './report-parts.ts'

/** Figures as a page to look at: one file without scripts, drawn in SVG, in the light or the dark as its reader has it. */

const [width, height, margin] = [460, 300, 44]
/** As the style draws the first, the second and the third line: colour alone tells nobody apart. */
const strokes = ['solid', 'dashed', 'dotted'] as const

type Point = readonly [x: number, y: number]
type Series = { name: string; points: readonly Point[] }
type Axes = {
  title: string
  x: string
  y: string
  xMax: number
  yMax: number
  xTicks: readonly number[]
  inPercent: boolean
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const fifths = (of: number): number[] => [0, 0.2, 0.4, 0.6, 0.8, 1].map((part) => part * of)

const percents = (value: number): string => `${Math.round(100 * value)} %`

const chart = (axes: Axes, series: readonly Series[]): string => {
  const x = (value: number) => margin + (value / axes.xMax) * (width - margin - 22)
  const y = (value: number) => height - margin - (value / axes.yMax) * (height - margin - 34)
  const rows = fifths(axes.yMax).map(
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
  const legend = series.map(({ name }, nth) => {
    const drawn = series.length > 1 ? ` (${strokes[nth]})` : ''
    return `<li class="s${nth}">${escaped(name)}${drawn}</li>`
  })
  return `<figure><figcaption>${escaped(axes.title)}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(axes.title)}">${[...rows, ...columns, ...lines].join('')}
<text x="${width / 2}" y="${height - 8}" text-anchor="middle">${escaped(axes.x)}</text>
<text x="${margin}" y="20">${escaped(axes.y)}</text></svg><ul>${legend.join('')}</ul></figure>`
}

/** The ROC up to a share of the honest payments. */
export const rocOf = (payments: readonly Placed[], upTo: number, among: Among): string =>
  chart(
    {
      title: upTo === 1 ? `ROC, ${among.name}` : `ROC, at most ${100 * upTo} % of honest payments met`,
      x: 'honest payments met',
      y: 'frauds met',
      xMax: upTo,
      xTicks: fifths(upTo),
      yMax: 1,
      inPercent: true,
    },
    rules.map((rule) => ({
      name: rule.name,
      points: curve(rankedBy(payments, rule, among)).filter(([honest]) => honest <= upTo),
    })),
  )

/** Friction is a few percent: the axis ends where the worst week can still be seen. */
export const weeklyOf = (series: readonly Series[]): string => {
  const xMax = Math.max(1, ...series.map(({ points }) => points.length))
  const every = Math.max(1, Math.ceil(xMax / 6 / 5) * 5)
  const xTicks = [1, ...Array.from({ length: 6 }, (_, nth) => (nth + 1) * every)].filter(
    (week) => week <= xMax,
  )
  const worst = Math.max(0, ...series.flatMap(({ points }) => points.map(([, met]) => met)))
  const yMax = [0.05, 0.1, 0.25, 0.5].find((end) => worst <= end) ?? 1
  return chart(
    { title: 'Honest payments met, week by week', x: 'week', y: 'met', xMax, yMax, xTicks, inPercent: false },
    series,
  )
}

export const htmlOf = ({ head, rows }: Table): string => {
  const [first = '', ...rest] = head
  const columns = rest.map((name) => `<th scope="col">${escaped(name)}</th>`)
  const lines = rows.map(
    ([name = '', ...cells]) =>
      `<tr><th scope="row">${escaped(name)}</th>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`,
  )
  return `<div class="wide" tabindex="0" role="region" aria-label="${escaped(first)}"><table><thead><tr><th scope="col">${escaped(first)}</th>${columns.join('')}</tr></thead>
<tbody>${lines.join('\n')}</tbody></table></div>`
}

/** A page around its parts, each HTML already. */
export const pageOf = (
  title: string,
  intro: string,
  charts: readonly string[],
  parts: readonly string[],
): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta name="viewport" content="width=device-width"><style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: 1.5rem; margin-bottom: 2rem }
figure { margin: 0 } svg { width: 100%; height: auto } text { font-size: 11px; fill: currentColor }
figure ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0; padding: 0; font-size: 0.9rem }
.line { fill: none; stroke: currentColor; stroke-width: 2 } .s1.line { stroke-dasharray: 6 3 } .s2.line { stroke-dasharray: 2 3 }
.s0 { color: light-dark(#0b57d0, #8ab4f8) } .s1 { color: light-dark(#a8480a, #f5a56b) } .s2 { color: light-dark(#2f6b17, #8fd16f) }
.grid { stroke: color-mix(in srgb, currentColor 18%, transparent) }
.wide { overflow-x: auto; margin-bottom: 2rem } table { border-collapse: collapse; width: 100% }
th, td { padding: 0.3rem 0.75rem 0.3rem 0; text-align: start; font-weight: 400; border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent) }
thead th { font-weight: 600 } td { font-variant-numeric: tabular-nums } ol { padding-inline-start: 1.5rem } li { overflow-wrap: anywhere }
</style></head><body><main><h1>${escaped(title)}</h1>
<p>${escaped(intro)}</p>
<div class="charts">${charts.join('\n')}</div>
${parts.join('\n')}</main></body></html>
`
