import * as z from 'zod/mini'
import { type ProblemCode, problem } from '#contract/problem'
import { condition, explainedCondition } from '#contract/rule'
import { whenLostOf } from './open-outcome.ts'
import { problemsOf } from './problems-of.ts'
import { type AnswerSpec, deskTag, hasBody, listenerOf, type Route } from './route.ts'

/**
 * The OpenAPI 3.1 document, made from the list of routes that the server runs. Nothing is written twice, so nothing can
 * be missing from it; a test compares both lists anyway.
 */

type Json = Record<string, unknown>

/** Shapes that contain themselves: they need a name, under which the document keeps them once. */
const metadata = z
  .registry<{ id: string }>()
  .add(condition, { id: 'Condition' })
  .add(explainedCondition, { id: 'ExplainedCondition' })

/** A schema, and those that it names. */
const schemaWithNamed = (schema: z.ZodMiniType, io: 'input' | 'output'): { schema: Json; named: Json } => {
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline', metadata })
  const text = JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')
  const { $schema: _, $defs = {}, ...rest } = JSON.parse(text)
  return { schema: rest, named: $defs }
}

/** OpenAPI 3.1 schemas are JSON Schema 2020-12; the dialect is declared once for the document. */
const schemaOf = (schema: z.ZodMiniType, io: 'input' | 'output'): Json => schemaWithNamed(schema, io).schema

const namedSchemas = (): Json => ({
  ...schemaWithNamed(z.array(condition), 'input').named,
  ...schemaWithNamed(z.array(explainedCondition), 'output').named,
})

const openApiPath = (path: string): string => path.replaceAll(/:([a-z_]+)/g, '{$1}')

const parametersIn = (schema: z.ZodMiniType, part: 'path' | 'query' | 'header'): Json[] => {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: part,
    required: part === 'path' || required.includes(name),
    schema: value,
  }))
}

const mediaTypes = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  raw: 'application/octet-stream',
} as const

/** JSON Schema describes the lines of a text as what the text contains. */
const bodySchema = ({ request, line }: Route): Json =>
  line === undefined
    ? schemaOf(request.body, 'input')
    : {
        type: 'string',
        description: 'One JSON object a line.',
        contentMediaType: 'application/json',
        contentSchema: schemaOf(line, 'input'),
      }

const requestBody = (route: Route): Json => {
  const schema = bodySchema(route)
  return {
    required: true,
    content: Object.fromEntries(route.accepts.map((kind) => [mediaTypes[kind], { schema }])),
  }
}

const answerOf = (spec: AnswerSpec): Json => {
  if ('empty' in spec) return { description: spec.description }
  return {
    description: spec.description,
    content: {
      ...('type' in spec ? { [spec.type]: { schema: { type: 'string' } } } : {}),
      ...('schema' in spec
        ? { [spec.json ?? 'application/json']: { schema: schemaOf(spec.schema, 'output') } }
        : {}),
    },
  }
}

/** Its schema is the one of every problem; which codes it may carry is said beside it. */
const problemAnswer = (codes: readonly ProblemCode[]) => ({
  description: 'A refusal: `code` is for programs, `detail` says what to do.',
  content: {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/Problem', properties: { code: { enum: codes } } },
    },
  },
})

/** For what changes something: what a caller does when no answer came, by a 503 or by a broken connection alike. */
const unavailableOf = (route: Route): Json => {
  const whenLost = whenLostOf(route)
  if (whenLost === null || 503 in route.answers) return {}
  const description = `The store does not answer. Where \`outcome_unknown\` is true, it is open whether this was carried out, as it is when no answer arrives at all: ${whenLost}`
  const codes: ProblemCode[] = ['busy', 'unavailable']
  return { 503: { ...problemAnswer(codes), description } }
}

/** `POST /events/:id/result` becomes `post_events_id_result`. */
const operationId = (route: Route): string =>
  `${route.method.toLowerCase()}${route.path.replaceAll(/[^A-Za-z0-9]+/g, '_')}`.replace(/_$/, '')

const securityOf = ({ access }: Route): Json[] => {
  if (access.kind === 'key') return [{ secretKey: [] }]
  return access.kind === 'analyst' ? [{ deskLogin: [] }] : []
}

/** The desk's address is nobody's business but the organisation's: the document says where to put it, not what it is. */
const deskServer = {
  url: 'https://{desk}',
  description: 'The listener of the analysts’ desk. The public one answers 404.',
  variables: { desk: { default: 'desk.example.com', description: 'The host of `ADMIN_ORIGIN`.' } },
}

/** What a caller needs beside the key itself comes first. */
const descriptionOf = ({ access, description }: Route): Json => {
  const words = [
    ...(access.kind === 'key' ? [`Needs the scope \`${access.scope}\`.`] : []),
    ...(description === undefined ? [] : [description]),
  ]
  return words.length === 0 ? {} : { description: words.join('\n\n') }
}

const operationOf = (route: Route): Json => ({
  operationId: operationId(route),
  summary: route.summary,
  tags: [route.tag],
  parameters: [
    ...parametersIn(route.request.params, 'path'),
    ...parametersIn(route.request.query, 'query'),
    ...parametersIn(route.request.headers, 'header'),
  ],
  ...(hasBody(route) ? { requestBody: requestBody(route) } : {}),
  responses: {
    ...Object.fromEntries(Object.entries(route.answers).map(([status, spec]) => [status, answerOf(spec)])),
    ...unavailableOf(route),
    default: problemAnswer(problemsOf(route)),
  },
  ...descriptionOf(route),
  security: securityOf(route),
  ...(listenerOf(route) === 'desk' ? { servers: [deskServer] } : {}),
})

/** Describes `routes`. `origin`: where the API is reached from outside. */
export const openApiDocument = (
  routes: readonly Route[],
  about: { origin: string; version: string },
): Json => {
  const paths: Record<string, Json> = {}
  for (const route of routes)
    paths[openApiPath(route.path)] = {
      ...paths[openApiPath(route.path)],
      [route.method.toLowerCase()]: operationOf(route),
    }
  return {
    openapi: '3.1.0',
    info: { title: 'Anti Social Engine', version: about.version },
    servers: [{ url: about.origin }],
    tags: [
      {
        name: deskTag,
        description:
          'What the analysts’ page asks. A request carries the cookie of a login; one that changes something names the desk’s own `Origin` too.',
      },
    ],
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output'), ...namedSchemas() },
      securitySchemes: {
        secretKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'A secret key: `ase_live_…` or `ase_test_…`.',
        },
        deskLogin: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-ase_analyst',
          description: 'Set by `POST /api/login`.',
        },
      },
    },
  }
}
