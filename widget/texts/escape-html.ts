const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' } as const
const isMarkup = (sign: string): sign is keyof typeof entities => sign in entities

/** Text that stands in HTML as it is written, between tags and in a quoted attribute. */
export const escapeHtml = (value: string): string =>
  value.replace(/[&<>"']/gu, (sign) => (isMarkup(sign) ? entities[sign] : sign))
