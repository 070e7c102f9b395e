import { html, nothing } from 'lit/html.js'
import { defineView } from '../../../backend/admin/page/app/view.ts'
import { ofVisit } from '../../../backend/admin/page/app/visit.ts'

/** A view that nobody needs, as a newcomer would add one: this file, and one line in a list. */

const draft = ofVisit('')

export const notes = defineView({
  path: '/notes?about',
  room: 'Notes',
  parse: ({ about }) => ({ about: about ?? 'everything' }),
  load: async ({ about }) => ({ ok: true, value: [`A note about ${about}`] }),
  draw: ({ data }) => html`<h1 tabindex="-1">Notes</h1>
    <ul>${data.map((note) => html`<li>${note}</li>`)}</ul>
    <label>A new one <input id="draft" @input=${(event: InputEvent) => event.target instanceof HTMLInputElement && draft.set(event.target.value)}></label>
    ${draft.get() === '' ? nothing : html`<p id="typed">${draft.get()}</p>`}`,
  title: (data) => `${data.length} notes`,
  keys: [{ key: 'a', words: 'one more', press: ({ data, change }) => change([...data, 'Another note']) }],
})
