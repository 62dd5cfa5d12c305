import { chmod, readFile } from 'node:fs/promises';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe } from 'vitest';

/** Runs `vastai api …` with the key of the sandbox. */
const api = ({ vastai, sandbox }: Harness, args: readonly string[]) =>
  vastai(['api', ...args], { env: { VAST_API_KEY: sandbox.key } });

describe.concurrent('vastai api -o', () => {
  it('writes the body to a file that only the user can read', async ({ harness, expect }) => {
    const ran = await api(harness, ['users/current', '-o', 'user.json']);
    expect(ran).toMatchObject({ status: 0, stdout: '' });
    const text = await readFile(harness.home.at('user.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ id: 123456 });
    expect(text).not.toContain(harness.sandbox.key);
  });

  it('takes - for standard output', async ({ harness, expect }) => {
    const ran = await api(harness, ['users/current', '-o', '-', '-i']);
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringMatching(/^HTTP.*\n\n\{.*\}$/su) });
    expect(await harness.home.read('-')).toBeUndefined();
  });

  it('sends nothing if its response could not be written', async ({ harness, expect }) => {
    const args = ['auth/apikeys', '-f', 'name=ci', '--yes', '-o'];
    await harness.home.write('locked/file', '');
    await chmod(harness.home.at('locked'), 0o555);
    for (const file of ['missing/key.json', '.', 'new/', 'locked/file/key.json', 'x'.repeat(300)])
      expect([file, await api(harness, [...args, file])]).toMatchObject([file, { status: 2, stdout: '' }]);
    if (process.platform !== 'win32') {
      const ran = await harness.vastai(['api', ...args, 'locked/key.json'], {
        through: AS_ANYBODY,
        env: { VAST_API_KEY: harness.sandbox.key },
      });
      expect(ran).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('permission') });
    }
    await chmod(harness.home.at('locked'), 0o755);
    expect(harness.asked()).toEqual([]);
  });

  it('prints where the body is as the document of --json', async ({ harness, expect }) => {
    const ran = await api(harness, ['users/current', '-o', 'user.json', '--json']);
    expect(ran.json()).toEqual({ status: 200, file: 'user.json' });
    for (const args of [['-o', 'user.json'], ['--silent']])
      expect((await api(harness, ['users/current', '--raw', ...args])).stdout).toBe('');
  });

  it('holds the whole body of one of two runs that write it at once', async ({ harness, expect }) => {
    const bodies = ['a', 'b'].map((letter) => letter.repeat(300_000));
    for (const body of bodies)
      harness.sandbox.fault('GET /api/v0/users/current/', { kind: 'answer', status: 200, body }, 1);
    const runs = await Promise.all(bodies.map(() => api(harness, ['users/current', '-o', 'body'])));
    expect(runs.map(({ status }) => status)).toEqual([0, 0]);
    expect(bodies).toContain(await harness.home.read('body'));
  });

  it('writes no error into a file', async ({ harness, expect }) => {
    await harness.home.write('user.json', 'old');
    const ran = await api(harness, ['unheard/of', '-o', 'user.json']);
    expect(ran).toMatchObject({ status: 6, stdout: '', stderr: expect.stringContaining('"not_found"') });
    expect(await readFile(harness.home.at('user.json'), 'utf8')).toBe('old');
  });
});
