import { html, nothing, type TemplateResult } from 'lit/html.js'
import { type PolicyFitAnswer, policyFitAnswer, type WeightChange } from '#contract/policy-fit'
import { post } from '../../app/api.ts'
import { focusOn } from '../../app/focus.ts'
import { to } from '../../app/link.ts'
import { environmentShown, state } from '../../app/state.ts'
import { isBusy, ofVisit, send } from '../../app/visit.ts'
import { counted } from '../../parts/format.ts'
import { mistakeNote, type Piece } from '../../parts/pieces.ts'
import { reasonWords } from '../../words/codes.ts'

/** Weights from outcomes: asks for a fit, and says what came of it. */

const fitted = ofVisit<PolicyFitAnswer | null>(null)
const mistake = ofVisit<string | null>(null)

const fitWeights = (): Promise<boolean> =>
  send(() => post(policyFitAnswer, '/api/policies/fit', { environment: environmentShown() }), {
    asked: () => {
      fitted.set(null)
      mistake.set(null)
    },
    done: async (answer) => {
      // The list above has the draft as well.
      if (answer.draft !== null) await state().visit?.read()
      fitted.set(answer)
      focusOn('#fitted')
    },
    refused: mistake.set,
  })

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`

const row = ({ signal, before, after, fraud_share, honest_share }: WeightChange): TemplateResult => html`<tr>
  <td class="meta" data-name="Signal">${reasonWords(signal)}</td>
  <td class="figure" data-name="Before">${before}</td><td class="figure" data-name="Now">${after}</td>
  <td class="meta" data-name="Why">in ${percent(fraud_share)} of frauds and ${percent(honest_share)} of honest events</td>
</tr>`

const known = ({ frauds, honest }: { frauds: number; honest: number }): string =>
  `${counted(frauds, 'fraud')} and ${counted(honest, 'honest event')}`

const more = ({ frauds, honest }: PolicyFitAnswer['missing']): string =>
  [
    frauds === 0 ? [] : [`${counted(frauds, 'more fraud')}`],
    honest === 0 ? [] : [`${counted(honest, 'more honest event')}`],
  ]
    .flat()
    .join(' and ')

const drafted = (one: PolicyFitAnswer, draft: string): TemplateResult => html`
  <p>${known(one)} made <a href=${to('/policy/:id', { id: draft })}>${draft}</a>, a draft.
    ${
      one.backtest === null
        ? 'Too many backtests wait: start one from the draft.'
        : html`<a href=${to('/backtests/:id', { id: one.backtest })}>Its backtest</a> shows what it would have done.`
    }</p>
  <div class="scroll" tabindex="0" role="region" aria-label="Weights that changed"><table class="stacked">
    <thead><tr><th>Signal</th><th class="figure">Before</th><th class="figure">Now</th><th>Why</th></tr></thead>
    <tbody>${one.changes.map(row)}</tbody>
  </table></div>`

const result = (one: PolicyFitAnswer): Piece => {
  if (one.missing.frauds + one.missing.honest > 0)
    return html`<p>Too little is known: ${known(one)}. It takes ${more(one.missing)}. Nothing was changed.</p>`
  if (one.draft === null) return html`<p>The weights fit ${known(one)}. Nothing was changed.</p>`
  return drafted(one, one.draft)
}

export const weightsFromOutcomes = (): TemplateResult => {
  const one = fitted.get()
  return html`<div class="story"><section data-stop tabindex="-1"><h2>Weights from outcomes</h2>
    <p>Sets the weights beside what became of events: frauds that were reported or confirmed, and what was completed and stayed quiet for 30 days. It makes a draft and its backtest. Nobody meets it before you publish it.</p>
    ${mistakeNote(mistake.get())}
    <button type="button" ?disabled=${isBusy()} @click=${() => void fitWeights()}>${isBusy() ? 'Fitting …' : 'Fit the weights'}</button>
    <div id="fitted" role="status" tabindex="-1">${one === null ? nothing : result(one)}</div>
  </section></div>`
}
