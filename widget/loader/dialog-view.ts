import * as words from './words.ts'

/**
 * The dialog in the customer's page: native and modal, so it stands above the page's own dialogs and the page behind it
 * is inert; inside a shadow root, so the page's styles can't reach it. Styles come as a constructed sheet, which needs no
 * `style-src` (CSP 3 governs elements and attributes only).
 */

/**
 * The loader's own face in the same tokens as the frame. Nothing of it ever lies over a frame that is shown, not even a close
 * button: browsers judge a frame of another site as one piece, and would report all of it as covered. So the close button
 * stands with the words, and a frame that is shown brings its own.
 */
const sheetText = `\
dialog{--p:#fffdf9;--i:#18222b;--e:#7b7568;position:fixed;inset:0;z-index:99999;width:min(452px,100vw);height:min(var(--h,660px),100dvh);max-width:none;max-height:none;padding:0;border:0;\
border-radius:20px;overflow:hidden;overscroll-behavior:contain;background:var(--p);color:var(--i);box-shadow:0 16px 64px #0004;font:17px/1.5 system-ui,sans-serif}\
.dark{--p:#151c1f;--i:#f2f5f3;--e:#7f8e90}\
@media(prefers-color-scheme:dark){.auto{--p:#151c1f;--i:#f2f5f3;--e:#7f8e90}}\
dialog::backdrop{background:#0a101499}\
@media(max-width:480px){dialog{width:100vw;height:100dvh;border-radius:0}}\
iframe{display:block;width:100%;height:100%;border:0;color-scheme:normal}\
.w{visibility:hidden}\
section{position:absolute;inset:0;display:grid;align-content:center;gap:12px;padding:32px;background:var(--p)}\
[hidden]{display:none}\
a,button{padding:10px 16px;border:1.5px solid var(--e);border-radius:12px;background:none;color:inherit;font:inherit;font-weight:600;text-align:center;\
text-decoration:none}\
.x{position:absolute;top:0;inset-inline-end:0;padding:0;width:48px;height:48px;border:0;font-size:26px}\
:focus-visible{outline:3px solid;outline-offset:-4px}`

/** An element with these properties. */
export const make = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
): HTMLElementTagNameMap[Tag] => Object.assign(document.createElement(tag), properties)

/** Builds the elements, shows nothing yet. */
export const createDialogView = (theme: string) => {
  const host = make('div')
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(sheetText)
  root.adoptedStyleSheets = [sheet]

  const dialog = make('dialog', { className: theme, ariaLabel: words.title })
  const frame = make('iframe', { title: words.title, className: 'w', referrerPolicy: 'origin' })
  // Its own origin, but neither navigation of this page, nor windows, nor dialogs of the browser.
  frame.sandbox = 'allow-scripts allow-forms allow-same-origin'
  const close = make('button', { className: 'x', ariaLabel: words.close, textContent: '×' })
  const panel = make('section')
  // An output is a status to assistive technology: what it says is read out.
  const sentence = make('output')
  dialog.append(frame, panel)
  root.append(dialog)

  /** Words in place of the frame, and what can be done instead of waiting. */
  const say = (text: string, ...choices: HTMLElement[]) => {
    sentence.textContent = text
    panel.replaceChildren(sentence, ...choices, close)
    panel.hidden = false
  }
  return { host, root, dialog, frame, close, panel, say }
}
