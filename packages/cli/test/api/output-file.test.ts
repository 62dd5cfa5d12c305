import { readFile } from 'node:fs/promises';
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
    for (const file of ['missing/key.json', '.'])
      expect(await api(harness, [...args, file])).toMatchObject({ status: 9, stdout: '' });
    expect(harness.asked()).toEqual([]);
  });

  it('writes no error into a file', async ({ harness, expect }) => {
    await harness.home.write('user.json', 'old');
    const ran = await api(harness, ['unheard/of', '-o', 'user.json']);
    expect(ran).toMatchObject({ status: 6, stdout: '', stderr: expect.stringContaining('"not_found"') });
    expect(await readFile(harness.home.at('user.json'), 'utf8')).toBe('old');
  });
});
