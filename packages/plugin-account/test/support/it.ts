import { fileURLToPath } from 'node:url';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { it as plainIt } from 'vitest';

/** The CLI of this checkout, with all plugins. */
const BIN = fileURLToPath(new URL('../../../cli/bin/dev.js', import.meta.url));

/** A test with an API, a home and the CLI all its own, so that tests can run side by side. */
export const it = plainIt.extend<{ harness: Harness }>({
  harness: async ({ onTestFinished }, use) => {
    const harness = await createHarness(BIN);
    onTestFinished(() => harness.close());
    await use(harness);
  },
});
