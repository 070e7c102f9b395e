/** A browser as far as a bank can tell: follows nothing by itself, keeps cookies, sends forms. */
export class Browser {
  #cookies = new Map<string, string>()
  readonly base: string

  constructor(base: string) {
    this.base = base
  }

  get(path: string): Promise<Response> {
    return this.#send(path, {})
  }

  post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.#send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    })
  }

  /** As the bank's page script sends a form. */
  postAsScript(path: string, fields: Record<string, string>, token?: string): Promise<Response> {
    const proof: Record<string, string> = token === undefined ? {} : { 'checkpoint-token': token }
    return this.post(path, fields, { accept: 'application/json', ...proof })
  }

  /** Cookies as they were set last, for tests that look at their attributes. */
  lastCookies: string[] = []

  async #send(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { accept: 'text/html', ...init.headers, ...(cookie === '' ? {} : { cookie }) }
    const response = await fetch(new URL(path, this.base), { ...init, headers, redirect: 'manual' })
    this.lastCookies = response.headers.getSetCookie()
    for (const set of this.lastCookies) {
      const [pair = ''] = set.split(';')
      const at = pair.indexOf('=')
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }

  async signIn(customer: string, extra: Record<string, string> = {}): Promise<this> {
    await this.post('/sign-in', { customer, ...extra })
    return this
  }

  /** The text of a page without its markup, and without the marks that rendering leaves. */
  async text(path: string): Promise<string> {
    return readable(await (await this.get(path)).text())
  }
}

export const readable = (page: string): string =>
  page
    .replaceAll(/<!--.*?-->/gs, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')

/** A form of a page as a visitor finds it filled in: its fields as they would be sent. */
export const formOn = (page: string, action: string): Record<string, string> => {
  const form = new RegExp(`<form[^>]*action="${action}"[^>]*data-guarded.*?</form>`, 's').exec(page)?.[0]
  if (form === undefined) throw new Error(`no form for ${action}`)
  const inputs = [...form.matchAll(/<input\b[^>]*>/g)].map(([tag]) => ({
    name: attribute(tag, 'name'),
    value: attribute(tag, 'value'),
    isSent: attribute(tag, 'type') !== 'radio' || /\schecked\b/.test(tag),
  }))
  const selected = [...form.matchAll(/<select name="(\w+)">.*?<option value="(\w+)"[^>]*\sselected/gs)]
  return Object.fromEntries([
    ...inputs.filter(({ isSent }) => isSent).map(({ name, value }) => [name, value]),
    ...selected.map(([, name, value]) => [name, value]),
  ])
}

const attribute = (tag: string, name: string): string =>
  new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
