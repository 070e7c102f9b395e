import type { IncomingMessage, ServerResponse } from 'node:http'

/** A customer's own server, on the test page's origin: what `protect(fetch)` meets, and a page with a strict policy. */

const received = new Map<string, { token: string | null; body: string }[]>()

const json = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const guarded = async (request: IncomingMessage, response: ServerResponse, id: string, session: string) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const token = String(request.headers['checkpoint-token'] ?? '') || null
  const calls = [...(received.get(id) ?? []), { token, body }]
  received.set(id, calls)
  if (token === null) return json(response, 403, { checkpoint: { url: session } })
  json(response, 200, { calls })
}

/** Answers `/site/…`; false for any other path. */
export const serveSite = (
  request: IncomingMessage,
  response: ServerResponse,
  checkpoint: string,
): boolean => {
  const url = new URL(request.url ?? '/', 'http://fixture')
  const [, , room, id = ''] = url.pathname.split('/')
  const session = url.searchParams.get('session') ?? `${checkpoint}/challenge/allowed`
  if (!url.pathname.startsWith('/site/')) return false
  if (room === 'guarded') void guarded(request, response, id, session)
  else if (room === 'received') json(response, 200, received.get(id) ?? [])
  else if (room === 'plain-403') json(response, 403, { error: 'no' })
  else if (room === 'text-403') response.writeHead(403, { 'content-type': 'text/plain' }).end('no')
  else if (room === 'elsewhere') response.writeHead(303, { location: `/site/guarded/${id}` }).end()
  else if (room === 'strict-page') {
    response
      .writeHead(200, {
        'content-type': 'text/html',
        'content-security-policy': `default-src 'none'; script-src ${checkpoint}; frame-src ${checkpoint}; require-trusted-types-for 'script'; trusted-types 'none'`,
      })
      .end(
        `<!doctype html><title>host</title><button>go</button><script src="${checkpoint}/v1/ase.js"></script>`,
      )
  } else return false
  return true
}
