import { defineElement } from './element.ts'
import { createEngine, type Engine } from './engine.ts'

declare global {
  var AntiSocialEngine: Engine | undefined
}

/**
 * The script tag's entry. The checkpoint's origin is the origin this script came from, asked once while it runs. Included
 * twice, the first one stays; imported on a server, nothing happens.
 */
if (typeof document !== 'undefined' && !globalThis.AntiSocialEngine) {
  const script = document.currentScript
  const origin = script instanceof HTMLScriptElement ? new URL(script.src).origin : null
  const engine = createEngine(origin)
  globalThis.AntiSocialEngine = engine
  defineElement(engine)
}
