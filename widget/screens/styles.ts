/**
 * The checkpoint's one style sheet, inlined by the server with a nonce. Tokens first: light, dark and forced colours
 * come from the same names. Contrast of text is at least 7:1 (WCAG 2.2, 1.4.6), of edges at least 3:1 (1.4.11).
 * Red belongs to Break Contact alone.
 */

const light = `
  --paper: #efece5; --card: #fffdf9; --ink: #18222b; --quiet: #434d57; --line: #dcd7cc; --edge: #7b7568;
  --press: #f2eee6; --accent: #0d4d48; --on-accent: #ffffff; --tint: #e9f1ee; --red: #86190f; --red-tint: #fbece8;
  --shade: 0 1px 2px rgb(24 34 43 / 6%), 0 12px 40px rgb(24 34 43 / 10%);`

const dark = `
  --paper: #0c1113; --card: #151c1f; --ink: #f2f5f3; --quiet: #bcc7c6; --line: #2c373a; --edge: #7f8e90;
  --press: #202a2d; --accent: #9fdcd2; --on-accent: #06211e; --tint: #1c282a; --red: #ffb9ad; --red-tint: #331d1a;
  --shade: 0 1px 2px rgb(0 0 0 / 40%), 0 12px 40px rgb(0 0 0 / 40%);`

const tokens = `
:root { color-scheme: light; ${light} }
@media (prefers-color-scheme: dark) { :root { color-scheme: dark; ${dark} } }
:root[data-theme='light'] { color-scheme: light; ${light} }
:root[data-theme='dark'] { color-scheme: dark; ${dark} }`

const page = `
*, *::before, *::after { box-sizing: border-box; }
html { background: var(--paper); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; color: var(--ink);
  font: 400 1.0625rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
.checkpoint {
  display: flex; flex-direction: column; gap: 16px; inline-size: 100%; max-inline-size: 452px;
  min-block-size: 640px; padding: 24px; background: var(--card); border: 1px solid var(--line);
  border-radius: 20px; box-shadow: var(--shade); overflow-wrap: anywhere;
}
:root[data-framed], :root[data-framed] body { background: var(--card); }
:root[data-framed] body { place-items: stretch; min-block-size: 0; }
:root[data-framed] .checkpoint {
  max-inline-size: none; min-block-size: 100vh; min-block-size: 100dvh; border: 0; border-radius: 0; box-shadow: none;
}
@media (max-width: 360px) { .checkpoint { padding-inline: 16px; } }
p, h1, ol, dl, dd { margin: 0; padding: 0; }
h1 { font-size: 1.4375rem; line-height: 1.25; font-weight: 680; letter-spacing: -0.012em; text-wrap: balance; outline: none; }
b { font-weight: 650; }
.quiet { color: var(--quiet); }
.small, .label { font-size: 0.9375rem; line-height: 1.45; }
.label { color: var(--quiet); }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
@media (scripting: enabled) { .without-script { display: none; } }`

const parts = `
.brand { display: flex; align-items: center; gap: 8px; min-block-size: 28px; }
.brand .close {
  margin-inline-start: auto; margin-block: -10px; margin-inline-end: -10px; inline-size: 48px; block-size: 48px;
  min-block-size: 48px; padding: 0; border-color: transparent; background: transparent; font-size: 1.625rem; font-weight: 400;
}
.mark {
  display: grid; place-items: center; flex: none; inline-size: 28px; block-size: 28px; border-radius: 8px;
  background: var(--accent); color: var(--on-accent); font-size: 0.9375rem; font-weight: 700; line-height: 1;
}
.company { font-weight: 650; letter-spacing: -0.005em; }
.test {
  margin-inline-start: 4px; padding: 0 8px; border: 1px solid var(--edge); border-radius: 8px;
  color: var(--quiet); font-size: 0.875rem;
}
.summary { padding: 12px 16px; background: var(--tint); border-radius: 12px; }
.summary .line { font-size: 1.1875rem; line-height: 1.35; font-weight: 620; font-variant-numeric: tabular-nums; text-wrap: balance; }
.summary dl { margin-block-start: 12px; border-block-start: 1px solid var(--line); padding-block-start: 8px; }
.summary dl div { display: flex; gap: 12px; padding-block: 2px; }
.summary dt { flex: 0 0 6.25rem; color: var(--quiet); }
.summary dd { flex: 1; font-weight: 560; }
.new { color: var(--quiet); font-weight: 400; }
.new::before { content: '· '; }
.ask { display: flex; flex-direction: column; gap: 8px; }
.ask .answers { margin-block-start: 8px; }
.never { color: var(--quiet); }
.error {
  padding: 8px 12px; border-inline-start: 4px solid var(--accent); border-radius: 4px;
  background: var(--press); font-weight: 560;
}`

