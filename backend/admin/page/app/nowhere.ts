import { html } from 'lit/html.js'
import { defineView } from './view.ts'

/** Every address that no other view has. */
export const nowhere = defineView({
  path: '/*',
  parse: (params) => params,
  load: async () => ({ ok: false, reason: 'absent', detail: 'There is no such page.' }),
  draw: () => html``,
  title: () => '',
})
