import type { LabelSubject, SubjectType } from '#contract/label'
import type { NormalisedEvent } from '#contract/normalised-event'
import { canonicaliseId, canonicaliseIp, canonicalisePayee, mailDomain } from './canonical.ts'
import { payeeKey, type SubjectDigest } from './normalise-event.ts'

/** The key of a label: the same digest whether the subject comes in an event or is named in a label. */
export type SubjectKey = { type: SubjectType; key: string }

/** The label of a session is kept under its person, so that their later sessions meet it. */
const sessionsOf = (userKey: string, digest: SubjectDigest): string => digest('session', userKey)

const networkKey = (id: string, digest: SubjectDigest): string | null => {
  const canonical = canonicaliseId(id)
  return canonical === null ? null : digest('network', canonical)
}

/** Every subject of an event that a label may be about: at most one of each type, in the order of the types. */
export function subjectsOf(event: NormalisedEvent, digest: SubjectDigest): SubjectKey[] {
  const { keys, network, user } = event
  const all: { type: SubjectType; key: string | null }[] = [
    { type: 'user', key: keys.user },
    { type: 'device', key: keys.device },
    { type: 'ip', key: network.ip === null ? null : digest('ip', canonicaliseIp(network.ip)) },
    { type: 'network', key: network.id === null ? null : networkKey(network.id, digest) },
    { type: 'payee', key: keys.payee },
    {
      type: 'email_domain',
      key: user.email === null ? null : digest('email_domain', mailDomain(user.email)),
    },
    { type: 'session', key: sessionsOf(keys.user, digest) },
  ]
  return all.flatMap(({ type, key }) => (key === null ? [] : [{ type, key }]))
}

/** The subject that a caller names; null if its canonical form is empty. A session is found by its document instead. */
export function subjectKeyOf(
  subject: Exclude<LabelSubject, { type: 'session' }>,
  digest: SubjectDigest,
): SubjectKey | null {
  const key = keyOf(subject, digest)
  return key === null ? null : { type: subject.type, key }
}

const keyOf = (subject: Exclude<LabelSubject, { type: 'session' }>, digest: SubjectDigest): string | null => {
  switch (subject.type) {
    case 'user':
    case 'device':
      return digest(subject.type, subject.value)
    case 'ip':
      return digest('ip', canonicaliseIp(subject.value))
    case 'network':
      return networkKey(subject.value, digest)
    case 'payee':
      return payeeKey(canonicalisePayee(subject.value), digest)
    case 'email_domain':
      return digest('email_domain', mailDomain(subject.value))
  }
}
