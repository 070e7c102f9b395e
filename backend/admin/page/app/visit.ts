import type { Answer } from './api.ts'
import { change, loginEnded, state } from './state.ts'

/** The one rule of forms and answers: they belong to the visit in which they began, and end with it. */

/** A value of the visit that stands, such as what is being filled in. Every visit begins with `initial`. */
export type VisitValue<Value> = { get: () => Value; set: (value: Value) => void }

export const ofVisit = <Value>(initial: Value): VisitValue<Value> => {
  const values = new WeakMap<object, { value: Value }>()
  return {
    get: () => {
      const { visit } = state()
      return (visit === null ? undefined : values.get(visit))?.value ?? initial
    },
    set: (value) => {
      const { visit } = state()
      if (visit !== null) values.set(visit, { value })
      change({})
    },
  }
}

/** What went wrong outside of any form; stands above the view. */
export const notice = ofVisit<string | null>(null)

const asking = ofVisit(false)

/** Whether a request of the reader's is under way: buttons wait for it. */
export const isBusy = (): boolean => asking.get()
export const setBusy = (isAsking: boolean): void => asking.set(isAsking)

/** Waits for an answer. Null when it is not wanted any more: the reader has gone on, or the login has ended. */
export const answerHere = async <Value>(asked: Promise<Answer<Value>>): Promise<Answer<Value> | null> => {
  const { visit } = state()
  const answer = await asked
  if (state().visit !== visit) return null
  if (answer.ok || answer.reason !== 'login') return answer
  loginEnded()
  return null
}

type Sending<Value> = {
  /** Before it goes out. */
  asked?: () => void
  done: (value: Value) => void | Promise<void>
  /** What is said beside the form, which keeps what was typed. */
  refused: (why: string) => void
}

/** Sends what the reader has filled in, one thing at a time. True when it was done. */
export const send = async <Value>(
  ask: () => Promise<Answer<Value>>,
  { asked, done, refused }: Sending<Value>,
): Promise<boolean> => {
  if (isBusy()) return false
  setBusy(true)
  asked?.()
  const answer = await answerHere(ask())
  if (answer === null) return false
  setBusy(false)
  if (!answer.ok) refused(answer.detail)
  else await done(answer.value)
  return answer.ok
}
