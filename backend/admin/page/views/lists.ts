import { html, nothing, type TemplateResult } from 'lit/html.js'
import * as z from 'zod/mini'
import { type ListAnswer, listAnswer, listKind, listsAnswer } from '#contract/list'
import { get, listPath, post } from '../app/api.ts'
import { focusOn } from '../app/focus.ts'
import { to } from '../app/link.ts'
import { environmentShown, state } from '../app/state.ts'
import { defineView } from '../app/view.ts'
import { isBusy, ofVisit, send } from '../app/visit.ts'
import { choice, fieldsOf, textOf } from '../parts/form.ts'
import { figure } from '../parts/format.ts'
import { empty, fact, mistakeNote, type Piece, when } from '../parts/pieces.ts'
import { fillForm, importsOf } from '../sections/lists/fill-list.ts'
import { pathOf } from '../sections/lists/send-file.ts'
import { listKindWords } from '../words/lists.ts'

/** Lists that rules look subjects up in. What is in them is kept as digests, and can't be shown. */

const mistake = ofVisit<{ at: string; words: string } | null>(null)
const mistakeAt = (at: string): Piece =>
  mistakeNote(mistake.get()?.at === at ? (mistake.get()?.words ?? '') : null)

/** The end of that day, where the reader is. */
const endOf = (day: string): string | null => (day === '' ? null : new Date(`${day}T23:59:59`).toISOString())

const make = (form: FormData): Promise<boolean> =>
  send(
    () =>
      post(listAnswer, listPath('lists', {}), {
        name: textOf(form, 'name'),
        kind: textOf(form, 'kind'),
        owner: textOf(form, 'owner'),
        description: textOf(form, 'description') || null,
        expires_at: endOf(textOf(form, 'until')),
      }),
    {
      done: async () => {
        mistake.set(null)
        await state().visit?.read()
        focusOn('h1')
      },
      refused: (words) => mistake.set({ at: 'new', words }),
    },
  )

const remove = (list: ListAnswer): Promise<boolean> =>
  send(() => post(z.null(), pathOf(list, 'remove'), {}), {
    done: async () => {
      removing.set(null)
      await state().visit?.read()
      focusOn('h1')
    },
    refused: (words) => mistake.set({ at: list.name, words }),
  })

const newList = (): TemplateResult => {
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = fieldsOf(event.target)
    if (form === null) return
    const { target } = event
    void make(form).then((isMade) => {
      if (isMade && target instanceof HTMLFormElement) target.closest('details')?.removeAttribute('open')
    })
  }
  return html`<details class="labelling new"><summary>Make a list, or change one</summary>
    <form @submit=${onSubmit}>
      ${mistakeAt('new')}
      <label for="list-name">Name <span class="quiet">(as rules write it; the name of a list that is there changes that list)</span></label>
      <input id="list-name" name="name" required pattern="[a-z][a-z0-9_]{0,63}" placeholder="mules" autocomplete="off">
      ${choice({ id: 'list-kind', name: 'kind', label: 'What is in it' }, listKindWords, listKind.options)}
      <label for="list-owner">Who answers for it</label>
      <input id="list-owner" name="owner" required maxlength="80">
      <label for="list-description">What it is for <span class="quiet">(may be empty)</span></label>
      <input id="list-description" name="description" maxlength="300">
      <label for="list-until">Until <span class="quiet">(left empty: without an end)</span></label>
      <input id="list-until" name="until" type="date">
      <div class="choices"><button type="submit" ?disabled=${isBusy()}>Save it</button></div>
    </form>
  </details>`
}

/** Which list somebody is about to remove. */
const removing = ofVisit<string | null>(null)

const removal = (list: ListAnswer): Piece => {
  const { name, used_by } = list
  if (used_by.length > 0) return nothing
  if (removing.get() !== name)
    return html`${mistakeAt(name)}<p><button type="button" @click=${() => removing.set(name)}>Remove this list</button></p>`
  return html`<div class="second" role="group" tabindex="-1">
    ${mistakeAt(name)}
    <p>${name} and its ${figure(list.entries)} entries will be gone for good. They can't be shown or copied.</p>
    <div class="choices">
      <button type="button" ?disabled=${isBusy()} @click=${() => void remove(list)}>Remove it</button>
      <button type="button" ?disabled=${isBusy()} @click=${() => removing.set(null)}>Leave it</button>
    </div>
  </div>`
}

const ends = ({ expires_at }: ListAnswer): TemplateResult | string => {
  if (expires_at === null) return 'without an end'
  const at = Date.parse(expires_at)
  return at <= state().now ? html`ended ${when(at)}: conditions on it are unknown` : when(at)
}

const usedBy = ({ used_by }: ListAnswer): TemplateResult | string =>
  used_by.length === 0
    ? 'no rule that is live or in preview'
    : html`${used_by.map(
        ({ policy, state, name }, i) =>
          html`${i === 0 ? '' : ', '}<a href=${to('/policy/:id', { id: policy })}>${name}</a> <span class="quiet">(${policy}, ${state})</span>`,
      )}`

const oneList = (list: ListAnswer): TemplateResult => html`<li class="list">
  <h2 id="list-${list.name}">${list.name}</h2>
  ${list.description === null ? nothing : html`<p>${list.description}</p>`}
  <dl class="facts">
    ${fact('Kind', listKindWords[list.kind])}
    ${fact('Entries', figure(list.entries))}
    ${fact('Owner', list.owner)}
    ${fact('Until', ends(list))}
    ${fact('Used by', usedBy(list))}
  </dl>
  <div class="release">${fillForm(list)}${importsOf(list)}${removal(list)}</div>
</li>`

const noneYet = (): TemplateResult =>
  empty(
    `No ${environmentShown()} lists`,
    html`<p>A list holds payees, users, devices, networks, domains or countries. A rule looks an event up in it: <code>{"fact": "payee", "in_list": "mules"}</code>. Make one here, or with <code>POST /lists</code>.</p>`,
  )

export const lists = defineView({
  path: '/lists',
  room: 'Lists',
  parse: (params) => params,
  load: () => get(listsAnswer, listPath('lists', {})),
  draw: ({ data }) => html`
  <div class="bar"><h1 tabindex="-1">Lists</h1></div>
  <p class="lead">Of an entry a digest is kept, so that what is in a list can be recognised and not read.</p>
  ${newList()}
  ${data.lists.length === 0 ? noneYet() : html`<ol class="lists">${data.lists.map(oneList)}</ol>`}`,
})
