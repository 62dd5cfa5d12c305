import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError } from '../../base/errors.js';
import { isObject } from '../../base/json-object.js';
import type { Context } from '../../credentials/context.js';
import { readPrivateFile, writePrivateFile } from '../../files/private-file.js';
import { ensurePrivateFolder } from '../../files/private-folder.js';
import type { Change } from './step.js';

const RECEIPT_VERSION = 1;

/** Records the changes of a migration, so that it can be undone. It holds no key. */
export interface Receipt {
  readonly path: string;
  readonly profile: string;
  readonly changes: readonly Change[];
}

/** Writes a receipt before the changes are made, so that they can be undone even after a kill; returns its path. */
export async function writeReceipt({ paths, profile }: Context, changes: readonly Change[]): Promise<string> {
  const folder = paths.receiptsFolder;
  await ensurePrivateFolder(dirname(folder), folder);
  const time = new Date().toISOString().replaceAll(':', '-');
  const path = paths.receiptFile(`${time}-${randomBytes(3).toString('hex')}.json`);
  const receipt = { version: RECEIPT_VERSION, profile: profile.name, changes };
  await writePrivateFile(path, `${JSON.stringify(receipt, null, 2)}\n`);
  return path;
}

/** Returns the profile's latest receipt that was not undone. @throws StorageError if it is not valid. */
export async function latestReceipt({ paths, profile }: Context): Promise<Receipt | undefined> {
  const names = await readdir(paths.receiptsFolder).catch(() => []);
  for (const name of names
    .filter((one) => one.endsWith('.json') && !one.startsWith('.'))
    .sort()
    .reverse()) {
    const receipt = await readReceipt(paths.receiptFile(name));
    if (receipt.profile === profile.name) return receipt;
  }
  return undefined;
}

/** Removes the receipt of a migration that was undone. */
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
    // Reported below, like a file of another shape.
  }
  throw new StorageError(`${path} is not a valid receipt.`, 'Remove it; only --undo uses it.');
}

function isChange(value: unknown): value is Change {
  return (
    isObject(value) &&
    ['step', 'action', 'from', 'to', 'note'].every((name) => typeof value[name] === 'string')
  );
}
