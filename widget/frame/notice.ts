import { html, nothing, render } from 'lit/html.js'

export type NoticeChoice = { label: string; choose: () => void }

/**
 * Words about what is being waited for or went wrong, with what can be done instead. They stand in the screen's flow and
 * use its free space first: laid over it, they would be the very cover that presses don't count under. Nothing that was
 * typed is touched. The sentence is also put into the page's live region.
 */
export const createNotice = (announce: (sentence: string) => void) => {
  const root = document.createElement('div')
  root.className = 'notice'

  const hide = () => root.remove()
  const show = (main: Element, sentence: string, choices: readonly (NoticeChoice | false)[]) => {
    const button = (choice: NoticeChoice) => {
      const choose = () => {
        hide()
        choice.choose()
      }
      return html`<button type="button" @click=${choose}>${choice.label}</button>`
    }
    render(html`<p>${sentence}</p>${choices.map((choice) => (choice ? button(choice) : nothing))}`, root)
    main.querySelector('header')?.after(root)
    announce(sentence)
  }
  return { show, hide }
}
export type Notice = ReturnType<typeof createNotice>
