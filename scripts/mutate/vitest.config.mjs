import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import { SLICES } from './slices.mjs';

const { tests, processes } = SLICES[process.env.VASTAI_MUTATE_SLICE];

/** A mutant's run ends with the first test that fails, so tests that take long come last. */
class QuickFirst extends BaseSequencer {
  async sort(files) {
    const isSlow = ({ moduleId }) => /[\\/]test[\\/]|properties\.test/u.test(moduleId);
    return files.sort((one, other) => Number(isSlow(one)) - Number(isSlow(other)));
  }
}

/** Stryker runs tests in threads, in which a process cannot be given another umask, as some tests do. */
const inProcesses = {
  name: 'vastai-tests-in-processes',
  configureVitest({ project }) {
    project.config.pool = 'forks';
  },
};

export default defineConfig({
  root: process.cwd(),
  plugins: processes ? [inProcesses] : [],
  test: {
    include: tests,
    sequence: { sequencer: QuickFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: processes ? [fileURLToPath(new URL('mutants-in-processes.mjs', import.meta.url))] : [],
  },
});
