import type { Harness } from '@vastai-cli/testing/harness';
import { it } from 'vitest';
import type { Machine } from './machine.js';
import type { Registry } from './registry.js';
import type { Release } from './release.js';

/** The CLI of a release, installed on a machine from a registry. */
export interface Installed {
  readonly registry: Registry;
  readonly release: Release;
  readonly machine: Machine;
  /** The output of npm while it installed the CLI. */
  readonly said: string;
}

/** Tests with that CLI, each with a home and an API of its own. */
export function itWith(installed: () => Installed) {
  return it.extend<{ installed: Installed; harness: Harness }>({
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names
    installed: async ({}, use) => use(installed()),
    harness: async ({ installed: { machine }, onTestFinished }, use) => {
      const harness = await machine.open();
      onTestFinished(() => harness.close());
      await use(harness);
    },
  });
}

export type ItInstalled = ReturnType<typeof itWith>;
