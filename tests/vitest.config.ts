import { defineConfig } from 'vitest/config'
import { pureTests } from './support/pure-tests.ts'

/**
 * Everything that runs on Node alone, in two lanes: `pure` needs no server, no browser and no file, and is what a
 * developer runs after each change; `server` has the real store, real HTTP and real processes. The widget's tests run in a
 * browser, the journeys through a running system.
 */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    pool: 'forks',
    // Left alone the runner keeps one core of two for itself, which it does not use.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'pure', include: [...pureTests] } },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/widget/**', 'tests/e2e/**', 'tests/.cache/**', ...pureTests],
        },
      },
    ],
    // No test replaces a module or leaves a global behind, so a worker loads the product once and not once a file.
    isolate: false,
    // Longer than a browser waits for what a page should show, so that a failure names what it waited for.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A second is too short for a page on a machine that does something else.
    expect: { poll: { timeout: 15_000 } },
    retry: 0,
    // The test runner resolves packages for development; the warning is about production.
    onConsoleLog: (line) => !line.includes('Lit is in dev mode'),
  },
})
