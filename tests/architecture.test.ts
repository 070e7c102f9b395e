import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stepType } from '#contract/step'
import packageFile from '../package.json' with { type: 'json' }
import { roomOf, rooms } from './support/rooms.ts'
import { generated, type Import, importsOf, root, type Source, sources } from './support/sources.ts'

/**
 * The arrows of the house: which room may know which. They are what lets a newcomer change one room without reading the
 * others, so they are tested like any other promise.
 */

/** Sentences may say what code may not. */
const withoutText = (code: string): string => code.replaceAll(/'(?:[^'\\\n]|\\.)*'|`[^`]*`/g, "''")

const within = (...folders: string[]): Source[] =>
  sources.filter(({ path }) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
const product = within('backend', 'widget', 'demo-site', 'rollup-config')

/** Every import of `files` that `isAllowed` refuses, as `importer → imported`. */
const wrongImports = (files: Source[], isAllowed: (one: Import, file: Source) => boolean): string[] =>
  files.flatMap((file) =>
    file.imports.filter((one) => !isAllowed(one, file)).map((one) => `${file.path} → ${one.from}`),
  )
const isIn = (path: string, ...folders: string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`))
const isPackage = (from: string, name: string): boolean => from === name || from.startsWith(`${name}/`)
const whoImports = (...names: string[]): string[] =>
  product
    .filter(({ imports }) => imports.some(({ from }) => names.some((name) => isPackage(from, name))))
    .map(({ path }) => path)

describe('the scanner', () => {
  it('sees every way to import, and what is a type', () => {
    const code = [
      "import 'a'",
      "import b from 'b'",
      "import { c, type d } from '../c.ts'",
      "import type { e } from '#contract/event'",
      "import { type f } from 'f'",
      "export { g } from './g.ts'",
      "import {\n  h,\n  i,\n} from 'h'",
      "const j = await import('j')",
    ].join('\n')
    expect(importsOf('backend/risk/x.ts', code)).toEqual([
      { from: 'a', typeOnly: false },
      { from: 'b', typeOnly: false },
      { from: 'backend/c.ts', typeOnly: false },
      { from: 'backend/contract/event.ts', typeOnly: true },
      { from: 'f', typeOnly: true },
      { from: 'backend/risk/g.ts', typeOnly: false },
      { from: 'h', typeOnly: false },
      { from: 'j', typeOnly: false },
    ])
  })

  it('reads the whole tree', () => {
    expect(product.length).toBeGreaterThan(150)
    expect(product.flatMap(({ imports }) => imports).length).toBeGreaterThan(500)
  })
})

describe('rooms', () => {
  it('contract imports zod/mini and itself', () => {
    const wrong = wrongImports(
      within('backend/contract'),
      ({ from }) => from === 'zod/mini' || isIn(from, 'backend/contract'),
    )
    expect(wrong).toEqual([])
  })

  const pure = ['intake', 'risk', 'session', 'hold', 'audit'].map((room) => `backend/${room}`)

  it('intake, risk, session, hold and audit know each other, the contract, and of the rest only shapes', () => {
    const libraries = ['zod/mini', 'canonicalize', 'jsonc-parser']
    const wrong = wrongImports(within(...pure), ({ from, typeOnly }, { path }) => {
      if (libraries.includes(from) || isIn(from, 'backend/contract', ...pure)) return true
      // Hashing is arithmetic: the same bytes give the same digest. Randomness of that module is refused below.
      if (from === 'node:crypto') return isIn(path, 'backend/audit', 'backend/intake/connectors')
      if (from === 're2js') return isIn(path, 'backend/risk/rules')
      if (from === 'jose') return path === 'backend/session/token.ts'
      // Shapes, and what says whether a value has one.
      const shapes = ['define-collection', 'fits', 'personal-fields', 'sparse'].map(
        (name) => `backend/store/${name}.ts`,
      )
      if (shapes.includes(from) || isIn(from, 'backend/upgrades')) return true
      // A step says its own sentences; they are as pure as it is.
      if (isIn(from, 'widget/texts')) return isIn(path, 'backend/session/steps')
      return typeOnly && isIn(from, 'backend/secrets.ts', 'backend/org', 'backend/store/port.ts')
    })
    expect(wrong).toEqual([])
  })

  it('and take no time, no randomness and no world of their own', () => {
    const own =
      /\bDate\.now\b|new Date\(\)|\bMath\.random\b|\bprocess\b\.|\bset(?:Timeout|Interval|Immediate)\b|\brandom(?:Bytes|UUID|Int|Fill)|getRandomValues|\bperformance\b\.|\bfetch\(|\bconsole\b/
    const found = within(...pure).flatMap(({ path, code }) => {
      const [match] = own.exec(code) ?? []
      return match === undefined ? [] : [`${path}: ${match}`]
    })
    expect(found).toEqual([])
  })

  it('a connector knows its system, the intake and the contract; nobody but the list knows a connector', () => {
    const folder = 'backend/intake/connectors'
    const wrong = wrongImports(
      within(folder),
      ({ from }) =>
        ['zod/mini', 'node:crypto'].includes(from) || isIn(from, 'backend/contract', 'backend/intake'),
    )
    expect(wrong).toEqual([])
    const open = [`${folder}/list.ts`, `${folder}/connector.ts`]
    const callers = wrongImports(
      product.filter(({ path }) => path !== `${folder}/list.ts`),
      ({ from }) => !isIn(from, folder) || open.includes(from),
    )
    expect(callers).toEqual([])
  })

  it('nobody but its own files and the lists knows a step: by name, or by file', () => {
    const own = ['backend/contract/steps', 'backend/session/steps', 'backend/admin/page/words/steps']
    const lists = [
      'backend/contract/step.ts',
      'widget/screens/screen.ts',
      'backend/admin/page/words/steps.ts',
      // Which steps a tier has is policy.
      'backend/risk/default-policy.ts',
      // How a replay answers each screen: the compiler asks for a new one.
      'backend/replay/answer-checkpoint.ts',
      // Where steps of before kept what they remembered.
      'backend/upgrades/session-upgrades.ts',
    ]
    const screens = stepType.options.map((type) => `widget/screens/${type.replace('_', '-')}.ts`)
    const isOwn = (path: string): boolean =>
      isIn(path, ...own, ...lists, ...screens) || /^widget\/texts\/[\w-]+\/(steps\/|screens\.ts)/.test(path)
    const compound = stepType.options.filter((type) => type.includes('_'))
    const named = new RegExp(`(['"\`])(?:${stepType.options.join('|')})\\1|\\b(?:${compound.join('|')})\\b`)
    const others = within('backend', 'widget').filter(({ path }) => !isOwn(path))
    expect(others.filter(({ code }) => named.test(code)).map(({ path }) => path)).toEqual([])
    const definitions = [
      ...screens,
      ...stepType.options.map((type) => `backend/session/steps/${type.replace('_', '-')}.ts`),
    ]
    expect(wrongImports(others, ({ from }) => !definitions.includes(from))).toEqual([])
  })

  it('store is the only room with a database driver', () => {
    expect(whoImports('mongodb', 'node:sqlite').filter((path) => !isIn(path, 'backend/store'))).toEqual([])
  })

  it('http and app.ts are the only ones with Koa; the demo’s bank is a customer with a server of its own', () => {
    const koa = whoImports('koa', '@koa', 'koa-helmet').filter(
      (path) => !isIn(path, 'backend/http', 'demo-site'),
    )
    expect(koa).toEqual(['backend/app.ts'])
  })

  it('session/token.ts is the only one with jose', () => {
    expect(whoImports('jose')).toEqual(['backend/session/token.ts'])
  })

  it('the environment is read by config.ts, which the programs hand it to; the demo reads its own in one file', () => {
    const readers = product.filter(({ code }) => /process\.env/.test(code)).map(({ path }) => path)
    // start.ts hands its whole environment on to the processes that it starts, and reads nothing in it.
    const known = ['backend/cli/run.ts', 'backend/start.ts', 'demo-site/settings.ts', 'demo-site/start.ts']
    expect(readers.filter((path) => !known.includes(path))).toEqual([])
    for (const path of ['backend/start.ts', 'backend/cli/run.ts'])
      for (const { code } of within(path))
        expect(code.match(/process\.env/g)).toEqual(
          code.match(/readConfig\(process\.env\)/g)?.map(() => 'process.env'),
        )
  })

  it('audit/verify.ts is an independent reader: nothing of ours is in it', () => {
    const [reader] = within('backend/audit/verify.ts')
    expect(reader?.imports.map(({ from }) => from)).toEqual(['node:crypto'])
  })

  it('the spine has one door, and only http, workers, effects, commands and a replay go through it', () => {
    const inside = wrongImports(
      [...within('backend'), ...within('tests')].filter(({ path }) => !isIn(path, 'backend/checkpoint')),
      ({ from }) => !isIn(from, 'backend/checkpoint'),
    )
    expect(inside.filter((arrow) => !arrow.startsWith('backend/checkpoint.ts → '))).toEqual([])
    const callers = within('backend').filter(({ imports }) =>
      imports.some(({ from }) => from === 'backend/checkpoint.ts'),
    )
    const rooms = new Set(callers.map(({ path }) => path.split('/').slice(0, 2).join('/')))
    expect([...rooms].toSorted()).toEqual([
      'backend/background-work.ts',
      'backend/cli',
      'backend/effects',
      'backend/http',
      'backend/replay',
    ])
  })

  it('only http knows how a refusal leaves: the core answers refusals, and no problem of HTTP', () => {
    const wrong = wrongImports(
      within('backend').filter(({ path }) => !isIn(path, 'backend/http', 'backend/app.ts')),
      ({ from }) => from !== 'backend/http/app-error.ts',
    )
    expect(wrong).toEqual([])
  })

  it('no verb of the spine knows another', () => {
    const wrong = wrongImports(within('backend/checkpoint'), ({ from }) => !isIn(from, 'backend/checkpoint'))
    expect(wrong).toEqual([])
  })

  it('the spine doesn’t know who calls it', () => {
    const above = [
      'backend/http',
      'backend/app.ts',
      'backend/serve.ts',
      'backend/background-work.ts',
      'backend/outbox',
      'backend/cli',
      'backend/effects',
      'backend/admin',
    ]
    expect(
      wrongImports(
        within(
          ...['checkpoint', 'checkpoint.ts', 'transitions', 'evaluation', 'repositories'].map(
            (room) => `backend/${room}`,
          ),
        ),
        ({ from }) => !isIn(from, ...above),
      ),
    ).toEqual([])
  })

  it('store knows no document: each room declares its own collections', () => {
    const wrong = wrongImports(
      within('backend/store'),
      ({ from }) => !from.startsWith('backend/') || isIn(from, 'backend/store'),
    )
    expect(wrong).toEqual([])
  })
})

