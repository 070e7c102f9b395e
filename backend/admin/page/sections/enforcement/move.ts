import { html, type TemplateResult } from 'lit/html.js'
import type { EnforcementMode } from '#contract/enforcement'
import { type EnforcementDetail, type EnforcementForm, movedEnforcement } from '#contract/enforcement-detail'
import { refreshMe } from '../../app/account.ts'
import { post } from '../../app/api.ts'
import { focusOn } from '../../app/focus.ts'
import { state } from '../../app/state.ts'
import { isBusy, ofVisit, send } from '../../app/visit.ts'
import { fieldsOf, textOf } from '../../parts/form.ts'
import { mistakeNote } from '../../parts/pieces.ts'
import { figuresWords } from '../../words/enforcement.ts'

/** The switch: what it would change, why, and a second look. */

type Move = { command: EnforcementForm; stage: 'filling' | 'checking'; mistake: string | null }

const move = ofVisit<Move | null>(null)

const fill = (command: EnforcementForm, mistake: string | null = null): void => {
  move.set({ command, stage: 'filling', mistake })
  focusOn('#move-note')
}

const check = (command: EnforcementForm): void => {
  move.set({ command, stage: 'checking', mistake: null })
  focusOn('.second')
}

const drop = (): void => {
  move.set(null)
  focusOn('h1')
}

/** Moves it, and reads the page and the banner above it again. */
const sendMove = (command: EnforcementForm): Promise<boolean> =>
  send(() => post(movedEnforcement, '/api/enforcement', command), {
    done: async () => {
      move.set(null)
      await refreshMe()
      await state().visit?.read()
      focusOn('h1')
    },
    refused: (why) => fill(command, why),
  })

const buttonWords: Record<EnforcementMode, string> = { enforce: 'Enforce', observe: 'Observe only' }

/** What follows from the move. */
const consequence = (
  { two_analysts: two, total, days, extent }: EnforcementDetail,
  mode: EnforcementMode,
): TemplateResult => {
  const figures = total === null ? '' : ` ${figuresWords(total, days, extent)}`
  return mode === 'enforce'
    ? html`<p>From the next event on, people meet what is decided.${figures}</p>`
    : html`<p>From the next event on, every event is allowed. Open holds still stop what they cover, and a checkpoint that is under way goes on.${figures}</p>
      <p>The security contact gets a mail.${two ? ' It takes two analysts here: nothing changes before another one asks for the same within 24 hours.' : ''}</p>`
}

const form = (detail: EnforcementDetail, { command, mistake }: Move): TemplateResult => {
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = fieldsOf(event.target)
    const note = form === null ? '' : textOf(form, 'note')
    if (note !== '') check({ ...command, note })
  }
  return html`<form @submit=${onSubmit}>
    ${consequence(detail, command.mode)}
    ${mistakeNote(mistake)}
    <label for="move-note">Why</label>
    <textarea id="move-note" name="note" required maxlength="300" rows="2" .value=${command.note}></textarea>
    <div class="choices"><button type="submit">Look it over</button><button type="button" @click=${drop}>Leave it</button></div>
  </form>`
}

const secondLook = (detail: EnforcementDetail, { command }: Move): TemplateResult => html`
  <div class="second" role="group" aria-labelledby="move-title" tabindex="-1">
    <p id="move-title"><strong>${buttonWords[command.mode]} in ${command.environment}?</strong></p>
    ${consequence(detail, command.mode)}
    <p>Why: ${command.note}</p>
    <div class="choices">
      <button type="button" ?disabled=${isBusy()} @click=${() => void sendMove(command)}>${isBusy() ? 'Moving …' : buttonWords[command.mode]}</button>
      <button type="button" ?disabled=${isBusy()} @click=${() => fill(command)}>Change something</button>
    </div>
  </div>`

export const enforcementMove = (detail: EnforcementDetail): TemplateResult => {
  const current = move.get()
  const mode = detail.mode === 'observe' ? 'enforce' : 'observe'
  const command = { environment: detail.environment, mode, note: '' } as const
  return html`<p>${detail.mode === 'observe' ? `In ${detail.environment} the organisation observes.` : `In ${detail.environment} the organisation enforces.`}</p>
    <div class="release">${
      current === null
        ? html`<div class="choices"><button type="button" @click=${() => fill(command)}>${buttonWords[mode]}</button></div>`
        : current.stage === 'filling'
          ? form(detail, current)
          : secondLook(detail, current)
    }</div>`
}