const controls = `
.answers { display: flex; flex-direction: column; gap: 8px; }
button, .button {
  display: flex; align-items: center; justify-content: center; inline-size: 100%; min-block-size: 50px; margin: 0;
  padding: 10px 16px; border: 1.5px solid var(--edge); border-radius: 12px; background: var(--card); color: var(--ink);
  font: inherit; font-weight: 600; line-height: 1.3; text-align: center; text-decoration: none; cursor: pointer;
  font-variant-numeric: tabular-nums; transition: background-color 150ms; touch-action: manipulation;
}
/* Five answers or more, behind two hidden fields: a little lower, so that all of them stand above the fold. */
.answers:has(:nth-child(7)) button { min-block-size: 44px; padding-block: 8px; }
button:hover, .button:hover { background: var(--press); }
button[aria-disabled='true'] { color: var(--quiet); border-style: dashed; cursor: default; background: transparent; }
.way-out { display: flex; flex-direction: column; gap: 8px; margin-block-start: auto; padding-block-start: 8px; }
.stop, .go { min-block-size: 54px; background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.stop:hover, .go:hover { background: color-mix(in srgb, var(--accent) 90%, var(--ink)); }
.plain {
  min-block-size: 44px; padding: 4px 8px; border-color: transparent; background: transparent; font-weight: 560;
  text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 4px;
}
input.code, textarea {
  inline-size: 100%; padding: 8px 16px; border: 1.5px solid var(--edge); border-radius: 12px; background: var(--card);
  color: var(--ink); font: inherit;
}
input.code {
  min-block-size: 56px; font-size: 1.625rem; font-weight: 600; letter-spacing: 0.22em; text-align: center;
  font-variant-numeric: tabular-nums;
}
input[aria-invalid='true'] { border-width: 3px; border-color: var(--ink); }
textarea { resize: vertical; min-block-size: 96px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.stop:focus-visible, .go:focus-visible { outline-color: var(--ink); }
/* The heading takes the focus to be read out; there is nothing to press on it. */
h1:focus-visible { outline: none; }
.notice {
  display: flex; flex-direction: column; gap: 8px; padding: 12px 16px; border: 2px solid var(--accent);
  border-radius: 12px; background: var(--card); color: var(--ink);
}
body > noscript > .notice { margin: 8px; }
/* A click counts only once the window has been seen for a moment: until then it goes nowhere. */
:root[data-guard] .checkpoint form { pointer-events: none; }`

const breakContact = `
.urgent h1 { margin-block-start: 4px; color: var(--red); }
.steps { display: flex; flex-direction: column; gap: 8px; margin-block: 8px; list-style: none; counter-reset: step; }
.steps li { position: relative; padding-inline-start: 40px; min-block-size: 28px; line-height: 1.4; counter-increment: step; }
.steps li::before {
  content: counter(step); position: absolute; inset-inline-start: 0; inset-block-start: 0; display: grid;
  place-items: center; inline-size: 26px; block-size: 26px; border-radius: 50%; background: var(--red-tint);
  color: var(--red); font-size: 0.9375rem; font-weight: 700; line-height: 1;
}
.phone { white-space: nowrap; }
.case { padding: 12px 16px; border-radius: 12px; background: var(--tint); }
.urgent .case { background: var(--red-tint); }
/* One column with the report that unfolds above them. */
.urgent > .plain { justify-content: start; padding-inline: 0; text-align: start; }
.reference { font-size: 1.75rem; line-height: 1.2; font-weight: 700; letter-spacing: 0.06em; font-variant-numeric: tabular-nums; }
.case .small { margin-block-start: 8px; }
details { border-radius: 12px; }
summary { display: flex; align-items: center; min-block-size: 44px; font-weight: 560; cursor: pointer; text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 4px; }
details form { padding-block-end: 8px; }`

const media = `
@media (max-width: 480px), (max-height: 720px) {
  html, body { background: var(--card); }
  body { place-items: stretch center; }
  .checkpoint {
    min-block-size: 100vh; min-block-size: 100dvh; border: 0; border-radius: 0; box-shadow: none;
    padding: 12px 20px 16px; gap: 12px;
  }
  .summary { padding-block: 8px; }
  .way-out { padding-block-start: 0; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
@media (forced-colors: active) {
  .checkpoint, .summary, .case, .error, .mark { border: 1px solid CanvasText; }
  .stop, .go { border-width: 3px; }
  button[aria-disabled='true'] { color: GrayText; border-color: GrayText; }
}
@media print {
  .checkpoint { border: 0; box-shadow: none; min-block-size: 0; }
  details, button, .notice { display: none; }
}`

export const styles = [tokens, page, parts, controls, breakContact, media].join('\n')
