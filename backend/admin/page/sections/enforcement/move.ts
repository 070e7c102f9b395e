import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { EnforcementMode } from '#contract/enforcement'
import {
  type EnforcedShareForm,
  type EnforcementDetail,
  type EnforcementForm,
  movedEnforcement,
} from '#contract/enforcement-detail'
import { refreshMe } from '../../app/account.ts'
import { post } from '../../app/api.ts'
import { focusOn } from '../../app/focus.ts'
import { state } from '../../app/state.ts'
import { isBusy, ofVisit, send } from '../../app/visit.ts'
import { fieldsOf, textOf } from '../../parts/form.ts'
import { mistakeNote, type Piece } from '../../parts/pieces.ts'
import { actionWords } from '../../words/codes.ts'
import { extentOf, figuresWords, peopleWords, shareWords } from '../../words/enforcement.ts'

/** The switch, and the share of an action: what each would change, why, and a second look. */

type Command = { kind: 'mode'; form: EnforcementForm } | { kind: 'share'; form: EnforcedShareForm }
type Move = { command: Command; stage: 'filling' | 'checking'; mistake: string | null }

const move = ofVisit<Move | null>(null)

const fill = (command: Command, mistake: string | null = null): void => {
  move.set({ command, stage: 'filling', mistake })
  focusOn(command.kind === 'mode' ? '#move-note' : '#move-action')
}

const check = (command: Command): void => {
  move.set({ command, stage: 'checking', mistake: null })
  focusOn('.second')
}

const drop = (): void => {
  move.set(null)
  focusOn('h1')
}

const pathOf = { mode: '/api/enforcement', share: '/api/enforcement/share' } as const

/** Moves it, and reads the page and the banner above it again. */
const sendMove = (command: Command): Promise<boolean> =>
  send(() => post(movedEnforcement, pathOf[command.kind], command.form), {
    done: async () => {
      move.set(null)
      await refreshMe()
      await state().visit?.read()
      focusOn('h1')
    },
    refused: (why) => fill(command, why),
  })

const modeWords: Record<EnforcementMode, string> = { enforce: 'Enforce', observe: 'Observe only' }

const titleOf = ({ kind, form }: Command): string =>
  kind === 'mode'
    ? `${modeWords[form.mode]} in ${form.environment}?`
    : `${actionWords(form.action)}: enforce for ${peopleWords(form.percent)} in ${form.environment}?`

const lessWords = ({ two_analysts: two }: EnforcementDetail): TemplateResult =>
  html`<p>The security contact gets a mail.${two ? ' It takes two analysts here: nothing changes before another one asks for the same within 24 hours.' : ''}</p>`

/** What follows from the move. */
const consequence = (detail: EnforcementDetail, command: Command): TemplateResult => {
  if (command.kind === 'share') return consequenceOfShare(detail, command.form)
  const { total, days, extent } = detail
  const figures = total === null ? '' : ` ${figuresWords(total, days, extent)}`
  return command.form.mode === 'enforce'
    ? html`<p>From the next event on, people meet what is decided.${figures}</p>`
    : html`<p>From the next event on, every event is allowed. Open holds still stop what they cover, their reverification is still asked, and a checkpoint that is under way goes on.${figures}</p>
      ${lessWords(detail)}`
}

const consequenceOfShare = (
  detail: EnforcementDetail,
  { action, percent }: EnforcedShareForm,
): TemplateResult => {
  const line = detail.actions.find(({ name }) => name === action)
  const from = line?.enforced_percent ?? 0
  const figures = line?.figures ?? null
  return html`<p>Now it is enforced for ${peopleWords(from)}. From the next event on the policy decides this for the action, whatever the switch above says.</p>
    ${figures === null ? nothing : html`<p>${figuresWords(figures, detail.days, extentOf(from))} ${shareWords(figures, percent)}</p>`}
    ${percent < from ? lessWords(detail) : nothing}`
}

const shareFields = ({ actions }: EnforcementDetail, form: EnforcedShareForm): TemplateResult => html`
  <label for="move-action">Action</label>
  <select id="move-action" name="action" required>
    ${actions
      .filter(({ is_mapped }) => is_mapped)
      .map(
        ({ name, enforced_percent }) =>
          html`<option value=${name} ?selected=${name === form.action}>${actionWords(name)} (now ${peopleWords(enforced_percent)})</option>`,
      )}
  </select>
  <label for="move-percent">Enforced for how many people in a hundred</label>
  <input id="move-percent" name="percent" type="number" min="0" max="100" step="1" required .value=${String(form.percent)}>`

const filled = (command: Command, form: FormData): Command => {
  const note = textOf(form, 'note')
  return command.kind === 'mode'
    ? { kind: 'mode', form: { ...command.form, note } }
    : {
        kind: 'share',
        form: {
          ...command.form,
          action: textOf(form, 'action'),
          percent: Number(textOf(form, 'percent')),
          note,
        },
      }
}

const form = (detail: EnforcementDetail, { command, mistake }: Move): TemplateResult => {
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = fieldsOf(event.target)
    if (form !== null && textOf(form, 'note') !== '') check(filled(command, form))
  }
  return html`<form @submit=${onSubmit}>
    ${command.kind === 'mode' ? consequence(detail, command) : shareFields(detail, command.form)}
    ${mistakeNote(mistake)}
    <label for="move-note">Why</label>
    <textarea id="move-note" name="note" required maxlength="300" rows="2" .value=${command.form.note}></textarea>
    <div class="choices"><button type="submit">Look it over</button><button type="button" @click=${drop}>Leave it</button></div>
  </form>`
}

const secondLook = (detail: EnforcementDetail, { command }: Move): TemplateResult => html`
  <div class="second" role="group" aria-labelledby="move-title" tabindex="-1">
    <p id="move-title"><strong>${titleOf(command)}</strong></p>
    ${consequence(detail, command)}
    <p>Why: ${command.form.note}</p>
    <div class="choices">
      <button type="button" ?disabled=${isBusy()} @click=${() => void sendMove(command)}>${isBusy() ? 'Moving …' : command.kind === 'mode' ? modeWords[command.form.mode] : 'Change the share'}</button>
      <button type="button" ?disabled=${isBusy()} @click=${() => fill(command)}>Change something</button>
    </div>
  </div>`

/** A button that opens the form of `command`; the form or the second look while it is open. */
const moveBy = (detail: EnforcementDetail, command: Command, words: string): Piece => {
  const current = move.get()
  if (current?.command.kind !== command.kind)
    return html`<div class="release"><div class="choices"><button type="button" @click=${() => fill(command)}>${words}</button></div></div>`
  return html`<div class="release">${current.stage === 'filling' ? form(detail, current) : secondLook(detail, current)}</div>`
}

export const enforcementMove = (detail: EnforcementDetail): TemplateResult => {
  const { environment } = detail
  const mode = detail.mode === 'observe' ? 'enforce' : 'observe'
  return html`<p>${detail.mode === 'observe' ? `In ${environment} the organisation observes.` : `In ${environment} the organisation enforces.`}</p>
    ${moveBy(detail, { kind: 'mode', form: { environment, mode, note: '' } }, modeWords[mode])}`
}

export const shareMove = (detail: EnforcementDetail): Piece => {
  const { environment, policy: expected_live, actions } = detail
  const mapped = actions.filter(({ is_mapped }) => is_mapped)
  const first = mapped.find(({ figures }) => figures !== null) ?? mapped[0]
  if (first === undefined) return nothing
  const form = { environment, action: first.name, percent: first.enforced_percent, expected_live, note: '' }
  return moveBy(detail, { kind: 'share', form }, 'Change the share of an action')
}
