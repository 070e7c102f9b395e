/**
 * The actions that have sentences of their own. A policy maps an organisation's action to one of these; anything else
 * speaks in the `generic` words, so that an unknown action never meets an empty screen.
 */
export const wordings = [
  'transfer',
  'large_transfer',
  'add_payee',
  'bulk_order',
  'raise_limit',
  'loan',
  'change_email',
  'change_password',
  'admin_action',
  'export_data',
  'close_account',
  'login',
  'password_reset',
  'generic',
] as const
export type Wording = (typeof wordings)[number]

/** The known wording of that name, else `generic`. */
export const wordingOf = (name: string): Wording => wordings.find((wording) => wording === name) ?? 'generic'
