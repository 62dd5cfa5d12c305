import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { migrate, planMigration } from '../../src/operations/migrate/migrate.js';
import type { Change, MigrationOptions } from '../../src/operations/migrate/step.js';
import type { Home } from './home.js';
import type { useTwoStores } from './two-stores.js';

const OTHER_TOOLS = "Vast.ai's Python CLI and SDK, SkyPilot and others read the key file";

/** The note on a key that leaves the file. */
export const GONE = `${OTHER_TOOLS}, and will no longer find it. --keep-file leaves it for them.`;

/** The note on a key that stays in the file. */
export const KEPT = `${OTHER_TOOLS}, which stays until the next "set api-key".`;

/** The note on a key that comes to the file. */
export const FOUND = `${OTHER_TOOLS}, so they will find the key.`;

/** Plans and makes a migration, checks that both agree, and returns the changes without the name of their step. */
export async function migrated(
  home: Home,
  { open }: Pick<ReturnType<typeof useTwoStores>, 'open'>,
  options: MigrationOptions,
) {
  const before = await home.files();
  const plan = await planMigration(await open(), options);
  expect(await home.files()).toEqual(before);
  expect(await migrate(await open(), options)).toEqual(plan);
  return plan.map(({ step, ...change }) => {
    expect(step).toBe('between-stores');
    return change;
  });
}

/** Returns the changes in each receipt, the oldest first. */
export function receipts({ paths }: Home): Change[][] {
  try {
    const names = readdirSync(paths.receiptsFolder).sort();
    return names.map((name) => JSON.parse(readFileSync(paths.receiptFile(name), 'utf8')).changes);
  } catch {
    return [];
  }
}