describe('between the programs', () => {
  it('backend imports the widget’s screens and texts alone', () => {
    const wrong = wrongImports(
      within('backend'),
      ({ from }) =>
        !isIn(from, 'widget', 'demo-site', 'tests', 'rollup-config') ||
        isIn(from, 'widget/screens', 'widget/texts'),
    )
    expect(wrong).toEqual([])
  })

  const desk = 'backend/admin/page'

  it('the desk’s page knows the contract and nothing else of the backend', () => {
    const wrong = wrongImports(
      within(desk),
      ({ from }) =>
        isIn(from, desk, 'backend/contract') || isPackage(from, 'lit') || isPackage(from, 'zod/mini'),
    )
    expect(wrong).toEqual([])
  })

  it('only the list names a view of the desk; the shell knows none, and a view no other but the room that it is in', () => {
    const isRoomOf = (path: string, text: string): boolean =>
      text.includes(`\n  within: ${basename(path, '.ts')},\n`)
    const wrong = wrongImports(
      within(desk),
      ({ from }, { path, text }) =>
        !isIn(from, `${desk}/views`) ||
        path === `${desk}/views.ts` ||
        (isIn(path, `${desk}/views`) && isRoomOf(from, text)),
    )
    expect(wrong).toEqual([])
    const views = within(`${desk}/views`).map(({ path }) => path)
    const [list] = within(`${desk}/views.ts`)
    expect(list?.imports.flatMap(({ from, typeOnly }) => (typeOnly ? [] : [from])).toSorted()).toEqual(
      views.toSorted(),
    )
    expect(wrongImports(within(`${desk}/app`), ({ from }) => !isIn(from, `${desk}/sections`))).toEqual([])
  })

  it('demo-site imports nothing of the product; `npm start` keeps processes as the product keeps its workers', () => {
    const wrong = wrongImports(
      within('demo-site'),
      ({ from }, { path }) =>
        (!/^(backend|widget|tests|rollup-config)\//.test(from) && !from.startsWith('#')) ||
        (path === 'demo-site/supervisor.ts' && isIn(from, 'backend/processes')),
    )
    expect(wrong).toEqual([])
  })

  it('the loader imports itself and its few words, and of the contract types alone', () => {
    const wrong = wrongImports(
      within('widget/loader'),
      ({ from, typeOnly }) =>
        isIn(from, 'widget/loader', 'widget/texts/en/loader.ts') ||
        (typeOnly && isIn(from, 'backend/contract')),
    )
    expect(wrong).toEqual([])
  })

  it('a language is named by the list of them, and by the files in which the build puts another in its place', () => {
    const folders = /^widget\/texts\/[^/]+\/(?:.+\/)?[^/]+$/
    const outside = product.filter(({ path }) => !folders.test(path))
    expect(
      outside.filter(({ imports }) => imports.some(({ from }) => folders.test(from))).map(({ path }) => path),
    ).toEqual([
      'widget/frame/texts.ts',
      'widget/loader/words.ts',
      'widget/texts/languages.ts',
      'widget/texts/texts.ts',
    ])
  })

  it('the widget knows nothing of the backend but the contract', () => {
    const wrong = wrongImports(
      within('widget'),
      ({ from }) => !from.startsWith('backend/') || isIn(from, 'backend/contract'),
    )
    expect(wrong).toEqual([])
  })

  it('screens and texts are neutral ground: no browser, no Node', () => {
    const neutral = within('widget/screens', 'widget/texts')
    const wrong = wrongImports(
      neutral,
      ({ from, typeOnly }) =>
        isIn(from, 'widget/screens', 'widget/texts', 'backend/contract') ||
        isPackage(from, 'lit') ||
        (typeOnly && from === 'zod/mini'),
    )
    expect(wrong).toEqual([])
    const globals = /\b(?:window|document|navigator|localStorage|process|Buffer)\b\./
    expect(neutral.filter(({ code }) => globals.test(withoutText(code))).map(({ path }) => path)).toEqual([])
  })

  it('what the backend needs to run is what it imports, and the Node that runs it', () => {
    const needed = within('backend', 'widget/screens', 'widget/texts')
      // The analysts' page is bundled before anything is left out.
      .filter(({ path }) => !isIn(path, 'backend/admin/page'))
      .flatMap(({ imports }) => imports.filter(({ typeOnly }) => !typeOnly).map(({ from }) => from))
      .filter((from) => !/^(?:node:|backend\/|widget\/|package\.json)/.test(from))
      .map((from) => from.split('/', from.startsWith('@') ? 2 : 1).join('/'))
    expect(Object.keys(packageFile.dependencies).toSorted()).toEqual(
      [...new Set([...needed, 'node'])].toSorted(),
    )
  })

  it('no product code imports tests', () => {
    expect(wrongImports(product, ({ from }) => !isIn(from, 'tests'))).toEqual([])
  })
})

describe('one direction', () => {
  it('no module of the backend reaches itself through what it imports', () => {
    const graph = new Map(
      within('backend').map(({ path, imports }) => [
        path,
        imports.filter(({ typeOnly }) => !typeOnly).map(({ from }) => from),
      ]),
    )
    const finished = new Set<string>()
    const cycles: string[] = []
    const visit = (path: string, trail: string[]): void => {
      if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      if (finished.has(path) || trail.includes(path)) return
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
      finished.add(path)
    }
    for (const path of graph.keys()) visit(path, [])
    expect(cycles).toEqual([])
  })
})

describe('the picture of the backend', () => {
  it('has each room import only rooms above it: no two import each other, and no circle is wider', () => {
    const above = new Set<string>()
    const wrong = rooms.flatMap(({ room, imports }) => {
      const unknown = imports.filter((one) => !above.has(one)).map((one) => `${room} → ${one}`)
      if (above.has(room)) unknown.push(`${room} stands there twice`)
      above.add(room)
      return unknown
    })
    expect(wrong).toEqual([])
  })

  it('shows every import between rooms, types included, and none that is gone', () => {
    const arrows = within('backend').flatMap(({ path, imports }) =>
      imports.flatMap(({ from }) => {
        const [room, imported] = [roomOf(path), roomOf(from)]
        return imported === null || imported === room || imported === 'contract'
          ? []
          : [`${room} → ${imported}`]
      }),
    )
    const shown = rooms.flatMap(({ room, imports }) => imports.map((one) => `${room} → ${one}`))
    expect({
      missing: [...new Set(arrows)].filter((arrow) => !shown.includes(arrow)),
      gone: shown.filter((arrow) => !arrows.includes(arrow)),
    }).toEqual({ missing: [], gone: [] })
  })

  it('opens the checkpoint by its door alone', () => {
    const deep = rooms.filter(({ imports }) => imports.includes('checkpoint/')).map(({ room }) => room)
    expect(deep).toEqual(['checkpoint'])
  })

  it('keeps what a connector knows to the contract and its own room', () => {
    const wrong = wrongImports(
      within('backend/intake/connectors'),
      ({ from }) => !from.startsWith('backend/') || isIn(from, 'backend/contract', 'backend/intake'),
    )
    expect(wrong).toEqual([])
  })
})

describe('names and sizes', () => {
  it('the top level is what the house plan says', () => {
    const seen = readdirSync(root).filter((name) => !name.startsWith('.') && !generated.has(name))
    const planned = [
      'LICENSE',
      'README.md',
      'backend',
      'compose.yaml',
      'demo-site',
      'package-lock.json',
      'package.json',
      'rollup-config',
      'tests',
      'tsconfig.json',
      'widget',
    ]
    expect(seen.filter((name) => !planned.includes(name))).toEqual([])
    for (const name of [
      'backend',
      'demo-site',
      'rollup-config',
      'tests',
      'widget',
      'package.json',
      'tsconfig.json',
    ])
      expect(seen).toContain(name)
  })

  it('a file is named in kebab-case for what it holds, never for what a thing can’t be named after', () => {
    const empty = new Set([
      'utils',
      'util',
      'helpers',
      'helper',
      'common',
      'services',
      'service',
      'manager',
      'managers',
      'types',
      'misc',
      'index',
    ])
    const wrong = sources.filter(({ path }) => {
      const names = path.split('/').map((name) => basename(name, '.ts').replace(/\.(test|config)$/, ''))
      return names.some((name) => empty.has(name)) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(names.at(-1) ?? '')
    })
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  it('a source file has at most 300 lines', () => {
    const long = product.filter(({ text }) => text.split('\n').length > 301)
    expect(long.map(({ path, text }) => `${path}: ${text.split('\n').length}`)).toEqual([])
  })

  /** Factories: what they return shares one state, and each part of it is short. */
  const factories = [
    'widget/loader/popup.ts openPopup',
    'backend/store/mongo-collection.ts openMongoCollection',
  ]
  it('a function has at most 80 lines, and few have more than 40', () => {
    const lengths = product.flatMap(({ path, text }) =>
      functionLengths(text).map(({ name, lines }) => ({ name: `${path} ${name}`, lines })),
    )
    const long = lengths.filter(({ lines }) => lines > 40).toSorted((a, b) => b.lines - a.lines)
    expect(lengths.length).toBeGreaterThan(500)
    expect(long.filter(({ name, lines }) => lines > 80 && !factories.includes(name))).toEqual([])
    expect(long.length / lengths.length, JSON.stringify(long, null, 1)).toBeLessThan(0.03)
  })
})

/** Top-level functions: from their declaration to the line at the margin that closes them, or to the next declaration. */
const functionLengths = (text: string): { name: string; lines: number }[] => {
  const lines = text.split('\n')
  const isOpening = (line: string): boolean => /(?:=>|[{(])\s*$/.test(line)
  return lines.flatMap((line, start) => {
    const [, name] = /^(?:export )?(?:const|(?:async )?function) (\w+)/.exec(line) ?? []
    // A table of values holds functions and is none.
    if (name === undefined || /= [{[]$/.test(line)) return []
    const next = lines.findIndex(
      (one, at) => at > start && /^\S/.test(one) && !(/^[)}\]]/.test(one) && isOpening(one)),
    )
    const body = lines.slice(
      start,
      next === -1 ? lines.length : next + (/^[)}\]]/.test(lines[next] ?? '') ? 1 : 0),
    )
    const written = body.join('\n').trimEnd()
    return /=>|^(?:export )?(?:async )?function/.test(written)
      ? [{ name, lines: written.split('\n').length }]
      : []
  })
}

describe('tests', () => {
  it('none is left out and none runs alone', () => {
    const marked = /\b(?:it|test|describe)(?:\.\w+)*\.(?:only|skip|todo|fails)\b/
    expect(
      within('tests')
        .filter(({ code }) => marked.test(code))
        .map(({ path }) => path),
    ).toEqual([])
  })
})
