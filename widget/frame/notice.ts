import { html, nothing, render } from 'lit/html.js'

export type NoticeChoice = { label: string; choose: () => void }

/**
 * Words over the top of the page about what is being waited for or went wrong, with what can be done instead. It lies
 * outside the screen, so nothing moves and nothing typed is lost. The sentence is also put into the page's live region.
 */
export const createNotice = (announce: (sentence: string) => void) => {
  const root = document.createElement('div')
  root.className = 'notice'
  root.hidden = true
  document.body.append(root)

  const hide = () => {
    root.hidden = true
  }
  const show = (sentence: string, choices: readonly (NoticeChoice | false)[]) => {
    const button = (choice: NoticeChoice) => {
      const choose = () => {
        hide()
        choice.choose()
      }
      return html`<button type="button" @click=${choose}>${choice.label}</button>`
    }
    render(html`<p>${sentence}</p>${choices.map((choice) => (choice ? button(choice) : nothing))}`, root)
    root.hidden = false
    announce(sentence)
  }
  return { show, hide }
}
export type Notice = ReturnType<typeof createNotice>
