import { html, nothing, type TemplateResult } from 'lit/html.js'
import {
  type EffectivenessBy,
  type EffectivenessCounts,
  type EffectivenessReport,
  type EffectivenessRow,
  effectivenessReport,
  type ReportDays,
  reportDays,
} from '#contract/effectiveness'
import { get, listPath } from '../app/api.ts'
import { to } from '../app/link.ts'
import { oneOf } from '../app/path.ts'
import { environmentShown } from '../app/state.ts'
import { defineView } from '../app/view.ts'
import { counted, date, duration, money } from '../parts/format.ts'
import { empty, type Piece } from '../parts/pieces.ts'

/** What checkpoints achieved: one table, its range and its kind in the address. */

const path = '/effectiveness?by&days'

type Route = { by: EffectivenessBy; days: ReportDays }

/** In the order in which they are offered. */
const rowKinds: readonly EffectivenessBy[] = ['tier', 'text_version', 'rule', 'action']

const rowWords: Record<EffectivenessBy, string> = {
  tier: 'Tier',
  text_version: 'Text version',
  rule: 'Rule',
  action: 'Action',
}

const choices = ({ by: shown, days }: Route): TemplateResult => html`
  <div class="choice" role="group" aria-label="Rows">
    ${rowKinds.map((by) => html`<a href=${to(path, { by, days })} aria-current=${by === shown ? 'true' : 'false'}>${rowWords[by]}</a>`)}
  </div>
  <div class="choice" role="group" aria-label="Days">
    ${reportDays.options.map((length) => html`<a href=${to(path, { by: shown, days: length })} aria-current=${length === days ? 'true' : 'false'}>${length} days</a>`)}
  </div>`

/** Each column with what it is a count of: a figure without its whole says nothing. */
const columns: readonly {
  name: string
  about: string
  cell: (row: EffectivenessCounts) => unknown
}[] = [
  { name: 'Events', about: 'All that were judged', cell: (row) => row.events },
  {
    name: 'Would ask',
    about: 'Allowed because nothing is enforced for them; would have met a checkpoint',
    cell: (row) => share(row.would_have_asked, row.events),
  },
  {
    name: 'Would stop',
    about: 'Allowed because nothing is enforced for them; would have been stopped',
    cell: (row) => share(row.would_have_stopped, row.events),
  },
  { name: 'Asked', about: 'Sent to a checkpoint', cell: (row) => row.asked },
  {
    name: 'Shown',
    about: 'Of those asked, the page was on a screen: its script said so, or an answer reached us',
    cell: (row) => row.shown,
  },
  {
    name: 'Median dwell',
    about: 'From the question to its answer',
    cell: (row) => (row.median_dwell_ms === null ? '–' : duration(row.median_dwell_ms)),
  },
  { name: 'Proceeded', about: 'Of those asked', cell: (row) => share(row.proceeded, row.asked) },
  { name: 'Abandoned', about: 'Of those asked', cell: (row) => share(row.abandoned, row.asked) },
  { name: 'Broken', about: 'Contact broken, of those asked', cell: (row) => share(row.broken, row.asked) },
  { name: 'Held', about: 'Opened a hold or fell under one', cell: (row) => row.held },
  {
    name: 'Later reported',
    about: 'Of those let through',
    cell: (row) => share(row.later_reported, row.let_through),
  },
  {
    name: 'Later legitimate',
    about: 'Of those let through',
    cell: (row) => share(row.later_confirmed, row.let_through),
  },
  {
    name: 'Money held',
    about: 'The largest attempt of each hold',
    cell: (row) =>
      row.money_held.length === 0
        ? '–'
        : row.money_held.map(
            ({ currency, amount }) => html`<span class="line">${money({ value: amount, currency })}</span>`,
          ),
  },
]

const share = (part: number, whole: number): unknown =>
  whole === 0 || part === 0
    ? part
    : html`${part} <span class="quiet">${((part / whole) * 100).toFixed(part / whole < 0.1 ? 1 : 0)} %</span>`

const line = (name: string, counts: EffectivenessCounts): TemplateResult => html`<tr>
  <th scope="row">${name}</th>
  ${columns.map(({ cell }) => html`<td>${cell(counts)}</td>`)}
</tr>`

const table = (caption: string, first: string, lines: unknown): TemplateResult => html`
  <div class="scroll" tabindex="0" role="region" aria-label=${caption}>
    <table class="figures">
      <caption class="hidden">${caption}</caption>
      <thead><tr><th scope="col">${first}</th>${columns.map(({ name, about }) => html`<th scope="col" title=${about}>${name}</th>`)}</tr></thead>
      <tbody>${lines}</tbody>
    </table>
  </div>`

const holdout = ({ holdout: { control, treated } }: EffectivenessReport): Piece =>
  control.events + treated.events === 0
    ? nothing
    : html`<section><h2>With and without</h2>
        <p class="quiet">People who would have met a mild checkpoint, drawn by lot: the first were let through, the others met it.</p>
        ${table('With and without a checkpoint', 'Drawn', html`${line('let through', control)}${line('met it', treated)}`)}
      </section>`

const shortened = (report: EffectivenessReport): Piece =>
  report.truncated
    ? html`<p class="notice">More sessions than one report reads. This one ends ${date(Date.parse(report.read_to ?? report.to))}; choose fewer days.</p>`
    : nothing

const drawn = (route: Route, report: EffectivenessReport): TemplateResult => {
  const first = rowWords[report.by]
  return html`
  <div class="bar"><h1 tabindex="-1">Effectiveness</h1>${choices(route)}</div>
  ${shortened(report)}
  ${
    report.rows.length === 0
      ? empty(
          `Nothing to count in ${route.days} days`,
          report.by === 'rule'
            ? html`<p>No rule matched an event of the ${environmentShown()} environment.</p>`
            : html`<p>No session of the ${environmentShown()} environment belongs here. Events appear as soon as your site sends them.</p>`,
        )
      : table(
          `What checkpoints achieved, by ${first.toLowerCase()}`,
          first,
          html`${report.rows.map((row: EffectivenessRow) => line(row.name, row))}${report.by === 'rule' ? nothing : line('All', report.total)}`,
        )
  }
  ${holdout(report)}
  <p class="quiet">${date(Date.parse(report.from))} to ${date(Date.parse(report.to))}. Legitimate: never reported, and labelled so or completed at least ${report.confirmed_after_days} days ago.${report.unreadable === 0 ? '' : ` ${counted(report.unreadable, 'session')} could not be read.`}</p>`
}

export const effectiveness = defineView({
  path,
  room: 'Effectiveness',
  parse: ({ by, days }): Route => ({
    by: oneOf(rowKinds, by) ?? 'tier',
    days: oneOf(reportDays.options, days) ?? '30',
  }),
  load: (route) => get(effectivenessReport, listPath('effectiveness', route)),
  draw: ({ route, data }) => drawn(route, data),
})
