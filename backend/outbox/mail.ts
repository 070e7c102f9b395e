import { createTransport } from 'nodemailer'

/** A message to one address, ready to hand to a mail server. */
export type OutgoingMail = { to: string; subject: string; text: string; html: string }

/**
 * Hands a message to the mail server. Resolves when the server has accepted it; rejects otherwise, and then the caller
 * tries again or gives up with words. Never an excuse to allow.
 */
export type SendMail = (mail: OutgoingMail) => Promise<void>

/** How long a mail server may keep us waiting, in each phase; the outbox tries again. */
const connectTimeoutMs = 5000
const silenceTimeoutMs = 10_000

/** All phases together, below the outbox's lease: a server that drips must not have a message sent twice. */
const deadlineMs = 20_000

const withDeadline = async (work: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the mail server took longer than ${deadlineMs} ms`)),
      deadlineMs,
    )
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Hands messages to one SMTP server (RFC 5321). Addresses are objects and the envelope is explicit, so that nothing in an
 * address can become a second recipient or a header; our own addresses have passed the contract's strict pattern before.
 *
 * With no server configured every send rejects: codes end as `delivery_failed`, nobody is let through.
 */
export const createMailer = (smtpUrl: string | null, from: string): { send: SendMail; close: () => void } => {
  if (smtpUrl === null) {
    return { send: () => Promise.reject(new Error('no mail server: set SMTP_URL')), close: () => {} }
  }
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 4,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const send = async (mail: OutgoingMail): Promise<void> => {
    const sent = transport.sendMail({
      from: { name: '', address: from },
      to: { name: '', address: mail.to },
      envelope: { from, to: mail.to },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
    })
    await withDeadline(sent)
  }
  return { send, close: () => transport.close() }
}
