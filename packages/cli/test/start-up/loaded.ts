import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Harness } from '@vastai-cli/testing/harness';
import type { Ran } from '@vastai-cli/testing/run';

const RECORDER = fileURLToPath(new URL('loaded.cjs', import.meta.url));

/** Describes the files that a run of the CLI loaded. */
export interface Loaded {
  /** The modules of Node that it asked for. */
  readonly builtins: readonly string[];
  /** Paths. */
  readonly files: readonly string[];
}

export async function runRecorded(
  { vastai, home }: Harness,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran & { readonly loaded: Loaded }> {
  const file = join(home.path, 'loaded.json');
  const ran = await vastai(args, { env: { ...env, LOADED: file, NODE_OPTIONS: `--require=${RECORDER}` } });
  return { ...ran, loaded: JSON.parse(await readFile(file, 'utf8')) };
}
