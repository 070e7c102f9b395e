import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCollections } from '../../backend/collections.ts'
import { makeDraft, patched } from '../../backend/policy/draft.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { temporaryFolder } from './backend-process.ts'

/** The operator's commands as they are typed, each in a process of its own, on one store. */

let folder: { path: string; remove: () => Promise<void> }

type Said = { code: number; out: string; err: string }

const ase = (...words: string[]): Promise<Said> =>
  new Promise((resolve) => {
    const cli = join(import.meta.dirname, '../../backend/cli.js')
    const env = { PATH: process.env['PATH'], DATA_DIR: folder.path }
    execFile(process.execPath, [cli, ...words], { env }, (fault, out, err) =>
      resolve({ code: fault === null ? 0 : Number(fault.code), out, err }),
    )
  })

/** A draft, as the API would have stored it. */
const draftedVersion = async () => {
  const store = openSqlite({ path: join(folder.path, 'ase.sqlite') })
  const deps = { collections: openCollections(store, null), policy: defaultPolicy, clock: Date.now }
  const org = await deps.collections.organisations.get('org_bank', 'org_bank')
  if (org === null) throw new Error('no organisation')
  const change = patched({ weights: { DEVICE_NEW: 20 } })
  const wish = { change, note: 'New devices weigh more', author: 'key:k' }
  const made = await makeDraft(deps, { org, environment: 'live' }, wish)
  await store.close()
  if (!made.ok) throw new Error(made.reason)
  return { id: made.version._id }
}

const bank = [
  ...['--id', 'org_bank', '--name', 'Example Bank', '--origin', 'https://bank.example'],
  ...['--security-email', 'security@bank.example'],
]

beforeAll(async () => {
  folder = await temporaryFolder()
  expect(await ase('org', 'create', ...bank)).toMatchObject({ code: 0, err: '' })
})
afterAll(() => folder.remove())

