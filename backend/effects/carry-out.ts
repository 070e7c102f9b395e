import type { IncidentCause } from '#contract/incident'
import type { AlertFailure } from '#contract/trail'
import { securityAlertMail } from '../../widget/texts/mail-texts.ts'
import { flagOpenSessions, noteDelivery, releaseByReverification } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { findOrganisation } from '../org/find-caller.ts'
import type { Organisation } from '../org/organisation.ts'
import type { Effects } from '../outbox/relay.ts'
import { countActivity } from '../repositories/activity.ts'
import { codeOf } from '../repositories/code-of.ts'
import { digestKeyOf, reportIdOf } from '../repositories/identity.ts'
import { payeeOf, teachPayee } from '../repositories/payees.ts'
import { changeProfile } from '../repositories/profiles.ts'
import { learn, markSent, type Profile, unlearn } from '../risk/profile.ts'
import type { Effect, Session } from '../session/document.ts'
import { incidentFor } from '../session/incident-for.ts'
import { lifeOf } from '../session/life-of.ts'
import { teachingOf } from '../session/results.ts'
import type { Delivery, MessageRef, StepMessage } from '../session/step-definition.ts'
import { noteOnce } from './note-once.ts'

/**
 * Carries out one consequence of a session. Each may run more than once, and does the same every time: ids derive from
 * the session, the profile remembers which events it learned, a code's message carries the same code.
 *
 * Rejects when it could not be done now; the relay tries again.
 */
export const carryOut = async (deps: Deps, session: Session, effect: Effect): Promise<void> => {
  const organisation = await findOrganisation(deps, session.org_id)
  if (organisation === null) return
  switch (effect.kind) {
    case 'step_message':
      return sendMessage(deps, organisation, session, effect)
    case 'incident':
      return openIncident(deps, session)
    case 'alert_mail':
      return sendAlert(deps, organisation, session)
    case 'scam_report':
      return fileScamReport(deps, organisation, session)
    case 'payee_reported':
      return flagOpenSessions(deps, session)
    case 'learn':
      return teach(deps, organisation, session)
    case 'reverification':
      return releaseByReverification(deps, session, effect.hold_ids)
  }
}

/** The consequences of sessions as the relay is handed them. */
export const effectsOf = (deps: Deps): Effects => ({
  carryOut: (session, effect) => carryOut(deps, session, effect),
  giveUp: (session, effect) => giveUp(deps, session, effect),
})

/** What a step has to tell the person: rendered by the step, carried by its channel. */
const sendMessage = async (
  deps: Deps,
  organisation: Organisation,
  session: Session,
  message: MessageRef,
): Promise<void> => {
  const delivery = deliveryOf(deps, organisation, session, message)
  if (delivery.kind === 'stale') return
  if (delivery.kind === 'late') return noteDelivery(deps, session, message, 'failed')
  try {
    await send(deps, delivery.message)
  } catch (cause) {
    await noteDelivery(deps, session, message, 'retrying')
    throw cause
  }
  await noteDelivery(deps, session, message, 'sent')
}

/** By the channel that the message is for. */
const send = (deps: Deps, message: StepMessage): Promise<void> => {
  switch (message.channel) {
    case 'mail': {
      const { channel: _, ...mail } = message
      return deps.sendMail(mail)
    }
  }
}

const deliveryOf = (
  deps: Deps,
  organisation: Organisation,
  session: Session,
  { step: type, generation }: MessageRef,
): Delivery => {
  const step = session.checkpoint.steps.find((one) => one.type === type)
  const messaging = step && lifeOf(step).messaging
  if (session.status !== 'open' || !messaging?.awaits(generation)) return { kind: 'stale' }
  return messaging.deliver(session, {
    now: deps.clock(),
    company: organisation.name,
    supportPhone: organisation.support_phone,
    language: organisation.language,
    codeOf: (binding) => codeOf(deps, binding),
  })
}

/** What is written beside a session about its person begins like this, and goes when the session does. */
const personalRecordOf = ({ _id, org_id, purge_at, environment, consequences, event, erased }: Session) => ({
  org_id,
  version: 1,
  purge_at,
  environment,
  session_id: _id,
  case_reference: consequences.case_reference,
  user_id: event.user.id,
  user_key: event.keys.user,
  erased,
})

