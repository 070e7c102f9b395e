import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SessionView } from '#contract/session-view'
import {
  renderChallengePage,
  renderMissingPage,
  renderUnregisteredParentPage,
} from '../../backend/http/challenge-page.ts'
import { challengeHeaders } from '../../backend/http/headers.ts'
import { unregisteredParent } from '../../backend/http/unregistered-parent.ts'
import { defaultLanguage } from '../../widget/texts/languages.ts'
import { view, views } from './views.ts'

/**
 * A checkpoint without a backend: the real pages, headers and bundles over prepared views. The session key says what
 * happens: `{first view}.{fault}.{anything}`. It is served twice, on the test page's own origin, where tests can look
 * into the frame, and on another site, where browsers treat it as they would in a customer's page.
 */

const nonce = 'fixturefixturefixture00'
const dist = (file: string) => readFileSync(new URL(`../../dist/${file}`, import.meta.url))
const manifest = (): { frame: { en: { file: string } } } => JSON.parse(dist('manifest.json').toString())

/** What was posted, by session key; read by the tests at `/posted/{key}`. */
const posted = new Map<string, { action: string; fields: Record<string, string> }[]>()

/** How often a page said that it runs, by session key; read at `/opened/{key}`. */
const opened = new Map<string, number>()

const nextView = (action: string, fields: Record<string, string>): SessionView | undefined => {
  if (action === 'cancel') return views['ended-cancelled']
  if (action === 'report') return views['break-reported']
  if (action === 'respond')
    return fields['code']?.replace(/\D/g, '') === '482913' ? views['allowed'] : views['code-wrong']
  if (action === 'resend') return views['code-resend-early']
  if (action === 'continue') return views['pause-early']
  if (action === 'questions') return views['questions-first-heard']
  if (action === 'confirm') return views['pause']
  return { no: views['code'], yes: views['break-yes'], not_sure: views['break-not-sure'] }[
    fields['answer'] ?? ''
  ]
}

const send = (
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
) => {
  response.writeHead(status, { 'content-type': type, ...headers }).end(body)
}

const bodyOf = async (request: IncomingMessage): Promise<Record<string, string>> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

const loadedBefore = new Set<string>()
/** The page's script is missing: always, or the first time only. */
const isMute = (key: string, fault: string | undefined): boolean => {
  const again = loadedBefore.has(key)
  loadedBefore.add(key)
  return fault === 'mute' || (fault === 'mute-once' && !again)
}

const page = (request: IncomingMessage, response: ServerResponse, key: string, parents: string[]) => {
  const [first = '', fault] = key.split('.')
  const found = views[first]
  const framed = request.headers['sec-fetch-dest'] === 'iframe'
  const headers = challengeHeaders({ nonce, frameAncestors: framed ? parents : [] })
  const registered = fault === 'unregistered' ? ['https://registered.example'] : parents
  const stranger = unregisteredParent(request.headers, { origins: registered }, 'https://checkpoint.example')
  if (stranger !== null) {
    const html = renderUnregisteredParentPage({ nonce, language: defaultLanguage })
    return send(response, 403, 'text/html', html, challengeHeaders({ nonce, frameAncestors: [stranger] }))
  }
  if (!found)
    return send(response, 404, 'text/html', renderMissingPage({ nonce, language: defaultLanguage }), headers)
  const html = renderChallengePage({
    view: { ...found, session_key: key },
    nonce,
    framed,
    frameScript: {
      path: isMute(key, fault)
        ? '/nothing.js'
        : `/${fault === 'late' ? 'late/' : ''}${manifest().frame.en.file}`,
    },
    allowedParents: fault === 'foreign' ? ['https://elsewhere.example'] : parents,
  })
  send(response, 200, 'text/html; charset=utf-8', html, headers)
}

const submit = async (request: IncomingMessage, response: ServerResponse, action: string) => {
  const fields = await bodyOf(request)
  const key = fields['session'] ?? ''
  if (action === 'opened') {
    opened.set(key, (opened.get(key) ?? 0) + 1)
    response.writeHead(204).end()
    return
  }
  const [, fault] = key.split('.')
  const before = posted.get(key) ?? []
  posted.set(key, [...before, { action, fields }])
  if (fault === 'lost' && before.length === 0) {
    // An answer cut off in the middle: browsers quietly repeat a request that was not answered at all.
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{')
    setTimeout(() => response.destroy(), 50)
    return
  }
  if (fault === 'hang' && before.length === 0) return
  if (fault === 'limited') return send(response, 429, 'application/problem+json', '{}')
  if (fault === 'odd') return send(response, 200, 'application/json', '{"view":{"screen":"intent"}}')
  const next = nextView(action, fields) ?? view({ error: 'out_of_sequence' })
  send(response, 200, 'application/json', JSON.stringify({ view: { ...next, session_key: key } }))
}

/** Answers every path of the checkpoint; false for any other. `parents`: the origins that may frame it. */
export const serveCheckpoint = (
  request: IncomingMessage,
  response: ServerResponse,
  parents: string[],
): boolean => {
  const path = new URL(request.url ?? '/', 'http://fixture').pathname
  const [, room = '', rest = ''] = /^\/(\w+)\/(.+)$/.exec(path) ?? []
  if (room === 'challenge') page(request, response, rest, parents)
  else if (room === 'checkpoint' && request.method === 'POST') void submit(request, response, rest)
  else if (room === 'posted') send(response, 200, 'application/json', JSON.stringify(posted.get(rest) ?? []))
  else if (room === 'opened') send(response, 200, 'application/json', JSON.stringify(opened.get(rest) ?? 0))
  else if (room === 'frame') send(response, 200, 'text/javascript; charset=utf-8', dist(`frame/${rest}`))
  else if (room === 'late') {
    setTimeout(() => send(response, 200, 'text/javascript; charset=utf-8', dist(rest)), 400)
  } else if (path === '/v1/ase.js') {
    send(response, 200, 'text/javascript; charset=utf-8', dist('loader/ase.en.js'), {
      'cross-origin-resource-policy': 'cross-origin',
    })
  } else return false
  return true
}
