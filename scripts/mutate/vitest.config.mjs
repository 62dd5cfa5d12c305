import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import { SLICES } from './slices.mjs';

const { VASTAI_MUTATE_SLICE: slice, VASTAI_MUTATE_TESTS: named } = process.env;
const { tests, processes } = SLICES[slice];

/** Runs files that took long last, since a mutant's run ends with the first test that fails. */
class QuickFirst extends BaseSequencer {
  async sort(files) {
    const { cache, config } = this.ctx;
    const duration = ({ project, moduleId }) =>
      cache.getFileTestResults(`${project.name}:${relative(config.root, moduleId)}`)?.duration ?? 0;
    return [...files].sort((one, other) => duration(one) - duration(other));
  }
}

/** Stryker runs tests in threads, in which a process cannot be given another umask, as some tests do. */
const inProcesses = {
  name: 'vastai-tests-in-processes',
  configureVitest({ project }) {
    project.config.pool = 'forks';
    // One process for all the files of a mutant; the next mutant gets a new one.
    project.config.isolate = false;
  },
};

export default defineConfig({
  root: process.cwd(),
  cacheDir: '.vite',
  plugins: [inProcesses],
  test: {
    include: named ? named.split(',') : tests,
    sequence: { sequencer: QuickFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: processes ? [fileURLToPath(new URL('mutants-in-processes.mjs', import.meta.url))] : [],
  },
});
