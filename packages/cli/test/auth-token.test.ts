import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';

describe.concurrent('auth token', () => {
  it('prints only the key that would be sent, and sends no request', async ({ harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    const ran = await vastai(['auth', 'token'], { printsKey: true });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toBe(`${sandbox.key}\n`);
    expect(asked()).toEqual([]);
  });

  it('prints it in one document with --json', async ({ harness: { vastai, sandbox } }) => {
    const env = { VAST_API_KEY: ` ${sandbox.key}\n` };
    const ran = await vastai(['auth', 'token', '--json'], { env, printsKey: true });
    expect(ran.json()).toEqual({ key: sandbox.key, source: 'env', location: 'VAST_API_KEY' });
  });

  it('exits with 3 and prints nothing if no key is found', async ({ harness: { vastai } }) => {
    const ran = await vastai(['auth', 'token']);
    expect(ran.status).toBe(3);
    expect(ran.stdout).toBe('');
  });

  it('moves the legacy file, since it needs the key', async ({ harness: { vastai, sandbox, home } }) => {
    await home.write(LEGACY_FILE, `${sandbox.key}\n`);
    const ran = await vastai(['auth', 'token'], { printsKey: true });
    expect(ran.stdout).toBe(`${sandbox.key}\n`);
    expect(ran.stderr).toContain(home.at(KEY_FILE));
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
  });
});
