import type { ImportMode, ListImport, ListKind } from '#contract/list'

/** Lists and their imports in an analyst's words. */

export const listKindWords: Record<ListKind, string> = {
  payee: 'Payees',
  user: 'Users',
  device: 'Devices',
  network: 'Networks',
  email_domain: 'E-mail domains',
  country: 'Countries',
}

export const importModeWords: Record<ImportMode, string> = {
  add: 'Add to what is there',
  replace: 'Replace what is there',
  remove: 'Take these out',
}

export const importDoneWords: Record<ImportMode, string> = {
  add: 'added',
  replace: 'in place of the others',
  remove: 'taken out',
}

export const importStateWords: Record<ListImport['state'], string> = {
  staged: 'not finished: nobody meets it',
  committed: 'counts',
  undone: 'undone',
  given_up: 'given up',
}
