import type { LabelProvenance, SubjectType } from '#contract/label'
import type { Reason, ReasonCode } from '#contract/outcome'
import { counted } from '../counted.ts'
import type { Policy } from '../policy.ts'
import type { ActiveLabel } from './active-labels.ts'

/** What labels do to a score. Each active label is a reason of its own, whether or not it moves the score. */

type LabelledCode = Extract<ReasonCode, `${string}_LABELLED` | `DEVICE_KNOWN_${string}`>

const codes: Record<Exclude<SubjectType, 'device'>, LabelledCode> = {
  user: 'USER_LABELLED',
  ip: 'IP_LABELLED',
  network: 'NETWORK_LABELLED',
  payee: 'PAYEE_LABELLED',
  email_domain: 'EMAIL_DOMAIN_LABELLED',
  session: 'SESSION_LABELLED',
}

const codeOf = ({ subject, label }: ActiveLabel): LabelledCode =>
  subject === 'device'
    ? label === 'known_legit'
      ? 'DEVICE_KNOWN_LEGIT'
      : 'DEVICE_KNOWN_RISKY'
    : codes[subject]

const subjects: Record<SubjectType, string> = {
  user: 'This user',
  device: 'This device',
  ip: 'This address',
  network: 'This network',
  payee: 'This payee',
  email_domain: 'The domain of the e-mail address on file',
  session: 'An earlier session of this user',
}

const grounds: Record<LabelProvenance, string> = {
  analyst_investigation: 'after an investigation',
  law_enforcement: 'on word of law enforcement',
  partner_report: 'on a partner’s report',
  site_result: 'by what the site reported',
  customer_confirmed: 'on the customer’s word',
  not_stated: 'without a stated ground',
}

const said = ({ subject, label, family, provenance, expires_at }: ActiveLabel): string =>
  `${subjects[subject]} is labelled ${label} (${family}) ${grounds[provenance]}, until ${new Date(expires_at).toISOString().slice(0, 10)}`

const sum = (reasons: readonly Reason[]): number => reasons.reduce((total, { points }) => total + points, 0)

/**
 * What a label of an earlier session weighs of one on this event's own subject: it says what happened to somebody then. Whoever
 * was robbed once is called again, and pays honestly all the same.
 */
const shareOfSession = 0.6

/**
 * Warning labels: their points, and one cut if together they add too much. The caps of weak signals don't apply to them: on
 * a network that is public anyway, the label must still show in the score.
 */
export function warningReasons(labels: readonly ActiveLabel[], policy: Policy): Reason[] {
  const points = policy.labels
  const reasons = labels.flatMap((label): Reason[] =>
    label.label === 'known_legit'
      ? []
      : [
          {
            code: codeOf(label),
            family: label.family,
            points: Math.round(points[label.label] * (label.subject === 'session' ? shareOfSession : 1)),
            detail: `${said(label)}.`,
          },
        ],
  )
  const cut = sum(reasons) - points.risky_cap
  if (cut <= 0) return reasons
  const detail = `Labels add at most ${counted(points.risky_cap, 'point')} together.`
  return [...reasons, { code: 'SCORE_CAPPED', family: 'policy', points: -cut, detail }]
}

const nameOf = ({ family, subject, provenance, expires_at }: ActiveLabel): string =>
  [family, subject, provenance, expires_at].join(' ')

const byName = (a: ActiveLabel, b: ActiveLabel): number =>
  nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b))

/**
 * Clearing labels: each takes back from its own family what the signals of this event raised there, within three bounds
 * (one label, all on weak grounds, all together). So no family falls below 0, a clearing label never cancels a warning one,
 * and what signals say of scams stays.
 *
 * The labels share the bounds in an order of their own, strong grounds first, so that the order in which they were read
 * from the store makes no difference.
 *
 * `raised`: the reasons of the signals, after the caps of their families.
 */
export function clearingReasons(
  labels: readonly ActiveLabel[],
  raised: readonly Reason[],
  policy: Policy,
): Reason[] {
  if (labels.length === 0) return []
  const { known_legit: each, legit_cap, weak_provenances, weak_legit_cap } = policy.labels
  let left = legit_cap
  let leftToWeak = weak_legit_cap
  const cleared = new Map<string, number>()
  const isWeakly = ({ provenance }: ActiveLabel) => weak_provenances.includes(provenance)
  const clearing = labels
    .filter(({ label }) => label === 'known_legit')
    .toSorted((a, b) => Number(isWeakly(a)) - Number(isWeakly(b)) || byName(a, b))
  return clearing.map((label): Reason => {
    const { family } = label
    const before = cleared.get(family) ?? 0
    const inFamily = family === 'scam' ? 0 : sum(raised.filter((reason) => reason.family === family)) - before
    const isWeak = isWeakly(label)
    const points = Math.max(0, Math.min(each, left, inFamily, isWeak ? leftToWeak : left))
    left -= points
    if (isWeak) leftToWeak -= points
    cleared.set(family, before + points)
    const effect = points === 0 ? 'nothing to take back' : `takes back ${points} of what ${family} raised`
    return { code: codeOf(label), family, points: 0 - points, detail: `${said(label)}: ${effect}.` }
  })
}
