import { fileURLToPath } from 'node:url';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { it as plainIt } from 'vitest';

/** The CLI as it is packed: without a plugin of this checkout. */
const PACKED_BIN = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** A test with the packed CLI, in a home without plugins. */
export const it = plainIt.extend<{ harness: Harness }>({
  harness: async ({ onTestFinished }, use) => {
    const harness = await createHarness(PACKED_BIN);
    onTestFinished(() => harness.close());
    await use(harness);
  },
});
