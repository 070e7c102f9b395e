import { defineConfig } from 'vitest/config'

/** Everything that runs on Node alone. The widget's tests run in a browser, the journeys through a running system. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/widget/**', 'tests/e2e/**', 'tests/.cache/**'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 120_000,
    retry: 0,
    // The test runner resolves packages for development; the warning is about production.
    onConsoleLog: (line) => !line.includes('Lit is in dev mode'),
  },
})
