import * as z from 'zod/mini'
import { secondMs } from '#contract/durations'
import { storedFields } from '../store/define-collection.ts'

/**
 * A hard limit over a sliding window, kept in the store: wrong codes of a person or a mailbox, sends to a mailbox, wrong
 * codes of an organisation. A slot is *reserved* before anything is judged, and given back when the judgement turned out
 * well: a crash in between costs a try, never a limit.
 */
export const counterDocument = z.strictObject({
  ...storedFields,
  marks: z.array(z.strictObject({ id: z.string(), at: z.int() })),
})
export type Counter = z.infer<typeof counterDocument>

export type Limit = { limit: number; windowSeconds: number }

/** One counter and the limit that it is held to. */
export type Bucket = { _id: string; limit: Limit }

/** Wrong codes of one person, across sessions. */
export const userCodeLimit: Limit = { limit: 10, windowSeconds: 86_400 }
/** Wrong codes for one mailbox, across persons. */
export const mailboxCodeLimit: Limit = { limit: 20, windowSeconds: 86_400 }
/** Messages to one mailbox. */
export const mailboxSendLimit: Limit = { limit: 5, windowSeconds: 3600 }
/** Wrong codes of a whole organisation: beyond this its codes grow to eight digits; nobody is blocked for it. */
export const orgCodeAlarm: Limit = { limit: 200, windowSeconds: 600 }

/** A counter that nothing was counted in yet. */
export const emptyCounter = (ref: { org_id: string; _id: string }): Counter => ({
  ...ref,
  version: 0,
  purge_at: null,
  marks: [],
})

export type Reservation = { ok: true; counter: Counter } | { ok: false; retryAt: number }

/** Takes a slot for `markId`; the same id twice takes one slot. */
export const reserve = (counter: Counter, markId: string, now: number, limit: Limit): Reservation => {
  const marks = within(counter, now, limit)
  if (marks.some((mark) => mark.id === markId)) return { ok: true, counter }
  const [oldest] = marks
  if (marks.length >= limit.limit && oldest !== undefined) {
    return { ok: false, retryAt: oldest.at + limit.windowSeconds * secondMs }
  }
  return {
    ok: true,
    counter: {
      ...counter,
      marks: [...marks, { id: markId, at: now }],
      purge_at: now + limit.windowSeconds * secondMs,
    },
  }
}

/** Gives a reserved slot back. */
export const giveBack = (counter: Counter, markId: string): Counter =>
  counter.marks.some((mark) => mark.id === markId)
    ? { ...counter, marks: counter.marks.filter((mark) => mark.id !== markId) }
    : counter

/** How many slots are taken in the window that ends at `now`. */
export const taken = (counter: Counter | null, now: number, limit: Limit): number =>
  counter === null ? 0 : within(counter, now, limit).length

const within = (counter: Counter, now: number, limit: Limit) =>
  counter.marks.filter((mark) => mark.at > now - limit.windowSeconds * secondMs)
