import { repeat } from 'lit/directives/repeat.js'
import { html, nothing, type TemplateResult } from 'lit/html.js'

/** One line of *behind the scenes*; everything in it is already masked and safe to show. */
export interface TraceEntry {
  id: number
  at: string
  /** `engine`: the bank's backend and Anti Social Engine; `browser`: the browser and the bank. */
  lane: 'engine' | 'browser'
  request: string
  headers: string
  body: string
  status: number | null
  answer: string
  took_ms: number | null
  gist: string
  reasons: { code: string; points: number }[]
  /** Which lines of the bank's own source did it. */
  source: 'history' | 'ask' | 'settle' | 'report' | 'answer' | null
}

/** Shared by the server's first page and the browser's live view: from recorded calls to a list, newest first. */
export const traceList = (
  entries: readonly TraceEntry[],
  source: Record<string, { file: string; code: string }>,
): TemplateResult =>
  entries.length === 0
    ? html`<p class="quiet">Nothing yet. Pick a story, or ask the bank for something.</p>`
    : html`<ol class="trace" reversed>
        ${repeat(
          [...entries].reverse(),
          (entry) => entry.id,
          (entry) => traceItem(entry, entry.source ? source[entry.source] : undefined),
        )}
      </ol>`

const lanes = { engine: 'bank → Anti Social Engine', browser: 'browser → bank' }

/** Ids are long and say nothing to a reader; the whole line is one hover away, and in what was sent. */
const shortened = (request: string): string => request.replace(/\b([a-z]+_)[0-9a-f]{12,}/gu, '$1…')

const traceItem = (
  entry: TraceEntry,
  source: { file: string; code: string } | undefined,
): TemplateResult => html`
  <li class="call ${entry.lane}">
    <p class="lane">
      ${lanes[entry.lane]} <time datetime=${entry.at}>${clock.format(new Date(entry.at))}</time>
    </p>
    <p class="line">
      <code title=${entry.request}>${shortened(entry.request)}</code>
      <span class="status ${statusTone(entry.status)}">${entry.status ?? 'none'}</span>
      ${entry.took_ms === null ? nothing : html`<span class="took">${entry.took_ms} ms</span>`}
    </p>
    <p class="gist">${entry.gist}</p>
    ${
      entry.reasons.length === 0
        ? nothing
        : html`<ul class="reasons" aria-label="Reasons">
            ${entry.reasons.map(
              ({ code, points }) =>
                html`<li><code>${code}</code> <b>${points > 0 ? `+${points}` : points}</b></li>`,
            )}
          </ul>`
    }
    <div class="more">
      ${entry.body === '' ? nothing : more('Sent', `${entry.headers}\n\n${entry.body}`)}
      ${more(entry.lane === 'engine' ? 'Received' : 'Answered', entry.answer)}
      ${
        source === undefined
          ? nothing
          : html`<details>
              <summary>The lines that did it</summary>
              <p class="file"><code>${source.file}</code></p>
              <pre class="code" tabindex="0">${source.code}</pre>
            </details>`
      }
    </div>
  </li>
`

const more = (title: string, content: string): TemplateResult => html`<details>
  <summary>${title}</summary>
  <pre tabindex="0">${content}</pre>
</details>`

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

const statusTone = (status: number | null): string =>
  status === null || status >= 500 ? 'bad' : status >= 400 ? 'stopped' : 'fine'
