import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { PolicyMoveKind } from '#contract/policy'
import type { PolicyDetail } from '#contract/policy-detail'
import { checkMove, dropMove, fillMove, sendMove } from '../move-policy.ts'
import { environmentShown, type PolicyMove, state } from '../state.ts'
import type { Piece } from './parts.ts'

/** The moves that a version can make from where it stands, each with its reason and a second look. */

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

const wishOf = (story: PolicyDetail, kind: PolicyMoveKind, note: string) => ({
  environment: environmentShown(),
  kind,
  policy: story.summary.id,
  expected_live: story.live,
  note,
})

const form = (story: PolicyDetail, { wish, mistake }: PolicyMove): TemplateResult => {
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const field = event.target instanceof HTMLFormElement ? new FormData(event.target).get('note') : null
    const note = typeof field === 'string' ? field.replace(/\s+/gu, ' ').trim() : ''
    if (note !== '') checkMove(wishOf(story, wish.kind, note))
  }
  return html`<form @submit=${onSubmit}>
    <p>${consequence(story, wish.kind)}</p>
    ${mistake === null ? nothing : html`<p class="notice" role="alert">${mistake}</p>`}
    <label for="move-note">Why</label>
    <textarea id="move-note" name="note" required maxlength="300" rows="2" .value=${wish.note}></textarea>
    <div class="choices"><button type="submit">Look it over</button><button type="button" @click=${dropMove}>Leave it</button></div>
  </form>`
}

const secondLook = (story: PolicyDetail, { wish }: PolicyMove): TemplateResult => {
  const { busy } = state()
  return html`<div class="second" role="group" aria-labelledby="move-title" tabindex="-1">
    <p id="move-title"><strong>${buttonWords[wish.kind]} in ${wish.environment}?</strong></p>
    <p>${consequence(story, wish.kind)}</p>
    <p>Why: ${wish.note}</p>
    <div class="choices">
      <button type="button" ?disabled=${busy} @click=${() => void sendMove()}>${busy ? 'Moving …' : buttonWords[wish.kind]}</button>
      <button type="button" ?disabled=${busy} @click=${() => fillMove(wish)}>Change something</button>
    </div>
  </div>`
}

const standing: Record<PolicyDetail['summary']['state'], string> = {
  draft: 'nobody meets it.',
  preview: 'it judges every event beside the live one, and changes nothing.',
  live: 'it judges every new event.',
  retired: 'it judged once, and may be published again.',
}

export const policyMoves = (story: PolicyDetail): TemplateResult => {
  const { policyMove: move } = state()
  const kinds = movesFrom(story)
  const buttons: Piece =
    kinds.length === 0
      ? nothing
      : html`<div class="choices">${kinds.map((kind) => html`<button type="button" @click=${() => fillMove(wishOf(story, kind, ''))}>${buttonWords[kind]}${kind === 'roll_back' ? ` to ${story.before}` : ''}</button>`)}</div>`
  return html`<p>In ${environmentShown()}: ${standing[story.summary.state]}</p>
    <div class="release">${move === null ? buttons : move.stage === 'filling' ? form(story, move) : secondLook(story, move)}</div>`
}
