import { html, type TemplateResult } from 'lit/html.js'
import { type BacktestHead, backtestList } from '#contract/backtest'
import { get, listPath } from '../app/api.ts'
import { to } from '../app/link.ts'
import { environmentShown } from '../app/state.ts'
import { defineView } from '../app/view.ts'
import { rangeWords } from '../parts/format.ts'
import { empty, when } from '../parts/pieces.ts'
import { againstWords, backtestStateWords } from '../words/backtests.ts'

/** Every backtest that is kept, newest first. */

const row = (one: BacktestHead): TemplateResult => html`<li>
  <a class="row backtest" data-stop href=${to('/backtests/:id', { id: one.id }, one.environment)}>
    <span class="when">${when(Date.parse(one.created_at))}</span>
    <span class="what">${one.policy_version}</span>
    <span class="who">against ${againstWords[one.against]}</span>
    <span class="quiet">${rangeWords(one)}</span>
    <span class="score">${one.changed} of ${one.evaluated}</span>
    <span class="state">${backtestStateWords[one.state]}</span>
  </a>
</li>`

const columns = html`<div class="row backtest head" aria-hidden="true">
  <span>Asked</span><span>Policy</span><span>Compared</span><span>Events of</span><span class="score">Changed</span><span>State</span>
</div>`

const noneYet = (): TemplateResult =>
  empty(
    `No ${environmentShown()} backtests`,
    html`<p>A backtest judges stored events again by a draft of the policy, before anybody meets it. Open a draft under <a href=${to('/policy', {})}>Policy</a> to start one, or send <code>POST /rules/backtest</code>.</p>`,
  )

export const backtests = defineView({
  path: '/backtests',
  room: 'Backtests',
  parse: (params) => params,
  load: () => get(backtestList, listPath('backtests', {})),
  draw: ({ data }) => html`
  <div class="bar"><h1 tabindex="-1">Backtests</h1></div>
  ${data.backtests.length === 0 ? noneYet() : html`${columns}<ol class="rows">${data.backtests.map(row)}</ol>`}`,
})
