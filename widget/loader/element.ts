import type { Engine } from './engine.ts'
import type { Opened } from './opened.ts'

/**
 * `<ase-checkpoint url mode theme language response-field>`: the same as `open()` for pages that are written in HTML. It
 * shows nothing by itself; `open()` starts, and events bubble as `ase:open`, `ase:statechange`, `ase:breakcontact`,
 * `ase:complete`, `ase:expire`, `ase:close`, `ase:error`. Inside a form the token travels as the field
 * `checkpoint-response`, or the one that `response-field` names. Taking it out of the page closes its dialog.
 */
export const defineElement = (engine: Engine): void => {
  class AseCheckpoint extends HTMLElement {
    static readonly formAssociated = true
    readonly #internals = this.attachInternals()
    #closing = new AbortController()

    disconnectedCallback() {
      // A framework may move the element: it is gone only if it is still gone afterwards.
      queueMicrotask(() => {
        if (this.isConnected) return
        this.#closing.abort()
        this.#closing = new AbortController()
      })
    }

    async open(): Promise<Opened> {
      const attribute = (name: string) => this.getAttribute(name) ?? ''
      const oneOf = <Known extends string>(name: string, ...known: Known[]) =>
        known.find((value) => value === attribute(name)) ?? 'auto'
      const opened = await engine.open({
        url: attribute('url'),
        mode: oneOf('mode', 'popup', 'redirect'),
        theme: oneOf('theme', 'light', 'dark'),
        signal: this.#closing.signal,
        onEvent: (name, detail) => {
          this.dispatchEvent(new CustomEvent(`ase:${name}`, { detail, bubbles: true, composed: true }))
        },
      })
      if (opened.status === 'resolved' && opened.token) {
        const field = new FormData()
        field.set(attribute('response-field') || 'checkpoint-response', opened.token)
        this.#internals.setFormValue(field)
      }
      return opened
    }
  }

  customElements.define('ase-checkpoint', AseCheckpoint)
}
