import { html, type TemplateResult } from 'lit/html.js'
import { loadMore } from '../load.ts'
import { type Loaded, state } from '../state.ts'
import { empty, type Piece } from './parts.ts'
import { chainVerdict, entriesTable } from './story-trail.ts'

/** The organisation's own trail: who changed what about keys, analysts, facts, policies, and labels outside sessions. */

const older = (next: number | null): Piece =>
  next === null
    ? html``
    : html`<p class="more"><button type="button" ?disabled=${state().busy} @click=${() => void loadMore()}>${state().busy ? 'Reading …' : 'Older ones'}</button></p>`

/** The actor stands beside the kind: here it is an analyst, a key, or whoever runs the server. */
const withActor = (entries: Extract<Loaded, { kind: 'trail' }>['entries']) =>
  entries.map((entry) => ({ ...entry, meta: { by: entry.actor, ...entry.meta } }))

export const organisationTrail = (loaded: Extract<Loaded, { kind: 'trail' }>): TemplateResult => html`
  <div class="bar"><h1 tabindex="-1">Trail of the organisation</h1></div>
  <p class="quiet">Changes of keys, analysts, policies and the organisation itself, in both environments, and labels that are about no session. What is about a session stands in its own trail.</p>
  ${
    loaded.entries.length === 0
      ? empty(
          'No entries yet',
          html`<p>The next key, analyst, policy or label that is made or changed is written here, each entry chained to the one before. <code>npm run ase -- trail verify</code> checks the whole chain.</p>`,
        )
      : html`${chainVerdict(loaded)}${entriesTable(withActor(loaded.entries), true)}`
  }
  ${older(loaded.next)}`
