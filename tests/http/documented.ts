import { expect } from 'vitest'
import * as z from 'zod'
import { send } from './send.ts'

/** `/openapi.json` as tests read it, and answers held to it. */

type Schema = Parameters<typeof z.fromJSONSchema>[0]
type Media = { schema: Schema }
type Answer = { content?: Record<string, Media> }
type Operation = {
  operationId: string
  description: string
  responses: Record<string, Answer>
  security: unknown[]
  tags: string[]
  /** Where it is answered, unless it is where the document is. */
  servers?: unknown[]
}
export type Document = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

export type Told = { status: number; type: string; text: string }

export const readDocument = async (url: string): Promise<Document> =>
  JSON.parse((await send(url, { path: '/openapi.json' })).text)

export const operationIn = (document: Document, method: string, template: string): Operation => {
  const found = document.paths[template]?.[method.toLowerCase()]
  if (found === undefined) throw new Error(`${method} ${template} is not in the document`)
  return found
}

/** `METHOD /template` of every operation of one listener. */
export const operationsOf = (document: Document, listener: 'public' | 'desk'): string[] =>
  Object.entries(document.paths).flatMap(([template, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      (operation.servers !== undefined) === (listener === 'desk')
        ? [`${method.toUpperCase()} ${template}`]
        : [],
    ),
  )

/** The schema that the document gives for this status and content type; a reference leads into its components. */
const schemaFor = (document: Document, operation: Operation, { status, type }: Told): Schema | null => {
  const answer = operation.responses[String(status)] ?? operation.responses['default']
  const documented = answer?.content?.[type.split(';')[0] ?? ''] ?? answer?.content?.[type]
  if (documented === undefined) return null
  const { schema } = documented
  if (typeof schema === 'boolean') return schema
  const named = { ...schema, $defs: document.components.schemas }
  return JSON.parse(JSON.stringify(named).replaceAll('#/components/schemas/', '#/$defs/'))
}

const coded = z.object({ properties: z.object({ code: z.object({ enum: z.array(z.string()) }) }) })

/** The codes that an operation may refuse with. */
const codesOf = (operation: Operation): string[] => {
  const { schema } = operation.responses['default']?.content?.['application/problem+json'] ?? {}
  return coded.parse(schema).properties.code.enum
}

/** Fails unless the answer is one that the document gives for this operation. */
export const expectDocumented = (document: Document, method: string, template: string, told: Told): void => {
  const operation = operationIn(document, method, template)
  const answer = `${method} ${template} ${told.status} ${told.type}`
  if (told.text === '') {
    expect(operation.responses[String(told.status)]?.content, answer).toBeUndefined()
    return
  }
  const schema = schemaFor(document, operation, told)
  expect(schema, answer).not.toBeNull()
  const value = told.type.includes('json') ? JSON.parse(told.text) : told.text
  const read = z.fromJSONSchema(schema ?? false).safeParse(value)
  expect(read.error?.issues ?? [], answer).toEqual([])
  if (told.type !== 'application/problem+json') return
  const { code } = z.object({ code: z.string() }).parse(value)
  expect(codesOf(operation), answer).toContain(code)
}
