import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import type { KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { recordKey } from '@vastai-cli/testing/transcript';
import { DOCUMENT, idOf, LEDGER, live } from './support/rotation.js';

const ROTATE = ['rotate', 'api-key'];
const KEYCHAIN = 'keychain (vastai, default)';

/** Saves a key in the keychain, and leaves a copy in the file. */
async function withCopy({ addKey, keep, vastai }: KeychainHarness): Promise<string> {
  const { value } = await addKey({ name: 'laptop', permissions: DOCUMENT });
  await keep('file', value);
  await vastai(['config', 'migrate', '--to', 'keychain', '--keep-file']);
  return value;
}

describe('rotate api-key with a keychain', () => {
  it('replaces the key there', async ({ harness, expect }) => {
    const { vastai, keychain, addKey, home, record } = harness;
    const { value } = await addKey({ name: 'laptop', permissions: DOCUMENT });
    await vastai(['set', 'api-key', '-', '--storage', 'keychain'], { input: value });
    expect(await record()).toMatchObject({ storage: 'keychain', key_id: 42 });
    const ran = await vastai([...ROTATE, '--json']);
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    const now = (await keychain.lookup('default')) ?? '';
    await recordKey(now);
    expect(ran.json()).toMatchObject({
      new: { id: 43, suffix: now.slice(-4) },
      storage: 'keychain',
      location: KEYCHAIN,
      deleted: true,
    });
    expect(await idOf(harness, now)).toBe(43);
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(await record()).toMatchObject({ storage: 'keychain', key_id: 43, suffix: now.slice(-4) });
  });

  it('renews the copy that --keep-file left', async ({ harness, expect }) => {
    const { vastai, keychain, home, record } = harness;
    await withCopy(harness);
    expect((await vastai(ROTATE)).status).toBe(0);
    const now = (await keychain.lookup('default')) ?? '';
    await recordKey(now);
    expect(await home.read(KEY_FILE)).toBe(now);
    expect(await record()).toMatchObject({ storage: 'keychain', kept_file: true });
    expect(live(harness)).toHaveLength(1);
    expect((await vastai(['auth', 'status'])).stdout).toContain('--keep-file left this copy');
  });

  it('renews it when a rotation that was killed is continued', async ({ harness, expect }) => {
    const { start, vastai, sandbox, keychain, home } = harness;
    const old = await withCopy(harness);
    sandbox.fault('DELETE /api/v0/auth/apikeys/42/', { kind: 'latency', ms: 3_600_000 });
    const run = start(ROTATE);
    await expect.poll(() => harness.asked().at(-1), { timeout: 30_000 }).toContain('DELETE');
    run.kill('SIGKILL');
    await run.ended;
    await home.write(KEY_FILE, old);
    expect((await vastai([...ROTATE, '--resume'])).status).toBe(0);
    const now = (await keychain.lookup('default')) ?? '';
    await recordKey(now);
    expect(await home.read(KEY_FILE)).toBe(now);
  });

  it('leaves a file with any other key alone', async ({ harness, expect }) => {
    const { vastai, home, unknownKey } = harness;
    await withCopy(harness);
    const other = await unknownKey();
    await home.write(KEY_FILE, other);
    expect((await vastai(ROTATE)).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(other);
  });

  it('makes nothing if the keychain is locked', async ({ harness, expect }) => {
    const { vastai, keychain, addKey, home, asked } = harness;
    const { value } = await addKey({ name: 'laptop', permissions: DOCUMENT });
    await vastai(['set', 'api-key', '-', '--storage', 'keychain'], { input: value });
    const before = asked().length;
    await keychain.lock();
    const ran = await vastai(ROTATE, { env: { VASTAI_KEYCHAIN_TIMEOUT: '2' } });
    expect([ran.status, ran.stdout, asked().length]).toEqual([9, '', before]);
    expect(await home.read(LEDGER)).toBeUndefined();
  });
});
