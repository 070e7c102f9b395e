import { createTransport } from 'nodemailer'
import type { OutgoingMail, SendMail } from '../deps.ts'

/** How long a mail server may keep us waiting, in each phase; the outbox tries again. */
const connectTimeoutMs = 5000
const silenceTimeoutMs = 10_000

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
    await transport.sendMail({
      from: { name: '', address: from },
      to: { name: '', address: mail.to },
      envelope: { from, to: mail.to },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
    })
  }
  return { send, close: () => transport.close() }
}
