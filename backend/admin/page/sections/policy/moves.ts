import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { PolicyMoveKind } from '#contract/policy'
import { movedPolicy, type PolicyDetail, type PolicyMoveForm } from '#contract/policy-detail'
import { post } from '../../app/api.ts'
import { focusOn } from '../../app/focus.ts'
import { environmentShown, state } from '../../app/state.ts'
import { isBusy, ofVisit, send } from '../../app/visit.ts'
import { fieldsOf, textOf } from '../../parts/form.ts'
import { mistakeNote, type Piece } from '../../parts/pieces.ts'

/** The moves that a version can make from where it stands, each with its reason and a second look. */

/** A move, from the moment that its form is open. */
type Move = { command: PolicyMoveForm; stage: 'filling' | 'checking'; mistake: string | null }

const move = ofVisit<Move | null>(null)

/** Opens the form of a move, with what was typed before. */
const fill = (command: PolicyMoveForm, mistake: string | null = null): void => {
  move.set({ command, stage: 'filling', mistake })
  focusOn('#move-note')
}

/** Shows what would happen, for a second look. */
const check = (command: PolicyMoveForm): void => {
  move.set({ command, stage: 'checking', mistake: null })
  focusOn('.second')
}

const drop = (): void => {
  move.set(null)
  focusOn('h1')
}

/** Moves the version, and reads the page again, which then says so. */
const sendMove = (command: PolicyMoveForm): Promise<boolean> =>
  send(() => post(movedPolicy, '/api/policies/move', command), {
    done: async () => {
      move.set(null)
      await state().visit?.read()
      focusOn('h1')
    },
    refused: (why) => fill(command, why),
  })

const buttonWords: Record<PolicyMoveKind, string> = {
  preview: 'Preview it',
  withdraw: 'Take it out of preview',
  publish: 'Publish it',
  roll_back: 'Roll back',
}

const movesFrom = ({ summary, before }: PolicyDetail): PolicyMoveKind[] => {
  switch (summary.state) {
    case 'live':
      return before === null ? [] : ['roll_back']
    case 'preview':
      return ['publish', 'withdraw']
    case 'draft':
    case 'retired':
      return summary.number === 0 ? ['publish'] : ['preview', 'publish']
  }
}

/** What follows from a move, in one sentence. */
const consequence = ({ summary, live, preview, before }: PolicyDetail, kind: PolicyMoveKind): string => {
  switch (kind) {
    case 'preview':
      return `${summary.id} judges every new event beside ${live} and is shown with it. It changes no decision.${preview === null ? '' : ` ${preview} leaves the preview.`}`
    case 'withdraw':
      return `${summary.id} is a draft again. No decision changes.`
    case 'publish':
      return `${summary.id} judges every new event in place of ${live}. Sessions under way keep the version they began with.`
    case 'roll_back':
      return `${before} judges every new event again, in place of ${live}. Sessions under way keep the version they began with.`
  }
}

const commandOf = (detail: PolicyDetail, kind: PolicyMoveKind, note: string) => ({
  environment: environmentShown(),
  kind,
  policy: detail.summary.id,
  expected_live: detail.live,
  note,
})

const form = (detail: PolicyDetail, { command, mistake }: Move): TemplateResult => {
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = fieldsOf(event.target)
    const note = form === null ? '' : textOf(form, 'note')
    if (note !== '') check(commandOf(detail, command.kind, note))
  }
  return html`<form @submit=${onSubmit}>
    <p>${consequence(detail, command.kind)}</p>
    ${mistakeNote(mistake)}
    <label for="move-note">Why</label>
    <textarea id="move-note" name="note" required maxlength="300" rows="2" .value=${command.note}></textarea>
    <div class="choices"><button type="submit">Look it over</button><button type="button" @click=${drop}>Leave it</button></div>
  </form>`
}

const secondLook = (detail: PolicyDetail, { command }: Move): TemplateResult => {
  return html`<div class="second" role="group" aria-labelledby="move-title" tabindex="-1">
    <p id="move-title"><strong>${buttonWords[command.kind]} in ${command.environment}?</strong></p>
    <p>${consequence(detail, command.kind)}</p>
    <p>Why: ${command.note}</p>
    <div class="choices">
      <button type="button" ?disabled=${isBusy()} @click=${() => void sendMove(command)}>${isBusy() ? 'Moving …' : buttonWords[command.kind]}</button>
      <button type="button" ?disabled=${isBusy()} @click=${() => fill(command)}>Change something</button>
    </div>
  </div>`
}

const standing: Record<PolicyDetail['summary']['state'], string> = {
  draft: 'nobody meets it.',
  preview: 'it judges every event beside the live one, and changes nothing.',
  live: 'it judges every new event.',
  retired: 'it judged once, and may be published again.',
}

export const policyMoves = (detail: PolicyDetail): TemplateResult => {
  const current = move.get()
  const kinds = movesFrom(detail)
  const buttons: Piece =
    kinds.length === 0
      ? nothing
      : html`<div class="choices">${kinds.map((kind) => html`<button type="button" @click=${() => fill(commandOf(detail, kind, ''))}>${buttonWords[kind]}${kind === 'roll_back' ? ` to ${detail.before}` : ''}</button>`)}</div>`
  return html`<p>In ${environmentShown()}: ${standing[detail.summary.state]}</p>
    <div class="release">${current === null ? buttons : current.stage === 'filling' ? form(detail, current) : secondLook(detail, current)}</div>`
}
