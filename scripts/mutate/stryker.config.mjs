import { SLICES } from './slices.mjs';

const { VASTAI_MUTATE_SLICE: slice, VASTAI_MUTATE_FILES: files, VASTAI_MUTATE_REPORT: report } = process.env;
const { mutate, processes = false, atLeast = null } = SLICES[slice];

export default {
  plugins: [import.meta.resolve('@stryker-mutator/vitest-runner'), import.meta.resolve('./say-at-once.mjs')],
  testRunner: 'vitest',
  vitest: { configFile: 'scripts/mutate/vitest.config.mjs', related: false },
  coverageAnalysis: 'perTest',
  mutate: [...(files ? files.split(',') : mutate), '!**/*.test.ts'],
  // It runs in a copy of the checkout already.
  inPlace: true,
  ...(processes ? { buildCommand: 'node scripts/mutate/build.mjs' } : {}),
  checkers: [],
  concurrency: 1,
  // A busy machine is not a mutant that was noticed; an endless loop is found by counting.
  timeoutMS: 30_000,
  dryRunTimeoutMinutes: 30,
  reporters: ['json', 'progress-append-only', 'say-at-once'],
  jsonReporter: { fileName: report },
  thresholds: { high: 95, low: 90, break: files ? null : atLeast },
  allowEmpty: false,
};
