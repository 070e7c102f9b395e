import { html, nothing, type TemplateResult } from 'lit/html.js'
import { type SessionDetail, sessionDetail } from '#contract/session-detail'
import { get, mapped, onePath } from '../app/api.ts'
import { to } from '../app/link.ts'
import { state } from '../app/state.ts'
import { defineView } from '../app/view.ts'
import { exact, money } from '../parts/format.ts'
import { outcomeMark, type Piece, when } from '../parts/pieces.ts'
import { answersSection } from '../sections/session/answers.ts'
import { askedSection } from '../sections/session/asked.ts'
import { endSection, sentSection } from '../sections/session/end.ts'
import { labelsSection } from '../sections/session/labels.ts'
import { scoreSection } from '../sections/session/score.ts'
import { trailSection } from '../sections/session/trail.ts'
import { actionWords } from '../words/codes.ts'
import { standing } from '../words/outcomes.ts'
import { sessions } from './sessions.ts'

/** One session, read from top to bottom as what happened. */

/** `stale`: the session has changed since it was read. */
type Data = { detail: SessionDetail; stale: boolean }

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
    ? html`<button type="button" class="changed" @click=${() => void state().visit?.read()}>This session has gone on. Read it again <kbd>r</kbd></button>`
    : nothing

const lead = ({ summary, case_reference: reference }: SessionDetail): TemplateResult => {
  const { user_id: user, environment } = summary
  return html`<p class="lead">${outcomeMark(summary.outcome, summary.status === 'open')} <span class="standing">${standing(summary)}</span>
      · asked by <a href=${to('/?user', { user }, environment)}>${user}</a> ${when(summary.created_at)} <span class="quiet">${exact(summary.created_at)}${environment === 'test' ? ' · test' : ''}</span>
      · reference <a class="whole" href=${to('/?reference', { reference }, environment)}>${reference}</a></p>`
}

export const session = defineView({
  path: '/sessions/:id',
  within: sessions,
  goesBack: true,
  parse: (params) => params,
  load: async ({ id }) =>
    mapped(await get(sessionDetail, onePath('sessions', id)), (detail): Data => ({ detail, stale: false })),
  draw: ({ data: { detail, stale } }) => html`<article class="story">
    <div class="bar"><h1 tabindex="-1">${headline(detail)}</h1><div class="arrivals" role="status">${changed(stale)}</div></div>
    ${lead(detail)}
    ${askedSection(detail)}${scoreSection(detail)}${labelsSection(detail)}${answersSection(detail)}${sentSection(detail)}${endSection(detail)}${trailSection(detail)}
  </article>`,
  title: ({ detail: { event, summary } }) => `${actionWords(event.action)} ${summary.id}`,
  live: {
    take: ({ data }, { id, version }) =>
      data.detail.summary.id === id ? { ...data, stale: data.detail.summary.version < version } : data,
  },
})