const openIncident = async (deps: Deps, session: Session): Promise<void> => {
  const now = deps.clock()
  const { own_incident_id, hold } = session.consequences
  const { family, score } = session.evaluation.assessment
  await deps.collections.incidents.insert({
    _id: own_incident_id,
    ...personalRecordOf(session),
    cause: causeOf(session),
    action: session.event.action,
    family,
    score,
    hold_id: hold?.id ?? null,
    status: 'open',
    dispositions: [],
    created_at: session.ending.at ?? now,
    updated_at: now,
  })
  await noteOnce(deps, session, 'incident.opened', {
    incident: own_incident_id,
    cause: causeOf(session),
  })
}

const causeOf = (session: Session): IncidentCause =>
  session.ending.cause ?? (session.ending.resolution === 'code_failed' ? 'code_failed' : 'reported')

/** Somebody is told of each incident. Whether they were stands in the trail, and so does that there was nobody to tell. */
const sendAlert = async (deps: Deps, organisation: Organisation, session: Session): Promise<void> => {
  // The other lane opens it as well; whoever is told of an incident finds it, and its trail reads in that order.
  await openIncident(deps, session)
  if (organisation.security_email === null) return noteAlertFailed(deps, session, 'no_security_contact')
  const message = securityAlertMail({
    company: organisation.name,
    incidentId: session.consequences.own_incident_id,
    caseReference: session.consequences.case_reference,
    action: session.event.action,
    userId: session.event.user.id,
    language: organisation.language,
  })
  try {
    await deps.sendMail({ to: organisation.security_email, ...message })
  } catch (cause) {
    await noteAlertFailed(deps, session, 'not_accepted_yet')
    throw cause
  }
  await noteOnce(deps, session, 'alert.sent', {
    incident: session.consequences.own_incident_id,
    channel: 'mail',
  })
}

const noteAlertFailed = (deps: Deps, session: Session, reason: AlertFailure): Promise<void> =>
  noteOnce(deps, session, 'alert.failed', {
    incident: session.consequences.own_incident_id,
    channel: 'mail',
    reason,
  })

/** Says what is left to say when a consequence will not be tried again. */
const giveUp = async (deps: Deps, session: Session, effect: Effect): Promise<void> => {
  if (effect.kind === 'alert_mail') await noteAlertFailed(deps, session, 'given_up')
}

const fileScamReport = async (deps: Deps, organisation: Organisation, session: Session): Promise<void> => {
  if (session.consequences.report === null) return
  await deps.collections.scamReports.insert({
    _id: reportIdOf(digestKeyOf(deps, organisation), session._id),
    ...personalRecordOf(session),
    incident_id: incidentFor(session),
    details: session.consequences.report.details,
    created_at: session.consequences.report.at,
  })
}

/**
 * What went out is learned of the person and of the payee, and counts where rules sum it up. Brings the profile in line with
 * what the session says by now, however often and late it is told.
 */
const teach = async (deps: Deps, org: Organisation, session: Session): Promise<void> => {
  const teaching = teachingOf(session)
  if (teaching === 'nothing' || session.erased) return
  const { event_id: id } = session.request
  const user_key = session.event.keys.user
  const lesson = { id, source: 'ingest', arrived_at: session.created_at } as const
  const taught = (profile: Profile): Profile => {
    switch (teaching) {
      case 'lesson':
        return markSent(learn(profile, session.event, lesson), id)
      case 'carried_out':
        return markSent(profile, id)
      case 'taken_back':
        return unlearn(profile, session.event, lesson)
    }
  }
  const changed = await changeProfile(deps, { org_id: session.org_id, user_key }, taught)
  if (!changed.ok) throw new Error('the profile has too many changes under way')
  const payee = payeeOf(session)
  if (teaching === 'lesson' && payee !== null && (session.event.amount?.value ?? 0) > 0)
    await teachPayee(deps, payee, [{ user_key, at: session.created_at }])
  if (teaching !== 'taken_back') await countActivity(deps, { org, environment: session.environment }, session)
  // What was said meanwhile may have been carried out by another relay, before us: then ours was the older word.
  const since = await deps.collections.sessions.get(session.org_id, session._id)
  if (since !== null && teachingOf(since) !== teaching) await teach(deps, org, since)
}
