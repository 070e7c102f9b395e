import type { NormalisedEvent } from '#contract/normalised-event'
import { deviceKeyOf } from './device-memory.ts'
import { datesOf, type Lesson } from './learn.ts'
import type { PayeeMemory, Profile } from './profile-document.ts'

/**
 * Takes back the payee and the device that an event taught. What was known before it stays known; of the payee it loses this
 * payment alone. Idempotent.
 */
export const unlearn = (profile: Profile, event: NormalisedEvent, lesson: Lesson): Profile => {
  const { done_at, paid_at } = datesOf(event, lesson)
  const device = deviceKeyOf(event)
  return {
    ...profile,
    learned: profile.learned.filter(({ id }) => id !== lesson.id),
    devices: profile.devices.filter(({ key, first_at }) => key !== device || first_at !== done_at),
    payees: profile.payees.flatMap((payee) =>
      payee.key === event.keys.payee ? withoutPayment(payee, paid_at) : [payee],
    ),
  }
}

const withoutPayment = (payee: PayeeMemory, at: number): PayeeMemory[] => {
  if (payee.first_at === at) return []
  const paid_at = payee.paid_at.filter((one) => one !== at)
  return [{ ...payee, paid_at, last_at: Math.max(payee.first_at, ...paid_at) }]
}
