import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The variable with the folder where each test process records program output and the keys it used. After the last
 * test, the output is searched for the keys.
 */
export const TRANSCRIPT_VARIABLE = 'VASTAI_TEST_TRANSCRIPT';

const own = `${process.pid}-${randomBytes(4).toString('hex')}`;

/** Records the output of a process. */
export async function recordRun(args: readonly string[], stdout: string, stderr: string): Promise<void> {
  // Records only plain words from the arguments, since one may be the key itself.
  await append(
    'output',
    `$ ${args.filter((word) => /^[a-z-]{1,20}$/.test(word)).join(' ')}\n${stdout}\n${stderr}\n`,
  );
}

/** Records a key that no command may print from now on. */
export async function recordKey(key: string): Promise<void> {
  await append('keys', `${key}\n`);
}

/** Returns the amount of output searched, and the commands whose output contains a key, but not the keys. */
export async function searchTranscript(
  folder: string,
): Promise<{ keys: number; characters: number; leaks: string[] }> {
  const names = await readdir(folder).catch(() => []);
  const texts = async (kind: string) =>
    Promise.all(
      names.filter((name) => name.startsWith(kind)).map((name) => readFile(join(folder, name), 'utf8')),
    );
  const keys = new Set(
    (await texts('keys'))
      .join('')
      .split('\n')
      .filter((key) => key.length >= 16),
  );
  const runs = (await texts('output')).flatMap((text) => text.split(/^(?=\$ )/mu));
  const leaks = runs
    .filter((run) => [...keys].some((key) => run.includes(key)))
    .map((run) => run.split('\n', 1)[0] ?? '');
  return { keys: keys.size, characters: runs.reduce((sum, run) => sum + run.length, 0), leaks };
}

async function append(kind: string, text: string): Promise<void> {
  const folder = process.env[TRANSCRIPT_VARIABLE];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await appendFile(join(folder, `${kind}-${own}`), text);
}
