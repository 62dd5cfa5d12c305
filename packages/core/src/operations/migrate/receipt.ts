import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StorageError } from '../../base/errors.js';
import { isObject } from '../../base/json-object.js';
import type { Context } from '../../credentials/context.js';
import { readPrivateFile, writePrivateFile } from '../../files/private-file.js';
import { ensurePrivateFolder } from '../../files/private-folder.js';
import type { Change } from './step.js';

const RECEIPT_VERSION = 1;

/** What a migration changed, so that it can be undone; no key is in it. */
export interface Receipt {
  readonly path: string;
  readonly profile: string;
  readonly changes: readonly Change[];
}

/** Writes down what is about to be changed: before it is, so that a kill leaves nothing unaccounted for. */
export async function writeReceipt({ paths, profile }: Context, changes: readonly Change[]): Promise<string> {
  const folder = paths.receiptsFolder;
  await ensurePrivateFolder(dirname(folder), folder);
  const time = new Date().toISOString().replaceAll(':', '-');
  const path = join(folder, `${time}-${randomBytes(3).toString('hex')}.json`);
  const receipt = { version: RECEIPT_VERSION, profile: profile.name, changes };
  await writePrivateFile(path, `${JSON.stringify(receipt, null, 2)}\n`);
  return path;
}

/** The latest receipt of a profile that was not undone. @throws StorageError when it cannot be understood. */
export async function latestReceipt({ paths, profile }: Context): Promise<Receipt | undefined> {
  const names = await readdir(paths.receiptsFolder).catch(() => []);
  for (const name of names
    .filter((one) => one.endsWith('.json') && !one.startsWith('.'))
    .sort()
    .reverse()) {
    const receipt = await readReceipt(join(paths.receiptsFolder, name));
    if (receipt.profile === profile.name) return receipt;
  }
  return undefined;
}

/** Forgets a receipt, once it was undone. */
export async function removeReceipt(receipt: Receipt): Promise<void> {
  await rm(receipt.path, { force: true });
}

async function readReceipt(path: string): Promise<Receipt> {
  const file = await readPrivateFile(path);
  try {
    const { version, profile, changes } = JSON.parse(new TextDecoder().decode(file?.bytes)) as Record<
      string,
      unknown
    >;
    if (
      version === RECEIPT_VERSION &&
      typeof profile === 'string' &&
      Array.isArray(changes) &&
      changes.every(isChange)
    ) {
      return { path, profile, changes };
    }
  } catch {
    // Told below, as for one that has another shape.
  }
  throw new StorageError(
    `${path} is not a receipt that can be understood.`,
    'Remove it; nothing but "--undo" needs it.',
  );
}

function isChange(value: unknown): value is Change {
  return (
    isObject(value) &&
    ['step', 'action', 'from', 'to', 'note'].every((name) => typeof value[name] === 'string')
  );
}
