/**
 * The kinds of action that have their own sentences. A policy maps each action of the organisation to one of them. Any other
 * name gets the `generic` sentences, so that no screen is empty.
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

/** The wording of that name, else `generic`. */
export const wordingOf = (name: string): Wording => wordings.find((wording) => wording === name) ?? 'generic'
