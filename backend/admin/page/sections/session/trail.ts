import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { SessionDetail } from '#contract/session-detail'
import { counted } from '../../parts/format.ts'
import { entriesTable, integritySentence } from '../../parts/trail-entries.ts'

/** The session's trail, with what the independent reader says about its chain. */
export const trailSection = ({ trail }: SessionDetail): TemplateResult => html`
  <section data-stop tabindex="-1"><h2>Trail</h2>
    ${integritySentence(trail)}
    ${entriesTable(trail.entries)}
    ${trail.refusals === 0 ? nothing : html`<p class="quiet">${counted(trail.refusals, 'refused submit')} counted.</p>`}
    <p class="quiet">Your look at this session is in the server’s log.</p>
  </section>`
