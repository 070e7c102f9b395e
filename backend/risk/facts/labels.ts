import * as z from 'zod/mini'
import type { SubjectType } from '#contract/label'
import { activeLabel, bySeverity, type LabelFact, labelFact } from '../labels/active-labels.ts'
import { factGroup, orNull } from './fact-group.ts'

/**
 * The most severe active label of each subject, of all families; null if the event has no such subject. A browser may name
 * any device id, so a label on a device that only the browser named can warn and never clears. `none` would be the
 * browser's choice too: then the fact is null.
 */
export const labelFacts = factGroup(
  {
    'label.user': orNull(labelFact),
    'label.device': orNull(labelFact),
    'label.ip': orNull(labelFact),
    'label.network': orNull(labelFact),
    'label.payee': orNull(labelFact),
    'label.email_domain': orNull(labelFact),
    'label.session': orNull(labelFact),
    /** All active labels, in the order of their subjects. */
    labels: z._default(z.array(activeLabel), []),
  },
  ({ event: { keys, device, network, user }, labels = [] }) => {
    const active = labels.filter(
      ({ subject, label }) => !(subject === 'device' && label === 'known_legit' && device.id === null),
    )
    const worst = active.toSorted(bySeverity)
    const of = (subject: SubjectType, named: string | null): LabelFact | null =>
      named === null ? null : (worst.find((label) => label.subject === subject)?.label ?? 'none')
    return {
      'label.user': of('user', keys.user),
      'label.device': warningOnly(of('device', keys.device), device.id),
      'label.ip': of('ip', network.ip),
      'label.network': of('network', network.id),
      'label.payee': of('payee', keys.payee),
      'label.email_domain': of('email_domain', user.email),
      'label.session': of('session', keys.user),
      labels: active,
    }
  },
)

const warningOnly = (label: LabelFact | null, siteDevice: string | null): LabelFact | null =>
  siteDevice === null && label === 'none' ? null : label