describe('the operator’s commands', () => {
  it('fill a list from a file, name wrong lines, and take the import back', async () => {
    const place = ['--org', 'org_bank', '--env', 'live', '--name', 'mules']
    const file = join(folder.path, 'mules.csv')
    await writeFile(
      file,
      'account,name\nGB33BUKB20201555550001,"Smith, J."\n,\nGB33BUKB20201555550001,Twice\n',
    )
    expect((await ase('list', 'import', file, ...place)).err).toContain('--kind and --owner')
    const made = await ase('list', 'import', file, ...place, '--kind', 'payee', '--owner', 'Fraud desk')
    expect(made.out).toMatch(
      /^mules: 1 entries by imp_[0-9a-f]{16}, 1 said twice, 1 rejected; the list has 1\n$/,
    )
    expect(await readFile(`${file}.rejects`, 'utf8')).toBe(
      '{"line":3,"detail":"must have an account, an id or a name"}\n',
    )
    await writeFile(file, 'iban\nGB33\n')
    const wrong = await ase('list', 'import', file, ...place, '--mode', 'replace')
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('must name the columns')])
    const [, id = ''] = /(imp_\S+),/.exec(made.out) ?? []
    expect((await ase('list', 'undo', ...place, '--id', id)).out).toBe(
      `${id} is undone; mules has 0 entries\n`,
    )
  })

  it('list the versions of the policy, show one, publish it and go back', async () => {
    const { id } = await draftedVersion()
    const place = ['--org', 'org_bank', '--env', 'live']
    expect((await ase('policy', 'list', ...place)).out).toMatch(
      /^pol_1 +draft +New devices weigh more \(key:k, from default-1\)\ndefault-1 +live /,
    )
    const note = ['--note', 'It did well.']
    expect((await ase('policy', 'publish', ...place, '--id', id, ...note)).out).toBe(
      'pol_1 is live in live\n',
    )
    const back = () => ase('policy', 'rollback', ...place, '--id', id, ...note)
    expect((await back()).out).toBe('default-1 is live in live\n')
    expect((await back()).err).toContain('pol_1 is not live')
    expect(JSON.parse((await ase('policy', 'show', ...place, '--id', id)).out)).toMatchObject({
      changes: [{ path: 'weights.DEVICE_NEW', before: 18, after: 20 }],
      history: [
        { kind: 'roll_back', by: 'operator', note: 'It did well.' },
        { kind: 'publish', by: 'operator' },
      ],
    })
  }, 120_000)

  it('evaluate a labelled history and draw it, naming what is wrong in it', async () => {
    const line = (nth: number) =>
      JSON.stringify({
        key: `k${nth}`,
        event: {
          action: 'transfer',
          user: { id: 'u', email: 'ana@example.com' },
          amount: { value: 100_00, currency: 'EUR' },
          payee: { account: 'ES9121000418450200051332' },
          occurred_at: `2026-03-0${nth}T10:00:00Z`,
        },
        result: 'completed',
      })
    const [file, page] = [join(folder.path, 'history.ndjson'), join(folder.path, 'page.html')]
    await writeFile(file, `${line(2)}\nno json\n${line(1)}\n{"key": "cut`)
    const { code, out, err } = await ase('evaluate', file, '--org', 'org_bank', '--out', page)
    expect(err).toContain(
      `${file}: line 2: is not JSON\n${file}: line 4: the file ends in the middle of it\n`,
    )
    expect(code).toBe(0)
    expect(out).toContain(
      '2 honest payments and 0 frauds from 2026-03-01 to 2026-03-02, by policy default-1.',
    )
    expect(await readFile(page, 'utf8')).toContain('<svg')
    const missing = await ase('evaluate', `${file}.gone`, '--org', 'org_bank')
    expect(missing).toMatchObject({ code: 1, out: '' })
    expect(missing.err).toContain('no such file')
    expect((await ase('evaluate', file, 'another', '--org', 'org_bank')).err).toContain(
      '"another" belongs to no option',
    )
    const from = await ase('evaluate', file, '--org', 'org_bank', '--from', '2030-01-01')
    expect(from.err).toContain('--from is after the last line')
  }, 120_000)

  it('fit weights: too little is known of what is stored, and a labelled history makes a draft', async () => {
    const place = ['--org', 'org_bank', '--env', 'live']
    const stored = await ase('policy', 'fit', ...place)
    expect(stored).toMatchObject({ code: 0, err: '' })
    expect(stored.out).toBe(
      '0 frauds and 0 honest events are known; 100 frauds and 100 honest events more are needed. Nothing was changed.\n',
    )
    // Four frauds in five show a call, and one honest payment in twenty; a name that does not match says nothing.
    const lines = Array.from({ length: 240 }, (_, nth) => {
      const isFraud = nth % 2 === 0
      const at = new Date(Date.UTC(2026, 0, 1) + nth * 3_600_000).toISOString()
      return JSON.stringify({
        key: `k${nth}`,
        event: {
          action: 'transfer',
          user: { id: `u${nth}`, email: 'ana@example.com' },
          amount: { value: 100_00, currency: 'EUR' },
          payee: { account: `ES91210004184502000${nth + 10_000}` },
          context: {
            call_active: isFraud ? nth % 5 !== 0 : nth % 20 === 1,
            payee_name_match: nth % 4 < 2 ? 'no_match' : 'match',
            observed_at: at,
          },
          occurred_at: at,
        },
        result: isFraud ? 'reported_scam' : 'completed',
      })
    })
    const last =
      lines
        .at(-1)
        ?.replace('"k239"', '"k240"')
        .replaceAll(/2026-01-1\dT/g, '2026-03-01T') ?? ''
    const file = join(folder.path, 'labelled.ndjson')
    await writeFile(file, `${[...lines, last].join('\n')}\n`)
    const { code, out, err } = await ase('policy', 'fit', file, ...place)
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^\(a draft from 120 frauds and 120 honest events: /),
    ])
    expect(out).toMatch(/^CALL_ACTIVE \d+ → \d+, in 80 % of frauds and [\d.]+ % of honest events\n/m)
    const id = /^pol_\d+$/m.exec(out)?.[0] ?? ''
    expect((await ase('policy', 'show', ...place, '--id', id)).out).toContain(
      'Fitted to 120 frauds and 120 honest events: ',
    )
  }, 120_000)

  it('map an action as a draft, refuse what can’t be one, and list what is live', async () => {
    const place = ['--org', 'org_bank', '--env', 'test']
    const map = (...more: string[]) => ase('action', 'map', ...place, '--name', 'refund', ...more)
    const mapped = await map('--family', 'money_out', '--requires', 'amount', '--floor', 'none')
    const id = mapped.out.trim()
    expect([mapped.code, id]).toEqual([0, expect.stringMatching(/^pol_\d+$/)])
    expect(mapped.err).toContain(`policy publish --org org_bank --env test --id ${id}`)
    expect((await ase('action', 'list', ...place)).out).not.toContain('refund')
    await ase('policy', 'publish', ...place, '--id', id, '--note', 'Refunds')
    const { out } = await ase('action', 'list', ...place)
    expect(out).toMatch(/^refund +money_out +medium +at least none +needs amount$/m)
    expect(out).toMatch(/^export_data +data +high +at least high +needs target$/m)
    expect((await map('--family', 'fun', '--floor', 'critical')).err).toMatch(
      /can't be mapped like this\n {2}actions\.refund\.family: /,
    )
  }, 120_000)

  it('print a key alone on standard output, and revoke it by its third part', async () => {
    const { code, out } = await ase('key', 'create', '--org', 'org_bank', '--env', 'test')
    expect(code).toBe(0)
    const [, id] = /^ase_test_([0-9a-f]{24})_[\w-]{43}\n$/.exec(out) ?? []
    const revoke = () => ase('key', 'revoke', '--id', id ?? '')
    expect((await revoke()).out).toBe(`${id} is revoked\n`)
    expect((await revoke()).out).toBe(`${id} was revoked before\n`)
  })

  it('make a history key that ends, and in live does nothing else', async () => {
    const create = (...more: string[]) =>
      ase('key', 'create', '--org', 'org_bank', '--scope', 'history:write', ...more)
    const { out, err } = await create('--env', 'live', '--scope', 'labels:write')
    expect(out).toMatch(/^ase_live_/)
    const end = Date.parse(/and ends on (\S+)\)/.exec(err)?.[1] ?? '')
    expect(Math.round((end - Date.now()) / 86_400_000)).toBe(7)
    expect((await create('--env', 'live', '--scope', 'events:write')).err).toMatch(/^--scope: in live, /)
    expect((await create('--env', 'test', '--scope', 'events:write', '--days', '30')).code).toBe(0)
    expect((await create('--env', 'test', '--days', '31')).err).toMatch(/^--days: .* 30 days at most/)
    expect((await create('--env', 'test', '--days', 'soon')).err).toMatch(/^--days: must be a whole number/)
  }, 120_000)

  it('bring a history from a file, name what is wrong in it, and go on when it was cut', async () => {
    const path = join(folder.path, 'past.ndjson')
    const lineOf = (key: string, event: object = {}) =>
      JSON.stringify({
        key,
        event: { action: 'login', user: { id: 'u_1' }, occurred_at: '2026-03-01T09:00:00Z', ...event },
        result: 'completed',
      })
    const whole = `${[lineOf('1'), lineOf('2', { action: 'lgoin' }), lineOf('3'), lineOf('4')].join('\n')}\n`
    await writeFile(path, whole.slice(0, -20))
    const bring = (...more: string[]) => ase('history', 'import', path, '--org', 'org_bank', ...more)
    const dry = await bring('--dry-run')
    expect([dry.code, dry.out]).toEqual([
      1,
      expect.stringMatching(/^org_bank\/live: 2 would be learned, .* 1 rejected/),
    ])
    const cut = await bring()
    expect([cut.code, cut.out]).toEqual([1, expect.stringMatching(/: 2 learned, 0 known before, 1 rejected/)])
    expect(cut.err).toContain('ends in the middle of line 4: it was cut off')
    expect(JSON.parse(await readFile(`${path}.rejects`, 'utf8'))).toMatchObject({
      line: 2,
      code: 'action_unknown',
    })
    await writeFile(path, whole)
    const rest = await bring()
    expect(rest.err).toContain('was brought up to line 3: going on behind it')
    expect([rest.code, rest.out]).toEqual([
      0,
      expect.stringMatching(/: 3 learned, 0 known before, 1 rejected/),
    ])
    expect((await bring()).out).toMatch(/: 0 learned, 3 known before, 1 rejected/)
    expect((await ase('history', 'import', 'nowhere', '--org', 'org_bank')).err).toMatch(
      /^nowhere: can't be read/,
    )
    expect((await ase('history', 'import')).err).toMatch(/^--file is missing/)
    expect((await ase('trail', '--org', 'org_bank')).out).toMatch(/history\.imported +operator /)
  }, 120_000)

  it('make an account once for an address', async () => {
    const create = () => ase('admin', 'create', '--org', 'org_bank', '--email', 'Ana@bank.example')
    expect((await create()).out).toMatch(/^ana@bank\.example\n[\w-]{16}\n$/)
    expect((await create()).err).toBe('--email: has an account already\n')
  })

  it('say what an organisation is now, and that what was left out is gone', async () => {
    const named = ['--support-phone', '+44 20 7946 0000', '--return-url', 'https://bank.example/done']
    const full = await ase('org', 'create', ...bank, ...named)
    expect(full.out).toContain('+44 20 7946 0000')
    expect(full.out).toContain('https://bank.example/done')
    const bare = await ase('org', 'create', ...bank)
    expect(bare.out).toContain('none shown')
    expect(bare.out).toContain('nowhere')
  })

  it('set how long a hold lasts and the language, and go back to the defaults when they are left out', async () => {
    const long = await ase(
      'org',
      'create',
      ...bank,
      '--hold-hours',
      '72',
      '--language',
      'pt-BR',
      '--time-zone',
      'America/Sao_Paulo',
    )
    expect(long.out).toMatch(/a hold lasts +72 hours/)
    expect(long.out).toMatch(/language +pt-BR\n/)
    expect(long.out).toMatch(/time zone +America\/Sao_Paulo, /)
    const bare = await ase('org', 'create', ...bank)
    expect(bare.out).toMatch(/a hold lasts +12 hours/)
    expect(bare.out).toMatch(/language +en\n/)
    expect(bare.out).toMatch(/time zone +UTC, /)
  })

  it('make an organisation that observes in live, move it, and leave it as it is without the option', async () => {
    const id = ['--id', 'org_careful']
    const facts = [...id, '--name', 'Careful', '--security-email', 'sec@careful.example']
    const said = (out: string) =>
      [/^ {2}live +(\w+)/m, /^ {2}test +(\w+)/m].map((line) => line.exec(out)?.[1])
    expect(said((await ase('org', 'create', ...facts)).out)).toEqual(['observes', 'enforces'])
    const enforce = ['--env', 'live', '--enforcement', 'enforce', '--note', 'Two quiet weeks']
    expect(said((await ase('org', 'enforcement', ...id, ...enforce)).out)).toEqual(['enforces', 'enforces'])
    expect(said((await ase('org', 'create', ...facts)).out)).toEqual(['enforces', 'enforces'])
    const back = await ase('org', 'create', ...facts, '--enforcement', 'observe')
    expect(said(back.out)).toEqual(['observes', 'enforces'])
    expect((await ase('org', 'enforcement', ...id, '--two-analysts', 'yes')).out).toContain('two analysts')
    const trail = (await ase('trail', '--org', 'org_careful')).out
    expect(trail.match(/enforcement\.changed/g)).toHaveLength(2)
    const fresh = ['--id', 'org_bold', '--name', 'Bold', '--enforcement', 'enforce']
    expect(said((await ase('org', 'create', ...fresh)).out)).toEqual(['enforces', 'enforces'])
  }, 120_000)

  it('enforce an action for a share of the people, as a draft', async () => {
    const place = ['--org', 'org_bank', '--env', 'test']
    const enforce = (...more: string[]) => ase('action', 'enforce', ...place, '--name', 'transfer', ...more)
    const made = await enforce('--enforcement', 'enforce', '--percent', '25')
    const id = made.out.trim()
    expect([made.code, id]).toEqual([0, expect.stringMatching(/^pol_\d+$/)])
    await ase('policy', 'publish', ...place, '--id', id, '--note', 'A quarter')
    const line = (out: string) => out.split('\n').find((one) => one.startsWith('transfer'))
    expect(line((await ase('action', 'list', ...place)).out)).toContain('enforced for 25 %')
    expect((await enforce('--enforcement', 'observe', '--percent', '25')).err).toContain(
      'leave it out beside observe',
    )
    expect((await enforce('--enforcement', 'enforce', '--percent', '250')).err).toContain('enforcement_share')
    expect(
      (await ase('action', 'enforce', ...place, '--name', 'tranfer', '--enforcement', 'observe')).err,
    ).toContain('no such action')
  }, 120_000)

  it('warn when nobody would be told of incidents, and name somebody without touching the rest', async () => {
    const silent = ['--id', 'org_silent', '--name', 'Silent', '--support-phone', '+44 20 7946 0000']
    const created = await ase('org', 'create', ...silent)
    expect(created.code).toBe(0)
    expect(created.err).toContain('warning: nobody is told when an incident opens.')
    expect(created.err).toContain('org contact --id org_silent --security-email')
    const named = await ase('org', 'contact', '--id', 'org_silent', '--security-email', 'sec@silent.example')
    expect(named).toEqual({ code: 0, out: 'org_silent: incidents go to sec@silent.example\n', err: '' })
    const again = await ase('org', 'create', ...silent, '--security-email', 'sec@silent.example')
    expect([again.err, again.out]).toEqual(['', expect.stringContaining('+44 20 7946 0000')])
    const { out } = await ase('trail', '--org', 'org_silent')
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.trim().split(/ +/)[2]),
    ).toEqual(['organisation.created', 'organisation.changed'])
    expect(out).not.toContain('sec@')
  }, 60_000)

  it('add an origin or a return URL, show what is registered, and keep everything else', async () => {
    const id = ['--id', 'org_shop']
    const contact = ['--security-email', 'sec@shop.example', '--origin', 'https://shop.example']
    await ase('org', 'create', ...id, '--name', 'Shop', ...contact)
    const more = ['--origin', 'https://pay.shop.example', '--return-url', 'https://shop.example/paid']
    const allowed = await ase('org', 'allow', ...id, ...more)
    expect(allowed.out).toContain('https://shop.example, https://pay.shop.example')
    expect(allowed.out).toContain('https://shop.example/paid')
    expect(allowed.out).toMatch(/incidents go to +sec@shop\.example\n/)
    expect((await ase('org', 'allow', ...id, ...more)).out).toBe(allowed.out)
    expect((await ase('org', 'show', ...id)).out).toBe(allowed.out)
    const path = await ase('org', 'allow', ...id, '--origin', 'https://shop.example/pay')
    expect(path).toMatchObject({ code: 1, err: expect.stringMatching(/^--origin: must be one origin/) })
    expect((await ase('org', 'allow', ...id)).err).toContain('--origin or --return-url is missing')
    expect((await ase('org', 'show', '--id', 'org_none')).err).toContain('there is no org_none')
  }, 60_000)

  it('read, export and verify the trail, against a head that was kept elsewhere', async () => {
    const org = ['--org', 'org_bank']
    const verified = await ase('trail', 'verify', ...org)
    expect(verified.out).toMatch(/^org_bank: \d+ entries, unbroken\nkeep this elsewhere: \d+:[\w-]{43}\n$/)
    const [head = ''] = /\d+:[\w-]{43}/.exec(verified.out) ?? []
    await ase('key', 'create', ...org, '--env', 'test')
    expect(await ase('trail', 'verify', ...org, '--head', head)).toMatchObject({ code: 0, err: '' })
    const other = head.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    expect((await ase('trail', 'verify', ...org, '--head', other)).err).toContain(
      'is not in the trail any more',
    )
    const file = join(folder.path, 'exported.json')
    await writeFile(file, (await ase('trail', ...org, '--json')).out)
    expect((await ase('audit', 'verify', '--file', file)).out).toMatch(
      /exported\.json: \d+ entries, unbroken/,
    )
  }, 60_000)

  it('list themselves when asked', async () => {
    expect(await ase('--help')).toMatchObject({ code: 0, err: '' })
    expect(await ase()).toMatchObject({ code: 1, out: '' })
  })

  it.each([
    ['a command that there is not', ['org', 'crate'], 'there is no command "org crate"'],
    ['an option that there is not', ['org', 'create', '--nme', 'x'], "Unknown option '--nme';"],
    ['an option of another command', ['key', 'revoke', '--org', 'x'], 'key revoke takes no --org'],
    ['a second value without its option', ['key', 'create', '--scope', 'a', 'b'], '"b" belongs to no option'],
    ['an option without a value', ['key', 'revoke', '--id'], "Option '--id <value>' argument missing;"],
    ['a missing option', ['key', 'create', '--org', 'org_bank'], '--env is missing'],
    ['an id of another shape', ['org', 'create', '--id', 'bank', '--name', 'B'], '--id: must look like'],
    ['an open origin', ['org', 'create', ...bank, '--origin', 'https://*'], '--origin: must be one origin'],
    [
      'a length there is not',
      ['org', 'create', ...bank, '--hold-hours', '48'],
      '--hold-hours: must be 12, 24',
    ],
    [
      'a share above a fifth',
      ['org', 'create', ...bank, '--holdout-share', '0.5'],
      '--holdout-share: must be a share from 0 to 0.2',
    ],
    [
      'neither of the two',
      ['org', 'create', ...bank, '--enforcement', 'off'],
      '--enforcement must be observe or enforce',
    ],
    [
      'nothing to move',
      ['org', 'enforcement', '--id', 'org_bank'],
      '--enforcement or --two-analysts is missing',
    ],
    [
      'no environment',
      ['org', 'enforcement', '--id', 'org_bank', '--enforcement', 'observe'],
      '--env is missing',
    ],
    ['a length in words', ['org', 'create', ...bank, '--hold-hours', 'long'], '--hold-hours: must be 12, 24'],
    ['no time zone', ['org', 'create', ...bank, '--time-zone', 'Madrid'], '--time-zone: must be a time zone'],
    [
      'no language',
      ['org', 'create', ...bank, '--language', 'english!'],
      '--language: must be a language tag',
    ],
    ['an organisation not there', ['key', 'create', '--org', 'org_x', '--env', 'test'], '--org: there is no'],
    ['an environment not there', ['key', 'create', '--org', 'org_bank', '--env', 'prod'], '--env must be'],
    [
      'a scope not there',
      ['key', 'create', '--org', 'org_bank', '--env', 'live', '--scope', 'all'],
      '--scope: there is no all;',
    ],
    ['a key not there', ['key', 'revoke', '--id', '0'], '--id: there is no key 0'],
    ['a file not there', ['audit', 'verify', '--file', 'none.json'], "none.json: can't be read"],
  ])('refuse %s in one sentence that names it', async (_mistake, words, sentence) => {
    const said = await ase(...words)
    expect(said).toMatchObject({ code: 1, out: '' })
    expect(said.err).toContain(sentence)
    expect(said.err.trimEnd().split('\n')).toHaveLength(1)
  })

  it.each([
    ['{', ': not JSON'],
    ['{}', ': not what GET /audit'],
    ['{"entries":[{}],"head":null}', ': not_an_entry at entry 1'],
  ])('refuse the trail %s', async (text, sentence) => {
    const file = join(folder.path, 'trail.json')
    await writeFile(file, text)
    const said = await ase('audit', 'verify', '--file', file)
    expect(said).toMatchObject({ code: 1, out: '' })
    expect(said.err).toContain(sentence)
  })
})
