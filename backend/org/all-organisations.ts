import { pagesOf } from '../store/pages.ts'
import type { OrgStore } from './collections.ts'

/** Every organisation of the store, in pages. */
export const allOrganisations = ({ organisations }: OrgStore['collections']) =>
  pagesOf(organisations.find, { index: 'all', equals: ['organisation'], limit: 200 }, ({ _id }) => ({
    values: [],
    _id,
  }))
