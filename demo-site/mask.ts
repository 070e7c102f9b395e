/**
 * Hides what must never be shown, not even in a demo: secret keys, decision tokens, and the secret part of a
 * checkpoint's address. Keeps enough of each to recognise it by.
 */

const secretNames = new Set(['authorization', 'token', 'secret_key', 'checkpoint-token'])

const maskText = (text: string): string =>
  text
    .replace(/\b(ase_(?:test|live)_)[\w-]+/g, '$1…•••')
    .replace(/\beyJ[\w-]*\.[\w-]+\.[\w-]*/g, 'eyJ…•••')
    .replace(/(\/challenge\/)[^/?#\s"]+/g, '$1•••')

/** A copy of `value` fit to be shown; `name` is the key or header it stands under. */
export const masked = (value: unknown, name = ''): unknown => {
  if (typeof value === 'string') {
    const text = maskText(value)
    return text === value && secretNames.has(name) ? `${value.slice(0, 3)}…•••` : text
  }
  if (Array.isArray(value)) return value.map((item) => masked(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, key)]))
}
