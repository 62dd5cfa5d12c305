import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestHome } from '@vastai-cli/testing/home';

/** A receipt of "config migrate": its path, and what is in it. */
interface StoredReceipt {
  readonly path: string;
  readonly text: string;
}

/** The receipts in a home, the oldest first. */
export async function receiptsIn(home: TestHome): Promise<StoredReceipt[]> {
  const folder = home.at('.local/state/vastai/migrations');
  const names = (await readdir(folder).catch(() => [])).sort();
  const stored = names.map(async (name) => {
    const path = join(folder, name);
    return { path, text: await readFile(path, 'utf8') };
  });
  return Promise.all(stored);
}
