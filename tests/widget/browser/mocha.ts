type Body = () => void | Promise<void>
type Mocha = {
  describe: (name: string, body: () => void) => void
  it: (name: string, body: Body) => void
  before: (body: Body) => void
  beforeEach: (body: Body) => void
  after: (body: Body) => void
  afterEach: (body: Body) => void
}

/** What the browser's test framework puts into the page, by name: `describe` there is not the one of the Node tests. */
const fromPage = <Name extends keyof Mocha>(name: Name): Mocha[Name] => Reflect.get(globalThis, name)

export const describe = fromPage('describe')
export const it = fromPage('it')
export const before = fromPage('before')
export const beforeEach = fromPage('beforeEach')
export const after = fromPage('after')
export const afterEach = fromPage('afterEach')
