import { html } from 'lit/html.js'
import { type TrailDetail, trailDetail } from '#contract/trail'
import { get } from '../app/api.ts'
import { defineView } from '../app/view.ts'
import { empty, olderButton } from '../parts/pieces.ts'
import { entriesTable, integritySentence } from '../parts/trail-entries.ts'

/** The organisation's own trail: who changed what about keys, analysts, facts, policies, and labels outside sessions. */

/** The actor stands beside the kind: here it is an analyst, a key, or whoever runs the server. */
const withActor = (entries: TrailDetail['entries']): TrailDetail['entries'] =>
  entries.map((entry) => ({ ...entry, meta: { by: entry.actor, ...entry.meta } }))

export const trail = defineView({
  path: '/trail',
  room: 'Trail',
  parse: (params) => params,
  load: (_, cursor) => get(trailDetail, cursor === null ? '/api/trail' : `/api/trail?to=${cursor}`),
  pages: {
    next: ({ next }) => next,
    // What stands is the newest stretch: an older one that is broken breaks the whole.
    append: (before, more) => ({
      ...more,
      entries: [...before.entries, ...more.entries],
      head: before.head,
      integrity: more.integrity.ok ? before.integrity : more.integrity,
    }),
  },
  draw: ({ data }) => html`
  <div class="bar"><h1 tabindex="-1">Trail of the organisation</h1></div>
  <p class="quiet">Changes of keys, analysts, policies and the organisation itself, in both environments, and labels that are about no session. What is about a session stands in its own trail.</p>
  ${
    data.entries.length === 0
      ? empty(
          'No entries yet',
          html`<p>The next key, analyst, policy or label that is made or changed is written here, each entry chained to the one before. <code>npm run ase -- trail verify</code> checks the whole chain.</p>`,
        )
      : html`${integritySentence(data)}${entriesTable(withActor(data.entries), true)}`
  }
  ${olderButton(data.next)}`,
  title: () => 'Trail of the organisation',
})
