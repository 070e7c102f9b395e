import type { DeskIncident, IncidentDisposition } from '#contract/incident'

/** Incidents: why they were opened, what to do next, what they came to. */

type Cause = DeskIncident['cause']

export const causeWords: Record<Cause, string> = {
  answered_yes: 'Said that somebody was guiding them',
  answered_not_sure: 'Was not sure whether somebody was guiding them',
  contradicted: 'Their answer contradicts what the site observed, or what they said before',
  held: 'Tried again while a hold was open',
  blocked: 'Stopped by the score',
  stop_sharing: 'Was sharing the screen or under remote control',
  abandoned: 'Left the checkpoint after the question, repeatedly',
  contact_missing: 'No mailbox that could confirm',
  code_failed: 'Typed wrong codes until none was left',
  reported: 'Reported as a scam',
}

/** What to do next: one sentence, never a number from the report itself. */
export const nextWords: Record<Cause, string> = {
  answered_yes:
    'Call the person back on the number on file, not on one from this report, before anything is released.',
  answered_not_sure: 'Call back on the number on file and ask who they were talking to.',
  contradicted: 'Treat the answer as coached: call back on the number on file before anything is released.',
  held: 'Somebody is still pushing. Check the open hold first, then call back on the number on file.',
  blocked:
    'Look at the reasons in the session; if it was genuine, the person can try again after a call back.',
  stop_sharing: 'Ask the person to end the remote session before they log in again.',
  abandoned: 'Call back on the number on file: leaving again and again is often a script being tried out.',
  contact_missing: 'Confirm the contact data by another way before the person tries again.',
  code_failed:
    'Ask on the number on file whether it was them; wrong codes are often typing, sometimes somebody else.',
  reported: 'Read the report, then call back on the number on file.',
}

export const dispositionWords: Record<IncidentDisposition, string> = {
  confirmed_scam: 'Confirmed scam',
  false_alarm: 'False alarm',
  unclear: 'Unclear',
}

/** What a disposition does, said before it is given. A hold is released by a call alone. */
export const dispositionEffects = (hasPayee: boolean): Record<IncidentDisposition, string> =>
  hasPayee
    ? {
        confirmed_scam: 'Everybody who pays this payee from now on meets at least the high tier.',
        false_alarm: 'Reports about this payee that nobody confirmed count no more. A hold stays.',
        unclear: 'Closes the incident and says nothing about the payee.',
      }
    : {
        confirmed_scam: 'Closes the incident. There is no payee whose next payments it could raise.',
        false_alarm: 'Closes the incident. A hold stays.',
        unclear: 'Closes the incident and says nothing more.',
      }

/** Open, or what it came to. */
export const incidentState = ({ status, disposition }: DeskIncident): string =>
  disposition === null ? status : dispositionWords[disposition].toLowerCase()
