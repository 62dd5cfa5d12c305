import { defineConfig } from 'vitest/config';

// They take minutes and fetch from npm, so they run in CI, and where they are asked for.
const withRegistry = process.env.VASTAI_TEST_REGISTRY === '1' || process.env.VASTAI_TEST_NO_SKIP === '1';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'scripts/**/*.test.mjs'],
    exclude: ['**/node_modules/**', ...(withRegistry ? [] : ['packages/cli/test/registry/**'])],
    // Processes are started, stores locked and killed; a busy machine takes its time.
    testTimeout: 60_000,
    // Most tests wait for a process: one worker on two cores, as vitest would have it, leaves both idle.
    maxWorkers: 2,
    hookTimeout: 60_000,
    // oclif writes to the console itself.
    disableConsoleIntercept: true,
    globalSetup: ['scripts/search-output-for-keys.ts'],
    reporters: ['default', './scripts/totals-reporter.ts'],
  },
});
