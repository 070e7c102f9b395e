import type { ProblemCode } from '#contract/problem'
import { hasBody, type Route } from './route.ts'

const always: readonly ProblemCode[] = ['invalid_request', 'unavailable', 'internal']

const ofBody: readonly ProblemCode[] = [
  'malformed_json',
  'duplicate_key',
  'forbidden_key',
  'too_deep',
  'body_too_large',
  'unsupported_media_type',
]

/** What a route may be refused with before it runs, by who may call it. */
const ofAccess = ({ access, method }: Route): readonly ProblemCode[] => {
  switch (access.kind) {
    case 'public':
      return []
    case 'person':
      return method === 'GET' ? ['rate_limited'] : ['rate_limited', 'forbidden_origin']
    case 'key':
      return ['unauthenticated', 'forbidden_scope', 'rate_limited']
    case 'visitor':
      return ['forbidden_origin']
    case 'analyst':
      return ['forbidden_origin', 'unauthenticated']
  }
}

/** Every code that a route may refuse with: by its kind, and those that it names itself. */
export const problemsOf = (route: Route): ProblemCode[] => {
  const codes = [...always, ...(hasBody(route) ? ofBody : []), ...ofAccess(route), ...route.problems]
  if (route.method !== 'GET') codes.push('busy')
  return [...new Set(codes)].toSorted()
}
