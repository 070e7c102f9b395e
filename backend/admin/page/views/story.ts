import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { SessionDetail } from '#contract/session-detail'
import { exact, money } from '../format.ts'
import { load } from '../load.ts'
import { noFilter } from '../place.ts'
import type { Loaded } from '../state.ts'
import { actionWords, standing } from '../words.ts'
import { outcomeMark, type Piece, to, when } from './parts.ts'
import { chapterAnswers } from './story-answers.ts'
import { chapterAsked } from './story-asked.ts'
import { chapterEnd, chapterSent } from './story-end.ts'
import { chapterLabels } from './story-labels.ts'
import { chapterScore } from './story-score.ts'
import { chapterTrail } from './story-trail.ts'

/** One session, read from top to bottom as what happened. */

/** `Transfer 10,000.00 USD to J. Smith`, with the payee as it was typed. */
const headline = ({ event }: SessionDetail): string =>
  [
    actionWords(event.action),
    event.amount === null ? null : money(event.amount),
    event.payee?.name == null ? null : `to “${event.payee.name}”`,
    event.target === null ? null : `→ ${event.target}`,
  ]
    .filter((part) => part !== null)
    .join(' ')

const changed = (stale: boolean): Piece =>
  stale
    ? html`<button type="button" class="changed" @click=${() => void load()}>This session has gone on. Read it again <kbd>r</kbd></button>`
    : nothing

export const storyView = ({ story, stale }: Extract<Loaded, { kind: 'session' }>): TemplateResult => {
  const { summary } = story
  const user = to({ name: 'sessions', filter: { ...noFilter, user: summary.user_id } }, summary.environment)
  const sameReference = to(
    { name: 'sessions', filter: { ...noFilter, reference: story.case_reference } },
    summary.environment,
  )
  return html`<article class="story">
    <div class="bar"><h1 tabindex="-1">${headline(story)}</h1><div class="arrivals" role="status">${changed(stale)}</div></div>
    <p class="lead">${outcomeMark(summary.outcome, summary.status === 'open')} <span class="standing">${standing(summary)}</span>
      · asked by <a href=${user}>${summary.user_id}</a> ${when(summary.created_at)} <span class="quiet">${exact(summary.created_at)}${summary.environment === 'test' ? ' · test' : ''}</span>
      · reference <a class="whole" href=${sameReference}>${story.case_reference}</a></p>
    ${chapterAsked(story)}${chapterScore(story)}${chapterLabels(story)}${chapterAnswers(story)}${chapterSent(story)}${chapterEnd(story)}${chapterTrail(story)}
  </article>`
}
