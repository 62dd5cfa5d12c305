import type { Stage } from '@vastai-cli/kit/testing/stage';
import { it } from 'vitest';
import type { Machine } from './machine.js';
import type { Registry } from './registry.js';
import type { Release } from './release.js';

/** The CLI of a release, installed on a machine from a registry. */
export interface Installed {
  readonly registry: Registry;
  readonly release: Release;
  readonly machine: Machine;
  /** What npm said while it installed the CLI. */
  readonly said: string;
}

/** Tests with that CLI, each with a home and an API of its own. */
export function itWith(installed: () => Installed) {
  return it.extend<{ installed: Installed; stage: Stage }>({
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names
    installed: async ({}, use) => use(installed()),
    stage: async ({ installed: { machine }, onTestFinished }, use) => {
      const stage = await machine.open();
      onTestFinished(() => stage.close());
      await use(stage);
    },
  });
}

export type ItInstalled = ReturnType<typeof itWith>;
