import { minuteMs } from '#contract/durations'
import { enforcementMail, type MailText } from '../../widget/texts/mail-texts.ts'
import { changeDocument } from '../store/change.ts'
import type { World } from '../world.ts'
import type { OrgStore } from './collections.ts'
import type { EnforcementMail } from './enforcement-state.ts'
import type { Organisation } from './organisation.ts'

type Telling = OrgStore &
  Pick<World, 'clock' | 'log'> & { sendMail: (mail: MailText & { to: string }) => Promise<void> }

const batchSize = 20
/** Longer than a mail server may take: two workers don't send the same one. */
const againAfterMs = minuteMs

/**
 * Tells security contacts that less is enforced. What is due waits in the organisation since the write that lowered it, so it
 * is sent whoever made the change, at least once. Without a contact nobody is told; the trail has it in any case. Answers how
 * many were sent.
 */
export const tellOfEnforcement = async (deps: Telling): Promise<number> => {
  const due = await deps.collections.organisations.find({
    index: 'mail_due',
    before: deps.clock() + 1,
    order: 'ascending',
    limit: batchSize,
    onUnreadable: (err) => deps.log.error({ err }, 'an organisation can’t be read: its mail waits'),
  })
  let sent = 0
  for (const organisation of due) sent += await tell(deps, organisation)
  return sent
}

const tell = async (deps: Telling, organisation: Organisation): Promise<number> => {
  const now = deps.clock()
  const [mail] = organisation.enforcement.mail_due.filter(({ due_at }) => due_at <= now)
  if (mail === undefined) return 0
  const claimed = withMails(organisation, (one) =>
    isSame(one, mail) ? [{ ...one, due_at: now + againAfterMs }] : [one],
  )
  if (!(await deps.collections.organisations.replace(claimed, organisation.version)).ok) return 0
  try {
    await send(deps, organisation, mail)
  } catch (err) {
    deps.log.error({ err, org: organisation._id }, 'the security contact could not be told yet')
    return 0
  }
  await changeDocument(
    deps.collections.organisations,
    organisation,
    () => null,
    (stored) => withMails(stored, (one) => (isSame(one, mail) ? [] : [one])),
  )
  return 1
}

const send = async (deps: Telling, organisation: Organisation, mail: EnforcementMail): Promise<void> => {
  const { security_email: to, name: company, language, _id } = organisation
  if (to === null) return
  const account = await deps.collections.adminAccounts.get(_id, mail.by)
  const { environment, what } = mail
  const [by, at] = [account?.email ?? mail.by, new Date(mail.at).toISOString()]
  await deps.sendMail({ to, ...enforcementMail({ company, environment, what, by, at, language }) })
}

const isSame = (one: EnforcementMail, other: EnforcementMail): boolean =>
  one.at === other.at && one.environment === other.environment

const withMails = (
  organisation: Organisation,
  change: (mail: EnforcementMail) => EnforcementMail[],
): Organisation => ({
  ...organisation,
  enforcement: {
    ...organisation.enforcement,
    mail_due: organisation.enforcement.mail_due.flatMap(change),
  },
})
