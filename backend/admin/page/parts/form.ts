import { html, type TemplateResult } from 'lit/html.js'

/** What forms are made of and read by. */

/** What was filled into the form that an event is about. */
export const fieldsOf = (target: EventTarget | null): FormData | null =>
  target instanceof HTMLFormElement ? new FormData(target) : null

/** What was typed into a field, in one line and without blanks around it. */
export const textOf = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value.replace(/\s+/gu, ' ').trim() : ''
}

/** A list to choose from. `first` stands in it while nothing is chosen; a choice that has to be made says *Choose …*. */
export const choice = <Value extends string>(
  { id, name, label, first }: { id: string; name: string; label: string; first?: string },
  words: Record<Value, string>,
  values: readonly Value[],
): TemplateResult => html`<label for=${id}>${label}</label>
  <select id=${id} name=${name} ?required=${first === undefined}>
    <option value="">${first ?? 'Choose …'}</option>
    ${values.map((value) => html`<option value=${value}>${words[value]}</option>`)}
  </select>`
