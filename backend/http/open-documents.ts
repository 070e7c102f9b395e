import * as z from 'zod/mini'
import type { Deps } from '../deps.ts'
import { openApiDocument } from './openapi.ts'
import { nothing, openRoute, type Route } from './route.ts'

/** `/metrics` for Prometheus, and `/openapi.json`, made from the very routes that run. */
export const openDocuments = (deps: Deps, routes: readonly Route[], version: string): Route[] => {
  const own: Route[] = [
    openRoute('public', {
      method: 'GET',
      path: '/metrics',
      summary: 'Prometheus metrics of this instance',
      tag: 'Operation',
      request: nothing,
      answers: { 200: { description: 'Text exposition format.', type: deps.metrics.registry.contentType } },
      handle: async () => ({ status: 200, body: await deps.metrics.read() }),
    }),
    openRoute('public', {
      method: 'GET',
      path: '/openapi.json',
      summary: 'This document',
      tag: 'Operation',
      request: nothing,
      answers: { 200: { description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) } },
      handle: async () => ({ status: 200, body: document }),
    }),
  ]
  const document = openApiDocument([...routes, ...own], { origin: deps.config.publicOrigin, version })
  return own
}
