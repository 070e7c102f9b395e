import { repeat } from 'lit/directives/repeat.js'
import { html, type TemplateResult } from 'lit/html.js'
import type { PolicySummary } from '#contract/policy'
import { policyPage } from '#contract/policy-detail'
import { get, listPath } from '../app/api.ts'
import { to } from '../app/link.ts'
import { environmentShown } from '../app/state.ts'
import { defineView } from '../app/view.ts'
import { olderButton, when } from '../parts/pieces.ts'
import { weightsFromOutcomes } from '../sections/policy/fit.ts'
import { policyStateWords } from '../words/policies.ts'

/** Every version of the policy: where it stands in the environment that is shown, who made it, and why. */

/** The engine's own policy has no dates: it was there before anybody published anything. */
const published = ({ number, published_at: at }: PolicySummary): TemplateResult | string =>
  at !== null ? when(Date.parse(at)) : number === 0 ? '' : 'never'

const row = (summary: PolicySummary): TemplateResult => html`<li>
  <a class="row policy" data-stop href=${to('/policy/:id', { id: summary.id })}>
    <span class="reference">${summary.id}</span>
    <span class="stands ${summary.state === 'live' || summary.state === 'preview' ? 'counts' : ''}">${policyStateWords[summary.state]}</span>
    <span class="what">${summary.note}</span>
    <span class="who">${summary.author}</span>
    <span class="when">${summary.created_at === null ? '' : when(Date.parse(summary.created_at))}</span>
    <span class="when">${published(summary)}</span>
  </a>
</li>`

const columns = html`<div class="row policy head" aria-hidden="true">
  <span>Version</span><span>State</span><span>Why</span><span>By</span><span>Made</span><span>Published</span>
</div>`

const own = (policies: readonly PolicySummary[]): TemplateResult | string =>
  policies.some(({ number }) => number > 0)
    ? ''
    : html`<p class="quiet">Everything is judged by the policy that comes with the engine. Your site makes a draft of its own with <code>POST /policies</code>, or adds one rule with <code>POST /rules</code>; it then waits here to be previewed and published.</p>`

export const policies = defineView({
  path: '/policy',
  room: 'Policy',
  parse: (params) => params,
  load: (_, cursor) => get(policyPage, listPath('policies', { cursor })),
  pages: {
    next: ({ next }) => next,
    append: (before, more) => ({ ...more, policies: [...before.policies, ...more.policies] }),
  },
  draw: ({ data }) => html`
  <div class="bar"><h1 tabindex="-1">Policy</h1></div>
  <p class="lead">${environmentShown() === 'live' ? 'Live' : 'Test'} events are judged by <a href=${to('/policy/:id', { id: data.live })}>${data.live}</a>${
    data.preview === null
      ? '; nothing is in preview.'
      : html`; <a href=${to('/policy/:id', { id: data.preview })}>${data.preview}</a> is evaluated beside it, in preview.`
  }</p>
  <p>Whether their decisions are carried out: <a href=${to('/enforcement', {})}>Enforcement</a>.</p>
  ${own(data.policies)}
  ${columns}<ol class="rows">${repeat(data.policies, ({ id }) => id, row)}</ol>
  ${olderButton(data.next)}
  ${weightsFromOutcomes()}`,
})
