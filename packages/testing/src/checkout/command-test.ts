import { it, type TestAPI } from 'vitest';
import { createHarness, type Harness } from '../harness.js';

/**
 * Returns vitest's `it` with a `harness` for each test: an API, a home and the CLI all its own, so that tests can
 * run side by side.
 *
 * @param bin the script that starts the CLI
 */
export function commandTest(bin: string): TestAPI<{ harness: Harness }>;
export function commandTest<H extends Harness>(
  bin: string,
  create: (bin: string) => Promise<H>,
): TestAPI<{ harness: H }>;
export function commandTest(
  bin: string,
  create: (bin: string) => Promise<Harness> = createHarness,
): TestAPI<{ harness: Harness }> {
  return it.extend<{ harness: Harness }>({
    harness: async ({ onTestFinished }, use) => {
      const harness = await create(bin);
      onTestFinished(() => harness.close());
      await use(harness);
    },
  });
}
