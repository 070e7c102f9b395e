/**
 * Names of keys and fields that are refused wherever they come from: the three that reach an object's prototype, and
 * those that a document database would read as an operator or a path.
 */
const prototypeNames = new Set(['__proto__', 'constructor', 'prototype'])

export const isForbiddenName = (name: string): boolean =>
  prototypeNames.has(name) || name.startsWith('$') || name.includes('.') || name.includes('\0')
