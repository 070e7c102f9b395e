import { accountYoung } from './account-young.ts'
import { actionSensitive } from './action-sensitive.ts'
import { amountEscalates } from './amount-escalates.ts'
import { amountLarge } from './amount-large.ts'
import { amountNearLimit } from './amount-near-limit.ts'
import { amountSplit } from './amount-split.ts'
import { automationSuspected } from './automation-suspected.ts'
import { beneficiaryAbroad } from './beneficiary-abroad.ts'
import { beneficiaryEstablished } from './beneficiary-established.ts'
import { beneficiaryNew } from './beneficiary-new.ts'
import { beneficiaryRepeated } from './beneficiary-repeated.ts'
import { beneficiaryReported } from './beneficiary-reported.ts'
import { beneficiaryShared } from './beneficiary-shared.ts'
import { callActive } from './call-active.ts'
import { credentialsChangedRecently } from './credentials-changed-recently.ts'
import { deviceNew } from './device-new.ts'
import { geolocationUnusual } from './geolocation-unusual.ts'
import { impossibleTravel } from './impossible-travel.ts'
import { mulePattern } from './mule-pattern.ts'
import { networkAnonymizer } from './network-anonymizer.ts'
import { networkWifiPublic } from './network-wifi-public.ts'
import { pastedPayee } from './pasted-payee.ts'
import { payeeNameMismatch } from './payee-name-mismatch.ts'
import { remoteAccessActive } from './remote-access-active.ts'
import { screenShared } from './screen-shared.ts'
import type { Signal } from './signal.ts'
import { timeUnusual } from './time-unusual.ts'
import { transactionAmountHigh } from './transaction-amount-high.ts'
import { velocityHigh } from './velocity-high.ts'

/** Every signal, in the order in which reasons are listed. */
export const allSignals: readonly Signal[] = [
  actionSensitive,
  amountLarge,
  beneficiaryNew,
  beneficiaryEstablished,
  beneficiaryAbroad,
  beneficiaryShared,
  beneficiaryRepeated,
  mulePattern,
  transactionAmountHigh,
  amountEscalates,
  amountSplit,
  amountNearLimit,
  beneficiaryReported,
  callActive,
  remoteAccessActive,
  screenShared,
  payeeNameMismatch,
  deviceNew,
  credentialsChangedRecently,
  networkWifiPublic,
  networkAnonymizer,
  geolocationUnusual,
  impossibleTravel,
  accountYoung,
  velocityHigh,
  pastedPayee,
  timeUnusual,
  automationSuspected,
]
