import { existsSync } from 'node:fs';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { replaceFile } from '@vastai-cli/core/internal/files/replace-file';
import { readInputFile } from '@vastai-cli/kit/input/files';
import { Baseline, readBaseline, writeBaseline } from '@vastai-cli/leak-scan';
import type { Found } from './collected.js';

/**
 * Reads a baseline, or what will be one.
 *
 * @param path undefined for a run without a baseline, which has none of its keys
 * @param isNew true if the file may be missing, as it is about to be written
 * @throws UsageError if the file cannot be read, or is something else
 */
export async function openBaseline(path: string | undefined, isNew: boolean): Promise<Baseline> {
  if (path === undefined || (isNew && !existsSync(path))) return new Baseline(new Map(), []);
  const { name, bytes } = await readInputFile(path);
  try {
    return readBaseline(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'invalid_baseline') throw error;
    throw new UsageError(
      `${name} is not a baseline.`,
      'Create one with --write-baseline and a new file name.',
    );
  }
}

/** Writes what was found to a baseline. It holds no key, so others may read it: it belongs in the repository. */
export async function saveBaseline(path: string, found: readonly Found[], { salt }: Baseline): Promise<void> {
  const entries = found.map(({ lasting, key }) => ({ path: lasting, key }));
  await replaceFile(path, writeBaseline(entries, salt));
}
