import { html, nothing, type TemplateResult } from 'lit/html.js'
import { columnsOf, type ImportMode, importMode, type ListAnswer, type ListImport } from '#contract/list'
import { focusOn } from '../../app/focus.ts'
import { state } from '../../app/state.ts'
import { isBusy, ofVisit, send } from '../../app/visit.ts'
import { choice, fieldsOf } from '../../parts/form.ts'
import { counted, figure } from '../../parts/format.ts'
import { mistakeNote, type Piece, when } from '../../parts/pieces.ts'
import { importDoneWords, importModeWords, importStateWords } from '../../words/lists.ts'
import { type FileSent, sendFile, undoImport } from './send-file.ts'

/** Filling a list from a file, and what its imports brought. */

type Filling = { list: string } & (
  | { stage: 'sending'; share: number }
  | { stage: 'done'; sent: FileSent }
  | { stage: 'refused'; why: string }
)

const filling = ofVisit<Filling | null>(null)
const entriesWords = (count: number): string => counted(count, 'entry', 'entries')

const fill = async (list: ListAnswer, form: FormData): Promise<void> => {
  const file = form.get('file')
  const mode = importMode.safeParse(form.get('mode'))
  if (!(file instanceof File) || !mode.success) return
  const name = list.name
  const told = (share: number) => filling.set({ list: name, stage: 'sending', share })
  await send(() => sendFile(list, mode.data, file, told), {
    asked: () => told(0),
    done: async (sent) => {
      filling.set({ list: name, stage: 'done', sent })
      await state().visit?.read()
      focusOn(`#filled-${name}`)
    },
    refused: (why) => filling.set({ list: name, stage: 'refused', why }),
  })
}

const percent = (share: number): string => `${Math.floor(share * 100)} %`

const sending = (share: number): TemplateResult => html`<p role="status">
  <progress max="1" .value=${share}>${percent(share)}</progress> ${percent(share)} taken. Nobody meets any of it before all of it is there.
</p>`

const done = (
  name: string,
  { lines, entries, duplicates, rejected, rejections }: FileSent,
): TemplateResult => html`
  <div id="filled-${name}" tabindex="-1">
    <p role="status"><strong>${entries === 0 ? 'Nothing was taken; the list is as it was.' : `${entriesWords(entries)} taken.`}</strong>
      ${counted(lines, 'line')}${duplicates === 0 ? '' : `, ${figure(duplicates)} said again what another one said`}${rejected === 0 ? '' : `, ${figure(rejected)} could not be read`}.</p>
    ${
      rejections.length === 0
        ? nothing
        : html`<ul>${rejections.map(({ line, detail }) => html`<li>Line ${line}: ${detail}</li>`)}</ul>
          ${rejected > rejections.length ? html`<p class="quiet">The first ${rejections.length} of ${figure(rejected)}.</p>` : nothing}`
    }
  </div>`

const outcome = (name: string): Piece => {
  const current = filling.get()
  if (current === null || current.list !== name) return nothing
  if (current.stage === 'sending') return sending(current.share)
  return current.stage === 'done' ? done(name, current.sent) : mistakeNote(current.why)
}

/** The form that fills a list. */
export const fillForm = (list: ListAnswer): TemplateResult => {
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = fieldsOf(event.target)
    if (form !== null) void fill(list, form)
  }
  const { name, kind } = list
  return html`<details class="labelling"><summary>Fill it from a file</summary>
    <form @submit=${onSubmit}>
      <p>A CSV file. Its first line names the columns, out of <code>${columnsOf(kind).join(',')}</code>.</p>
      <label for="file-${name}">File</label>
      <input id="file-${name}" name="file" type="file" accept=".csv,text/csv" required>
      ${choice({ id: `mode-${name}`, name: 'mode', label: 'What to do' }, importModeWords, importMode.options)}
      <div class="choices"><button type="submit" ?disabled=${isBusy()}>${isBusy() ? 'Sending …' : 'Send it'}</button></div>
    </form>
  </details>${outcome(name)}`
}

/** Which import somebody is about to undo. */
const undoing = ofVisit<{ id: string; mistake: string | null } | null>(null)

const undo = (list: ListAnswer, id: string): Promise<boolean> =>
  send(() => undoImport(list, id), {
    done: async () => {
      undoing.set(null)
      await state().visit?.read()
      focusOn('h1')
    },
    refused: (mistake) => undoing.set({ id, mistake }),
  })

const follows: Record<ImportMode, string> = {
  add: 'Its entries leave the list.',
  replace: 'The list becomes what it was before this import.',
  remove: 'Its entries come back into the list.',
}

const undoPart = (list: ListAnswer, { id, mode, undoable }: ListImport): Piece => {
  const current = undoing.get()
  if (!undoable) return nothing
  if (current?.id !== id)
    return html`<button type="button" @click=${() => undoing.set({ id, mistake: null })}>Undo</button>`
  return html`<div class="second" role="group" tabindex="-1">
    ${mistakeNote(current.mistake)}
    <p>${follows[mode]} That counts from the next event on.</p>
    <div class="choices">
      <button type="button" ?disabled=${isBusy()} @click=${() => void undo(list, id)}>Undo it</button>
      <button type="button" ?disabled=${isBusy()} @click=${() => undoing.set(null)}>Leave it</button>
    </div>
  </div>`
}

/** The latest imports of a list. */
export const importsOf = (list: ListAnswer): Piece =>
  list.imports.length === 0
    ? nothing
    : html`<h3>Imports</h3><ul class="imports">${list.imports.map(
        (one) => html`<li>
          ${when(Date.parse(one.at))} <span class="quiet">${one.by}</span>:
          ${entriesWords(one.entries)} ${one.state === 'committed' || one.state === 'undone' ? importDoneWords[one.mode] : 'sent'}${one.rejected === 0 ? '' : `, ${counted(one.rejected, 'line')} not read`}
          · ${importStateWords[one.state]} ${undoPart(list, one)}
        </li>`,
      )}</ul>`
