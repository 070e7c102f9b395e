import { behaviourSignals } from './behaviour.ts'
import { networkSignals } from './network.ts'
import { paymentSignals } from './payment.ts'
import { actionSensitive } from './policy.ts'
import { scamSignals } from './scam.ts'
import type { Signal } from './signal.ts'
import { takeoverSignals } from './takeover.ts'

/** Every signal, in the order in which reasons are listed. */
export const allSignals: readonly Signal[] = [
  actionSensitive,
  ...paymentSignals,
  ...scamSignals,
  ...takeoverSignals,
  ...networkSignals,
  ...behaviourSignals,
]
