import type { Engine } from './engine.ts'
import type { Opened, OpenOptions } from './opened.ts'

/**
 * `<ase-checkpoint url mode theme language response-field>`: the same as `open()` for pages that are written in HTML. It
 * shows nothing by itself; `open()` starts, and events bubble as `ase:open`, `ase:statechange`, `ase:breakcontact`,
 * `ase:complete`, `ase:expire`, `ase:close`, `ase:error`. Inside a form the token travels as the field
 * `checkpoint-response`, or the one that `response-field` names. Taking it out of the page closes its dialog.
 */
export const defineElement = (engine: Engine): void => {
  if (customElements.get('ase-checkpoint')) return

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
      const attribute = (name: string) => this.getAttribute(name) ?? undefined
      const mode = (['popup', 'redirect'] as const).find((known) => known === attribute('mode'))
      const theme = (['light', 'dark'] as const).find((known) => known === attribute('theme'))
      const options: OpenOptions = {
        url: attribute('url') ?? '',
        mode: mode ?? 'auto',
        theme: theme ?? 'auto',
        signal: this.#closing.signal,
        onEvent: (name, detail) => {
          this.dispatchEvent(new CustomEvent(`ase:${name}`, { detail, bubbles: true, composed: true }))
        },
      }
      const language = attribute('language')
      const opened = await engine.open(language ? { ...options, language } : options)
      if (opened.status === 'resolved' && opened.token) {
        const field = new FormData()
        field.set(attribute('response-field') ?? 'checkpoint-response', opened.token)
        this.#internals.setFormValue(field)
      }
      return opened
    }
  }

  customElements.define('ase-checkpoint', AseCheckpoint)
}
