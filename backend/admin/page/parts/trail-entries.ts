import { html, type TemplateResult } from 'lit/html.js'
import type { SessionDetail } from '#contract/session-detail'
import type { TrailFault } from '#contract/trail'
import { clock, counted, exact } from './format.ts'

/** The trail, with what the independent reader says about its chain. */

type Trail = SessionDetail['trail']

const faultWords: Record<TrailFault, string> = {
  not_an_entry: 'is not an entry',
  wrong_stream: 'belongs to another session',
  sequence_gap: 'leaves a gap before it',
  broken_link: 'does not follow from the one before',
  altered_entry: 'was altered after it was written',
  time_went_back: 'is earlier than the one before',
  cut_off: 'is missing: the trail was cut off',
}

/** Whether the chain is whole, in a sentence. */
export const integritySentence = ({ integrity, head }: Pick<Trail, 'integrity' | 'head'>): TemplateResult =>
  integrity.ok
    ? html`<p>The chain holds: ${counted(integrity.length, 'entry', 'entries')}, none altered, removed or put in. <span class="quiet">${head === null ? '' : html`Head <code>${head.hash}</code>. Keep it elsewhere to notice a trail that is rewritten as a whole.`}</span></p>`
    : html`<p class="broken"><strong>The chain is broken:</strong> entry ${integrity.seq} ${faultWords[integrity.fault]}. Keep a copy of the database before anything else is done.</p>`

const text = (value: Trail['entries'][number]['meta'][string]): string =>
  Array.isArray(value) ? value.join(', ') : value === null ? '–' : String(value)

/** Times in entries are epoch milliseconds; the names of those that are say so. */
const metaText = (name: string, value: Trail['entries'][number]['meta'][string]): string =>
  typeof value === 'number' && name.endsWith('_at') ? clock(value) : text(value)

const entryRow = (entry: Trail['entries'][number], exactTime: boolean): TemplateResult => html`<tr>
  <td class="figure" data-name="No.">${entry.seq}</td>
  <td data-name="Time"><time datetime=${new Date(entry.at).toISOString()} title=${exact(entry.at)}>${exactTime ? exact(entry.at) : clock(entry.at)}</time></td>
  <td data-name="Who">${entry.actor_type}</td>
  <td data-name="What"><code>${entry.action}</code></td>
  <td class="meta" data-name="Details"><div>${Object.entries(entry.meta).map(([name, value]) => html`<span><span class="quiet">${name}</span> ${metaText(name, value)}</span> `)}</div></td>
</tr>`

/** Entries as a table, in the order in which they are given; on a phone one below the other. */
export const entriesTable = (entries: Trail['entries'], exactTimes = false): TemplateResult =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Entries of the trail">
      <table class="stacked">
        <thead><tr><th scope="col" class="figure">No.</th><th scope="col">Time</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Details</th></tr></thead>
        <tbody>${entries.map((entry) => entryRow(entry, exactTimes))}</tbody>
      </table>
    </div>`
