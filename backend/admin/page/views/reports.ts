import { repeat } from 'lit/directives/repeat.js'
import { html, type TemplateResult } from 'lit/html.js'
import { type ReportPage, reportPage } from '#contract/scam-report'
import { get, listPath } from '../app/api.ts'
import { to } from '../app/link.ts'
import { environmentShown } from '../app/state.ts'
import { defineView } from '../app/view.ts'
import { empty, olderButton, when } from '../parts/pieces.ts'

/** What people wrote at the checkpoint, in their own words. */

type Report = ReportPage['reports'][number]

const row = (report: Report): TemplateResult => html`<li class="report">
  <a data-stop href=${to('/sessions/:id', { id: report.session_id }, report.environment)}>${report.case_reference}</a>
  <span class="quiet">${when(report.created_at)} · user ${report.user_id}</span>
  <blockquote>${report.details === '' ? 'Reported without words.' : report.details}</blockquote>
</li>`

const noneYet = (): TemplateResult =>
  empty(
    `No ${environmentShown()} scam reports`,
    html`<p>After contact was broken, the page offers one optional field: what happened. What people write there is shown here in their own words. It is evidence, never proof: a report alone changes no outcome.</p>`,
  )

export const reports = defineView({
  path: '/reports',
  room: 'Scam reports',
  parse: (params) => params,
  load: (_, cursor) => get(reportPage, listPath('scam-reports', { cursor })),
  pages: {
    next: ({ next }) => next,
    append: (before, more) => ({ ...more, reports: [...before.reports, ...more.reports] }),
  },
  draw: ({ data }) => html`
  <div class="bar"><h1 tabindex="-1">Scam reports</h1></div>
  ${data.reports.length === 0 ? noneYet() : html`<ol class="reports">${repeat(data.reports, ({ id }) => id, row)}</ol>`}
  ${olderButton(data.next)}`,
})
