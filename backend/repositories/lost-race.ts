/** What others were changing at the same moment, every time that it was tried. */
export type Contended =
  | 'answers'
  | 'decision'
  | 'disposition_trail'
  | 'event'
  | 'history'
  | 'hold_trail'
  | 'incident'
  | 'label_trail'
  | 'payee'
  | 'payment'
  | 'person'
  | 'session'
  | 'subject'
  | 'tries'
  | 'user'

/** Too many races were lost against other writers. Nothing was decided; the same call may be sent again. */
export type Busy = { ok: false; reason: 'busy'; contended: Contended }

export const busy = (contended: Contended): Busy => ({ ok: false, reason: 'busy', contended })

/**
 * Ends a verb from deep inside it, where memory could not be changed. It never leaves the spine: `refusingLostRaces` makes a
 * refusal of it, and the relay, which has nobody to answer, tries again.
 */
export class LostRace extends Error {
  override readonly name = 'LostRace'
  readonly contended: Contended

  constructor(contended: Contended) {
    super(`too many changes at once: ${contended}`)
    this.contended = contended
  }
}

/** Runs a verb, and answers lost races as a refusal. Every other fault goes on. */
export const refusingLostRaces = async <Answer>(verb: () => Promise<Answer>): Promise<Answer | Busy> => {
  try {
    return await verb()
  } catch (fault) {
    if (fault instanceof LostRace) return busy(fault.contended)
    throw fault
  }
}
