import { render } from 'lit/html.js'
import { type TraceEntry, traceList } from '../views/trace-list.ts'

/**
 * The bank's front end. Everything works without it; with it the check opens over the page instead of replacing it,
 * the caller's switches act at once, and the calls behind the scenes appear while they happen.
 */

interface CheckpointLoader {
  protect(fetch: typeof globalThis.fetch): typeof globalThis.fetch
  telemetry(): object
}

declare global {
  interface Window {
    AntiSocialEngine?: CheckpointLoader
  }
}

/** `problem` is what the person has to correct: it stands out from a progress. */
const say = (form: HTMLFormElement, words: string, kind: 'progress' | 'problem' = 'progress'): void => {
  const status = form.querySelector('[role="status"]')
  if (status === null) return
  status.textContent = words
  status.toggleAttribute('data-problem', kind === 'problem')
}

/** What was typed, as a form without script would send it. */
const typedInto = (form: HTMLFormElement): URLSearchParams => {
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value)
  return body
}

/** Sends a form; when the bank answers 403 with a checkpoint, the loader opens it and repeats the request once. */
const sendGuarded = async (engine: CheckpointLoader, form: HTMLFormElement): Promise<Response> => {
  const guardedFetch = engine.protect(fetch)
  return guardedFetch(form.action, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: typedInto(form),
  })
}

/** A text field of the bank's own answer, or null. */
const textIn = (answer: unknown, name: string): string | null => {
  const found = typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : null
  return typeof found === 'string' ? found : null
}

const submit = async (engine: CheckpointLoader, form: HTMLFormElement): Promise<void> => {
  form.setAttribute('aria-busy', 'true')
  say(form, 'One moment: the bank is checking this.')
  try {
    const response = await sendGuarded(engine, form)
    const answer: unknown = await response.json().catch(() => null)
    const location = textIn(answer, 'location')
    if (location?.startsWith('/')) return globalThis.location.assign(location)
    say(form, textIn(answer, 'problem') ?? 'That did not work. Nothing was done.', 'problem')
  } catch {
    say(form, 'We could not finish the check. Nothing was sent. Please try again.', 'problem')
  } finally {
    form.removeAttribute('aria-busy')
  }
}

/** Every guarded form takes along what the page observed, whether script sends it or the browser itself. */
document.addEventListener('formdata', ({ target, formData }) => {
  const engine = globalThis.window.AntiSocialEngine
  if (engine && target instanceof HTMLFormElement && target.matches('[data-guarded]'))
    formData.append('telemetry', JSON.stringify(engine.telemetry()))
})

const opensAsPopup = document.querySelector('[data-mode="popup"]') !== null

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!(form instanceof HTMLFormElement) || !form.matches('[data-guarded]')) return
  const engine = globalThis.window.AntiSocialEngine
  // By choice, or because the loader didn't arrive: a plain form, and the check as a full page.
  if (!opensAsPopup || !engine) return
  event.preventDefault()
  if (form.getAttribute('aria-busy') !== 'true') void submit(engine, form)
})

/** Switches take effect when they are touched; their buttons are for pages without script. */
for (const form of document.querySelectorAll<HTMLFormElement>(
  'form[action="/caller"], form[action="/mode"]',
)) {
  for (const button of form.querySelectorAll<HTMLElement>('[data-without-script]')) button.hidden = true
  form.addEventListener('change', async () => {
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: typedInto(form),
    })
    if (form.action.endsWith('/mode')) return globalThis.location.reload()
    say(form, response.ok ? 'The bank knows.' : 'The bank did not take that. Please try again.')
  })
}

const watchTrace = async (list: HTMLElement): Promise<void> => {
  const response = await fetch('/behind-the-scenes')
  if (!response.ok) return
  const { entries, source }: { entries: TraceEntry[]; source: Parameters<typeof traceList>[1] } =
    await response.json()
  const known = new Map(entries.map((entry) => [entry.id, entry]))
  const draw = () => render(traceList([...known.values()], source), list)
  list.replaceChildren()
  draw()
  new EventSource('/behind-the-scenes/stream').addEventListener('message', ({ data }) => {
    const entry: TraceEntry = JSON.parse(data)
    known.set(entry.id, entry)
    draw()
  })
}

const trace = document.querySelector<HTMLElement>('[data-trace]')
if (trace) void watchTrace(trace)
