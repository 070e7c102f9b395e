import { repeat } from 'lit/directives/repeat.js'
import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { DeskLabel } from '#contract/label'
import type { SessionDetail } from '#contract/session-detail'
import { date } from '../format.ts'
import { state } from '../state.ts'
import { labelGroundWords, labelStateWords, labelWords, subjectWords } from '../words.ts'
import { labelling, undoing } from './label-form.ts'
import { to, when } from './parts.ts'

/** What people found out about the subjects of this event: why later scores differ, and the way to say more. */

const about = ({ subject: { type, session_id } }: DeskLabel, story: SessionDetail): TemplateResult => {
  if (session_id === null) return html`${subjectWords[type]}`
  if (session_id === story.summary.id) return html`This session`
  const href = to({ name: 'session', id: session_id }, story.summary.environment)
  return html`<a href=${href}>An earlier or later session</a>`
}

const undone = ({ undone: by }: DeskLabel): TemplateResult | typeof nothing =>
  by === null
    ? nothing
    : html`<br><span class="quiet">Taken back ${when(by.at)} by ${by.by}: ${by.reason}</span>`

/** How it stands; until when, while that matters. */
const standing = ({ state: how, expires_at }: DeskLabel): string =>
  how === 'active' ? `${labelStateWords[how]} until ${date(expires_at)}` : labelStateWords[how]

const entry = (label: DeskLabel, story: SessionDetail): TemplateResult => html`
  <li id=${label.id} tabindex="-1">
    <strong>${about(label, story)}: ${labelWords[label.label]}</strong>, ${label.family}, <span class="quiet">${standing(label)}</span><br>
    <span>${label.reason}</span>
    <span class="quiet">${labelGroundWords[label.provenance]}, by ${label.author}, ${when(label.created_at)}</span>${undone(label)}
    ${label.state === 'undone' || label.state === 'expired' ? nothing : undoing(label, story.summary.id)}
  </li>`

export const chapterLabels = (story: SessionDetail): TemplateResult => html`
  <section data-stop tabindex="-1"><h2>Labels</h2>
    ${
      story.labels.length === 0
        ? html`<p class="quiet">Nobody has labelled anything of this event.</p>`
        : html`<ul class="holds">${repeat(
            story.labels,
            (label) => label.id,
            (label) => entry(label, story),
          )}</ul>`
    }
    ${labelling(story, state().labelMistake)}
  </section>`
