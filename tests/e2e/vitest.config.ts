import { defineConfig } from 'vitest/config'

/** Journeys in a real Chromium through a running demo: one file after the other, because each starts the whole system. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['tests/e2e/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    retry: 0,
  },
})
