import { repeat } from 'lit/directives/repeat.js'
import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { DeskLabel } from '#contract/label'
import type { SessionDetail } from '#contract/session-detail'
import { to } from '../../app/link.ts'
import { date } from '../../parts/format.ts'
import { when } from '../../parts/pieces.ts'
import { labelGroundWords, labelStateWords, labelWords, subjectWords } from '../../words/labels.ts'
import { labelling, undoing } from './label-form.ts'

/** What people found out about the subjects of this event: why later scores differ, and the way to say more. */

const about = ({ subject: { type, session_id } }: DeskLabel, detail: SessionDetail): TemplateResult => {
  if (session_id === null) return html`${subjectWords[type]}`
  if (session_id === detail.summary.id) return html`This session`
  const href = to('/sessions/:id', { id: session_id }, detail.summary.environment)
  return html`<a href=${href}>An earlier or later session</a>`
}

const undone = ({ undone: by }: DeskLabel): TemplateResult | typeof nothing =>
  by === null
    ? nothing
    : html`<br><span class="quiet">Taken back ${when(by.at)} by ${by.by}: ${by.reason}</span>`

/** How it stands; until when, while that matters. */
const standing = ({ state: how, expires_at }: DeskLabel): string =>
  how === 'active' ? `${labelStateWords[how]} until ${date(expires_at)}` : labelStateWords[how]

const entry = (label: DeskLabel, detail: SessionDetail): TemplateResult => html`
  <li id=${label.id} tabindex="-1">
    <strong>${about(label, detail)}: ${labelWords[label.label]}</strong>, ${label.family}, <span class="quiet">${standing(label)}</span><br>
    <span>${label.reason}</span>
    <span class="quiet">${labelGroundWords[label.provenance]}, by ${label.author}, ${when(label.created_at)}</span>${undone(label)}
    ${label.state === 'undone' || label.state === 'expired' ? nothing : undoing(label, detail.summary.id)}
  </li>`

export const labelsSection = (detail: SessionDetail): TemplateResult => html`
  <section data-stop tabindex="-1"><h2>Labels</h2>
    ${
      detail.labels.length === 0
        ? html`<p class="quiet">Nobody has labelled anything of this event.</p>`
        : html`<ul class="holds">${repeat(
            detail.labels,
            (label) => label.id,
            (label) => entry(label, detail),
          )}</ul>`
    }
    ${labelling(detail)}
  </section>`
