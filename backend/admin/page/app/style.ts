/**
 * Dense and quiet: one type size for reading, figures in columns, hairlines instead of boxes. Colour says how a session
 * came out and nothing else; everything that colour says stands there in words too.
 */
export const css = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #15171a);
  --raised: light-dark(#f5f6f7, #1d2024);
  --line: light-dark(#dfe2e6, #32363c);
  --ink: light-dark(#16191d, #e8eaed);
  --soft: light-dark(#545b64, #a6adb7);
  --bar: light-dark(#6a727d, #8b94a0);
  --track: light-dark(#eceef0, #272b30);
  --allow: light-dark(#0b6b3a, #6fd39b);
  --wait: light-dark(#7a4b00, #f0bd62);
  --stop: light-dark(#a5161f, #ff9d97);
  --focus: light-dark(#1f4fd8, #9db8ff);
  font: 14px/1.45 system-ui, sans-serif;
  font-variant-numeric: tabular-nums;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); }
#app { display: flex; flex-direction: column; min-height: 100vh; }
a { color: inherit; text-underline-offset: 3px; text-decoration-color: var(--soft); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; border-radius: 3px; }
h1:focus, h1:focus-visible { outline: none; }
h1 { font-size: 18px; line-height: 1.3; margin: 0; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-size: 14px; margin: 0 0 8px; font-weight: 650; }
h3 { font-size: 14px; margin: 12px 0 4px; font-weight: 600; }
p { margin: 0 0 8px; }
code, kbd, pre { font: 12.5px/1.5 ui-monospace, monospace; }
code { overflow-wrap: anywhere; }
pre { background: var(--raised); padding: 12px; border-radius: 6px; overflow: auto; margin: 0 0 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
kbd { border: 1px solid var(--line); border-radius: 3px; padding: 0 4px; color: var(--soft); }
button, input, select, textarea { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--bar); border-radius: 6px; padding: 5px 12px; min-height: 32px; }
button { cursor: pointer; }
button { border-color: var(--line); }
button:hover { background: var(--raised); }
button:disabled { color: var(--soft); cursor: default; }
.quiet { color: var(--soft); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.unknown { color: var(--soft); font-style: italic; }
blockquote { margin: 0; padding-left: 10px; border-left: 3px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 18px; }
ol { margin: 0; padding: 0; list-style: none; }

header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: 6px 18px; padding: 8px 20px; background: var(--ground); border-bottom: 1px solid var(--line); }
header a { text-decoration: none; }
.home { font-weight: 650; }
nav { display: flex; flex-wrap: wrap; gap: 0 14px; }
nav a { padding: 5px 0; color: var(--soft); border-bottom: 2px solid transparent; }
nav a[aria-current=page], nav a[aria-current=true] { color: var(--ink); border-color: var(--ink); }
.search { flex: 1; min-width: 200px; }
.search input { width: 100%; max-width: 360px; }
.search input::placeholder { color: var(--soft); opacity: 1; }
header button.quiet { border-color: transparent; padding: 5px 4px; }
.live { color: var(--soft); white-space: nowrap; }
.live::before { content: ''; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border-radius: 50%; border: 1px solid var(--soft); }
.live.on::before { background: var(--soft); }

.choice { display: inline-flex; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.choice a { padding: 4px 10px; color: var(--soft); text-decoration: none; border-left: 1px solid var(--line); }
.choice a:first-child { border-left: 0; }
.choice a[aria-current=true] { background: var(--raised); color: var(--ink); font-weight: 600; }
.choice a:focus-visible { outline-offset: -2px; }
.chip { padding: 4px 10px; border: 1px solid var(--line); border-radius: 6px; text-decoration: none; overflow-wrap: anywhere; }

main { flex: 1; padding: 14px 20px 40px; width: 100%; max-width: 1400px; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 18px; min-height: 36px; margin-bottom: 10px; }
.filters { display: flex; flex-wrap: wrap; gap: 8px; }
.arrivals { min-height: 34px; }
.notice { padding: 8px 12px; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; }
.more { margin: 14px 0; }

.row { display: grid; gap: 0 14px; align-items: baseline; padding: 5px 8px; border-bottom: 1px solid var(--line); text-decoration: none; }
.row.session { grid-template-columns: 84px 206px 72px 116px 120px 96px minmax(0, 1fr); }
.row.backtest { grid-template-columns: 84px minmax(0, 1fr) 180px 190px 110px 80px; }
.row.incident { grid-template-columns: 84px 86px minmax(0, 1fr) 56px 150px 120px 104px; }
.row.exposed { grid-template-columns: 84px minmax(0, 1fr) 130px 120px; }
.row.policy { grid-template-columns: 96px 90px minmax(0, 1fr) 180px 90px 130px; }
.row > span { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row.head { color: var(--soft); font-size: 12px; }
a.row:hover, a.row:focus-visible { background: var(--raised); }
a.row:focus-visible { outline-offset: -2px; }
.row .when, .row .why, .standing { color: var(--soft); }
.row .score, .row .amount, .figure { text-align: right; }
.reference { font-weight: 600; }
.whole { white-space: nowrap; }
.silence { padding: 8px 20px; background: var(--raised); border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.mark { margin-right: 6px; padding: 0 6px; border: 1px solid var(--bar); border-radius: 9px; font-size: 12px; color: var(--ink); }
.outcome { font-weight: 600; white-space: nowrap; }
.outcome::before { content: ''; display: inline-block; width: 8px; height: 8px; margin-right: 7px; border-radius: 2px; box-sizing: border-box; background: currentColor; }
.outcome.allow { color: var(--allow); }
.outcome.open, .outcome.delay_verify { color: var(--wait); }
.outcome.open::before { background: none; border: 2px solid currentColor; }
.outcome.block_escalate { color: var(--stop); }

.empty { max-width: 620px; padding: 24px 0; }
.login { display: grid; place-items: center; }
.login form { display: grid; gap: 8px; width: min(100%, 340px); margin: 8vh 0; }
.login input { width: 100%; min-height: 44px; margin-bottom: 6px; }
.login .main { min-height: 44px; background: var(--ink); color: var(--ground); border-color: var(--ink); }
.login .main:disabled { background: var(--soft); }

.story { max-width: 980px; }
.story .bar { margin-bottom: 2px; }
.lead { margin-bottom: 16px; }
.story section { padding: 14px 0; border-top: 1px solid var(--line); scroll-margin-top: 60px; }
.story section:focus-visible { outline-offset: 4px; }
#fitted { margin-top: 10px; }
.rows + .story { margin-top: 22px; }
.story .row.session .why { white-space: normal; }
.big { font-size: 18px; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(400px, 1fr)); gap: 3px 24px; margin: 0 0 8px; }
.facts.wide { grid-template-columns: 1fr; }
.fact { display: grid; grid-template-columns: 128px minmax(0, 1fr); gap: 10px; }
.facts.wide .fact { grid-template-columns: 168px minmax(0, 1fr); }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.reasons { margin-bottom: 10px; }
.reason { display: grid; grid-template-columns: 40px 140px minmax(0, 1fr); gap: 12px; align-items: baseline; padding: 2px 0; }
.points { width: 140px; height: 8px; }
.track { fill: var(--track); }
.plus { fill: var(--bar); }
.minus { fill: none; stroke: var(--bar); stroke-width: 2; }
.step { padding: 4px 0; }
.step p { margin-bottom: 4px; }
.beside { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 20px; margin: 4px 0 8px; }
.beside.against blockquote { border-color: var(--ink); }
.scroll { overflow-x: auto; margin-bottom: 8px; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 400; color: var(--soft); font-size: 12px; }
th.figure, td.figure { text-align: right; width: 34px; }
td, th { padding: 3px 14px 3px 0; vertical-align: top; border-bottom: 1px solid var(--line); white-space: nowrap; }
table.figures { width: auto; min-width: min(100%, 560px); }
.figures :is(td, thead th + th) { text-align: right; }
.figures tbody th { color: var(--ink); font-size: inherit; min-width: 110px; }
.figures td .line { display: block; }
.figures .changed { font-weight: 650; }
td.meta { white-space: normal; min-width: 260px; overflow-wrap: anywhere; }
td.meta > div > span { margin-right: 10px; }
.broken { padding: 8px 12px; border: 2px solid var(--ink); border-radius: 6px; }
.holds { list-style: none; padding: 0; }
.holds li { scroll-margin-top: 60px; }
.holds li + li { margin-top: 10px; }
:is(.release, .labelling) { margin: 6px 0; max-width: 560px; }
:is(.release, .labelling) form, :is(.release, .labelling) .second { display: grid; gap: 6px; padding: 10px 12px; margin-top: 6px; border: 1px solid var(--line); border-radius: 6px; }
:is(.release, .labelling) form[hidden] { display: none; }
:is(.release, .labelling) label { margin-top: 4px; }
:is(.release, .labelling) :is(input, select, textarea) { width: 100%; min-width: 0; }
:is(.release, .labelling) textarea { min-height: 62px; resize: vertical; }
:is(.release, .labelling) .choices { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 6px; }
:is(.release, .labelling) .facts { grid-template-columns: 1fr; }
.second:focus, .disposition:focus, .holds li:focus { outline: none; }
.labelling.new { margin-top: 10px; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
legend { padding: 0; }
.release .option { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 8px; align-items: baseline; }
.release .option input { width: auto; min-height: 0; margin: 0; }
.option .quiet { display: block; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; }
.lists > li { padding: 14px 0; border-top: 1px solid var(--line); max-width: 900px; }
.imports li { margin: 3px 0; overflow-wrap: anywhere; }
.imports + p { margin-top: 14px; }
.imports button { min-height: 24px; padding: 1px 8px; }
.stands { color: var(--soft); }
.stands.counts { color: var(--ink); font-weight: 600; }
.explained ul { margin: 2px 0 6px; }
.found { display: inline-block; padding: 0 6px; border: 1px solid var(--bar); border-radius: 9px; font-size: 12px; }
.found.true { background: var(--ink); color: var(--ground); border-color: var(--ink); }
.found.unknown { border-style: dashed; color: var(--soft); }
details { margin: 4px 0 8px; }
summary { cursor: pointer; color: var(--soft); }
.report { padding: 10px 0; border-bottom: 1px solid var(--line); max-width: 760px; }
.report blockquote { margin-top: 6px; }
.report a { font-weight: 600; margin-right: 10px; }

footer { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 8px 20px; border-top: 1px solid var(--line); color: var(--soft); font-size: 12px; }

@media (max-width: 900px) {
  .row.session { grid-template-columns: 92px minmax(0, 1fr) auto auto; row-gap: 1px; padding: 8px; }
  .row.session .came { grid-area: 1 / 2 / 1 / 4; }
  .row.session .score { grid-area: 1 / 4; }
  .row.session .amount { grid-area: 2 / 3 / 2 / 5; }
  .row.session .what { grid-area: 2 / 2; }
  .row.session .who { grid-area: 2 / 1; }
  .row.session .why { grid-column: 1 / -1; white-space: normal; }
  .row.incident { grid-template-columns: 92px minmax(0, 1fr) auto; row-gap: 1px; padding: 8px; }
  .row.incident .cause { grid-area: 2 / 1 / 2 / -1; white-space: normal; }
  .row.incident .score { grid-area: 1 / 3; }
  .row.incident .who { grid-area: 3 / 1; }
  .row.incident .what { grid-area: 3 / 2; }
  .row.incident .state { grid-area: 3 / 3; }
  .row.backtest { grid-template-columns: 92px minmax(0, 1fr) auto; row-gap: 1px; padding: 8px; }
  .row.backtest .who { display: none; }
  .row.backtest .quiet { grid-area: 2 / 1 / 2 / 3; }
  .row.backtest .score { grid-area: 2 / 3; }
  .row.backtest .state { grid-area: 1 / 3; text-align: right; }
  .row.exposed { grid-template-columns: 92px minmax(0, 1fr) auto; row-gap: 1px; padding: 8px; }
  .row.exposed .state { grid-area: 2 / 2 / 2 / 4; }
  .row.policy { grid-template-columns: 92px 90px minmax(0, 1fr); row-gap: 1px; padding: 8px; }
  .row.policy .what { grid-column: 1 / -1; white-space: normal; }
  .row.head { display: none; }
}
@media (max-width: 620px) {
  header { padding: 6px 12px; gap: 4px 12px; position: static; }
  .home { flex: 1; }
  nav { order: 3; width: 100%; gap: 0 18px; }
  nav a { padding: 8px 0; }
  .search { order: 4; width: 100%; flex: none; }
  .search input { max-width: none; min-height: 40px; }
  header > .choice { order: 5; }
  .live { order: 6; }
  main { padding: 10px 12px 32px; }
  .silence { padding: 8px 12px; }
  .choice a, .chip { padding: 8px 10px; }
  .reason { grid-template-columns: 34px 64px minmax(0, 1fr); }
  .points { width: 64px; }
  .beside { grid-template-columns: 1fr; gap: 6px; }
  .facts { grid-template-columns: 1fr; }
  .fact, .facts.wide .fact { grid-template-columns: 116px minmax(0, 1fr); }
  .bar { min-height: 0; }
  .stacked :is(tbody, tr, td) { display: block; }
  .stacked thead { display: none; }
  .stacked tr { padding: 6px 0; border-bottom: 1px solid var(--line); }
  .stacked :is(td, td.meta, td.figure) { display: grid; grid-template-columns: 76px minmax(0, 1fr); width: auto; min-width: 0; padding: 1px 0; border: 0; text-align: left; white-space: normal; }
  .stacked td::before { content: attr(data-name); color: var(--soft); font-size: 12px; }
  .arrivals { position: fixed; left: 12px; right: 12px; bottom: 12px; min-height: 0; }
  .arrivals button { width: 100%; min-height: 44px; border-color: var(--bar); }
  footer { display: none; }
}
@media (forced-colors: active) {
  .outcome::before, .plus { forced-color-adjust: none; }
}
`
