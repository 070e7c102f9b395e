import { defineConfig } from 'vitest/config'

/**
 * Journeys in a real Chromium through a running system, which `support/shared-system.ts` starts once. Two files at a
 * time: most of a journey is waiting, and the server's pause of 30 seconds is a real one.
 */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['tests/e2e/**/*.test.ts'],
    globalSetup: ['tests/e2e/support/shared-system.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    retry: 0,
  },
})
