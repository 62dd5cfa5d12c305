import { fileURLToPath } from 'node:url';
import { openStage, type Stage } from '@vastai-cli/kit/testing/stage';
import { it as plainIt } from 'vitest';

/** The CLI of this checkout, with all plugins. */
export const BIN = fileURLToPath(new URL('../../../cli/bin/dev.js', import.meta.url));

/** A test with an API, a home and the CLI all its own, so that tests can run side by side. */
export const it = plainIt.extend<{ stage: Stage }>({
  stage: async ({ onTestFinished }, use) => {
    const stage = await openStage(BIN);
    onTestFinished(() => stage.close());
    await use(stage);
  },
});
