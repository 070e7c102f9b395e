import { repeat } from 'lit/directives/repeat.js'
import { html, type TemplateResult } from 'lit/html.js'
import type { ReportPage } from '#contract/scam-report'
import { environmentShown, type Loaded } from '../state.ts'
import { olderButton } from './incidents.ts'
import { empty, to, when } from './parts.ts'

type Report = ReportPage['reports'][number]

const row = (report: Report): TemplateResult => html`<li class="report">
  <a data-stop href=${to({ name: 'session', id: report.session_id }, report.environment)}>${report.case_reference}</a>
  <span class="quiet">${when(report.created_at)} · user ${report.user_id}</span>
  <blockquote>${report.details === '' ? 'Reported without words.' : report.details}</blockquote>
</li>`

export const reportList = (loaded: Extract<Loaded, { kind: 'reports' }>): TemplateResult => html`
  <div class="bar"><h1 tabindex="-1">Scam reports</h1></div>
  ${
    loaded.reports.length === 0
      ? empty(
          `No ${environmentShown()} scam reports`,
          html`<p>After contact was broken, the page offers one optional field: what happened. What people write there is shown here in their own words. It is evidence, never proof: a report alone changes no outcome.</p>`,
        )
      : html`<ol class="reports">${repeat(loaded.reports, (report) => report.id, row)}</ol>`
  }
  ${olderButton(loaded.next)}`
