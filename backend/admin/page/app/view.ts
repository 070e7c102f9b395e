import type { TemplateResult } from 'lit/html.js'
import type { Environment } from '#contract/environment'
import type { SessionSummary } from '#contract/session-summary'
import type { Answer, Refusal } from './api.ts'
import { type Params, readAddress, writeAddress } from './path.ts'
import { change, environmentIn } from './state.ts'
import { answerHere, isBusy, setBusy } from './visit.ts'

/** What a view is, and what it is to visit one. The shell knows views by this alone. */

/** A view with what it was opened for and what it has read. */
type Shown<Route, Data> = {
  route: Route
  data: Data
  /** Shows other data from now on. */
  change: (data: Data) => void
}

type Key<Press> = { key: string; words: string; press: Press }

/** A view, as one file declares it. */
type ViewDeclaration<Pattern extends string, Route extends object, Data> = {
  /** Its addresses: `/incidents/:id`, `/effectiveness?by&days`. */
  path: Pattern
  /** Its name in the header. Views with one are rooms; their keys are 1, 2, 3 by their place in the list. */
  room?: string
  /** The room that this one belongs to: esc leads there. */
  within?: View
  /** Esc goes the way back that the reader came, because the room may have been filtered. */
  goesBack?: boolean
  /** Whether both environments have it, as they have every room. */
  inBoth?: boolean
  /** What the address asks for; null when there is no such thing. Values that are unknown fall back to what is usual. */
  parse: (params: Params<Pattern>) => Route | null
  /** Reads what is shown, or the page of it that begins at the cursor. */
  load: (route: Route, cursor: string | null) => Promise<Answer<Data>>
  /** For what comes in pages: where the next one begins, and the two as one. */
  pages?: { next: (data: Data) => string | number | null; append: (before: Data, more: Data) => Data }
  draw: (shown: Shown<Route, Data>) => TemplateResult
  /** Left out: the room's own name. */
  title?: (data: Data) => string
  /** Keys that it has beside the shell's. */
  keys?: readonly Key<(shown: Shown<Route, Data>) => void>[]
  /** What a session's change, told by the live view, does to what is shown. */
  live?: {
    take: (shown: Shown<Route, Data>, session: SessionSummary) => Data
    /** For lists: how many new ones wait to be asked for, and the list with them. A gap in the news reads it again. */
    arrivals?: { count: (data: Data) => number; admit: (data: Data) => Data }
  }
}

/** A view, as the shell has it. */
export type View = {
  /** Null for what is inside a room. */
  room: { words: string; href: (environment: Environment | null) => string } | null
  within: View | null
  goesBack: boolean
  inBoth: boolean
  /** Opens it; null when the address is none of its own. */
  open: (url: URL) => Visit | null
}

/** One look at a view: from the moment that its address is opened until another is. */
export type Visit = {
  view: View
  environment: Environment | null
  /** The same in an environment. */
  hrefIn: (environment: Environment) => string
  read: () => Promise<void>
  readMore: () => Promise<void>
  shown: () => { draw: () => TemplateResult; title: string; waiting: number } | Refusal | null
  keys: readonly Key<() => void>[]
  take: (session: SessionSummary) => void
  admit: () => void
  /** After a gap in the live view's news. */
  catchUp: () => Promise<void>
}

type Status<Data> =
  | { kind: 'loading' }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'shown'; data: Data }

const visitOf = <Pattern extends string, Route extends object, Data>(
  view: View,
  declared: ViewDeclaration<Pattern, Route, Data>,
  route: Route,
  environment: Environment | null,
): Visit => {
  const { path, load, pages, draw, title, keys = [], live } = declared
  let status: Status<Data> = { kind: 'loading' }
  let asked = 0
  const show = (data: Data): void => {
    status = { kind: 'shown', data }
    change({})
  }
  const whenShown = <Value>(use: (shown: Shown<Route, Data>) => Value): Value | null =>
    status.kind === 'shown' ? use({ route, data: status.data, change: show }) : null

  /** An answer that a later question has overtaken is dropped. */
  const ask = async (cursor: string | null, settle: (data: Data) => void): Promise<void> => {
    asked += 1
    const mine = asked
    setBusy(true)
    const answer = await answerHere(load(route, cursor))
    if (answer === null || mine !== asked) return
    setBusy(false)
    if (answer.ok) settle(answer.value)
    else status = { kind: 'refused', refusal: answer }
  }
  const read = (): Promise<void> =>
    ask(null, (data) => {
      show(data)
      change({ now: Date.now() })
    })

  return {
    view,
    environment,
    hrefIn: (other) => writeAddress(path, route, other),
    read,
    readMore: async () => {
      const next = whenShown(({ data }) => pages?.next(data) ?? null)
      if (next === null || isBusy()) return
      await ask(`${next}`, (more) => whenShown(({ data }) => show(pages?.append(data, more) ?? more)))
    },
    shown: () =>
      status.kind === 'refused'
        ? status.refusal
        : whenShown((shown) => ({
            draw: () => draw(shown),
            title: title?.(shown.data) ?? view.room?.words ?? '',
            waiting: live?.arrivals?.count(shown.data) ?? 0,
          })),
    keys: keys.map(({ key, words, press }) => ({ key, words, press: () => void whenShown(press) })),
    take: (session) => {
      if (live !== undefined) whenShown((shown) => show(live.take(shown, session)))
    },
    admit: () => {
      const arrivals = live?.arrivals
      if (arrivals !== undefined) whenShown(({ data }) => show(arrivals.admit(data)))
    },
    catchUp: async () => {
      if (live?.arrivals !== undefined && status.kind === 'shown') await read()
    },
  }
}

/** Makes a view of its declaration. */
export const defineView = <Pattern extends string, Route extends object, Data>(
  declared: ViewDeclaration<Pattern, Route, Data>,
): View => {
  const { path, room, within, parse } = declared
  const routeAt = (url: URL): Route | null => {
    const params = readAddress(path, url)
    return params === null ? null : parse(params)
  }
  const first = routeAt(new URL(path.split('?', 1).join(''), 'http://desk'))
  const view: View = {
    room:
      room === undefined || first === null
        ? null
        : { words: room, href: (environment) => writeAddress(path, first, environment) },
    within: within ?? null,
    goesBack: declared.goesBack ?? false,
    inBoth: declared.inBoth ?? room !== undefined,
    open: (url) => {
      const route = routeAt(url)
      return route === null ? null : visitOf(view, declared, route, environmentIn(url))
    },
  }
  return view
}
