import { html, type TemplateResult } from 'lit/html.js'
import type { Answer } from '../app/api.ts'
import { focusOn } from '../app/focus.ts'
import { isBusy, ofVisit, readAgain, send } from '../app/visit.ts'

/** What can't be taken back is filled in, looked at once more, and then sent. */

type Staged<Command> = { command: Command; stage: 'filling' | 'checking'; mistake: string | null }

/** `field`: where the keyboard goes in the form; `after`: where it goes once the command was carried out. */
type Ways<Command, Value> = {
  post: (command: Command) => Promise<Answer<Value>>
  field: (command: Command) => string
  after: (command: Command) => string
}

type Look = { id: string; question: string; body: unknown; words: string; busyWords: string }

export const stagedCommand = <Command, Value>({ post, field, after }: Ways<Command, Value>) => {
  const current = ofVisit<Staged<Command> | null>(null)
  /** Opens the form, with what was typed before. */
  const fill = (command: Command, mistake: string | null = null): void => {
    current.set({ command, stage: 'filling', mistake })
    focusOn(field(command))
  }
  const carryOut = (command: Command): Promise<boolean> =>
    send(() => post(command), {
      done: () => {
        current.set(null)
        return readAgain(after(command))
      },
      refused: (why) => fill(command, why),
    })
  return {
    get: current.get,
    fill,
    /** Shows what would happen. */
    check: (command: Command): void => {
      current.set({ command, stage: 'checking', mistake: null })
      focusOn('.second')
    },
    drop: (): void => {
      current.set(null)
      focusOn('h1')
    },
    /** The second look, with the way on and the way back. */
    look: (command: Command, { id, question, body, words, busyWords }: Look): TemplateResult =>
      html`<div class="second" role="group" aria-labelledby=${id} tabindex="-1">
    <p id=${id}><strong>${question}</strong></p>
    ${body}
    <div class="choices">
      <button type="button" ?disabled=${isBusy()} @click=${() => void carryOut(command)}>${isBusy() ? busyWords : words}</button>
      <button type="button" ?disabled=${isBusy()} @click=${() => fill(command)}>Change something</button>
    </div>
  </div>`,
  }
}
