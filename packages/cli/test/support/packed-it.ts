import { fileURLToPath } from 'node:url';
import { openStage, type Stage } from '@vastai-cli/kit/testing/stage';
import { it as plainIt } from 'vitest';

/** The CLI as it is packed: without a plugin of this checkout. */
const PACKED_BIN = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** A test with the packed CLI, in a home without plugins. */
export const it = plainIt.extend<{ stage: Stage }>({
  stage: async ({ onTestFinished }, use) => {
    const stage = await openStage(PACKED_BIN);
    onTestFinished(() => stage.close());
    await use(stage);
  },
});
