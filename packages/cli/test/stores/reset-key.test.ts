import { readdir } from 'node:fs/promises';
import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import type { KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { recordKey } from '@vastai-cli/testing/transcript';

const PUT = 'PUT /api/v0/commands/reset_apikey/';

/** Waits for the file of an unsaved key, and returns its content. */
async function unsaved({ home }: KeychainHarness): Promise<string> {
  const names = await readdir(home.at('.config', 'vastai'));
  const name = names.find((one) => one.startsWith('unsaved-key.default.'));
  return name === undefined ? '' : ((await home.read(`.config/vastai/${name}`)) ?? '').trim();
}

describe('a reset key that waits for the keychain', () => {
  it('is in a file as long as the keychain does not answer', async ({ harness, expect }) => {
    const { start, vastai, sandbox, keychain, keep, asked } = harness;
    await keep('keychain', sandbox.key);
    sandbox.fault(PUT, { kind: 'latency', ms: 1500 });
    const run = start(['reset', 'api-key', '--yes']);
    await expect.poll(asked, { timeout: 20_000 }).toEqual([PUT]);
    keychain.freeze();
    await expect.poll(() => unsaved(harness), { timeout: 20_000 }).not.toBe('');
    const key = await unsaved(harness);
    await recordKey(key);
    run.kill('SIGTERM');
    await expect.poll(run.stderr, { timeout: 20_000 }).toContain('The new key is not saved yet. It is in ');
    run.kill('SIGKILL');
    await run.ended;
    expect(await unsaved(harness)).toBe(key);
    expect((await vastai(['show', 'user', '--api-key', key])).status).toBe(0);
  });

  it('is printed when the keychain does not take it in time, and its file goes', async ({
    harness,
    expect,
  }) => {
    const { start, sandbox, keychain, keep, asked } = harness;
    await keep('keychain', sandbox.key);
    sandbox.fault(PUT, { kind: 'latency', ms: 1500 });
    const run = start(['reset', 'api-key', '--yes'], {
      env: { VASTAI_KEYCHAIN_TIMEOUT: '2' },
      printsKey: true,
    });
    await expect.poll(asked, { timeout: 20_000 }).toEqual([PUT]);
    keychain.freeze();
    const ran = await run.ended;
    expect(ran.status).toBe(9);
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    await recordKey(ran.stdout.trim());
    expect(await unsaved(harness)).toBe('');
  });
});
