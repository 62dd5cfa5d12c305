import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { thisProcess } from '@vastai-cli/core/internal/files/lock-holder';
import { fingerprintOf } from '@vastai-cli/core/internal/secrets/fingerprint';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';
import { DOCUMENT, LEDGER } from './support/rotation.js';

describe.concurrent('what is noted about keys', () => {
  const reads = { api: { instance_read: {} } };
  const yesterday = Math.floor(Date.now() / 1000) - 86_400;
  const doctor = async ({ vastai }: Harness) =>
    ((await vastai(['doctor', '--json'])).json().checks as { check: string }[]).filter(({ check }) =>
      ['expiry', 'ephemeral'].includes(check),
    );

  /** Notes a date that is over, and a run that was killed, of keys that this key made. */
  async function noteBoth({ home, addKey, sandbox }: Harness, by: string): Promise<number[]> {
    const { id } = await addKey({ name: 'ci', permissions: reads });
    const run = await addKey({ name: 'exec 1', permissions: reads });
    const self = await thisProcess();
    const common = {
      origin: sandbox.url,
      started: yesterday,
      maker: fingerprintOf(ApiKey.parse(by) as ApiKey),
    };
    const dead = { ...self, pid: 4_194_304, since: '1' };
    const entries = [
      { ...common, entry: 'a', kind: 'expiry', id, name: 'ci', expires: yesterday },
      { ...common, entry: 'b', kind: 'ephemeral', id: run.id, name: 'exec 1', profile: null, process: dead },
    ];
    await home.write(LEDGER, JSON.stringify({ version: 1, entries }));
    return [id, run.id];
  }

  it.for(['rotate', 'reset'])(
    'is still known after %s of the key that made them',
    async (verb, { harness }) => {
      const { vastai, home, sandbox, addKey } = harness;
      const by =
        verb === 'reset' ? sandbox.key : (await addKey({ name: 'laptop', permissions: DOCUMENT })).value;
      expect((await vastai(['set', 'api-key', '-'], { input: by })).status).toBe(0);
      const ids = await noteBoth(harness, by);
      const args = verb === 'reset' ? ['reset', 'api-key', '--yes'] : ['rotate', 'api-key'];
      expect((await vastai(args)).status).toBe(0);
      await recordKey((await home.read(KEY_FILE)) ?? '');
      // Deleted on the web page, which vastai can only learn from the list.
      sandbox.revoke(ids[0] ?? 0);
      const ran = await vastai(['prune', 'api-keys', '--expired', '--yes']);
      expect(ran.stderr).toContain('Deleted the key “exec 1” of a run that was killed.');
      expect(await home.read(LEDGER)).toBeUndefined();
      expect(await doctor(harness)).toEqual([]);
    },
  );

  it('is forgotten once somebody else deletes the keys', async ({ harness }) => {
    const { vastai, saveKey, unknownKey } = harness;
    await saveKey();
    const ids = await noteBoth(harness, await unknownKey());
    expect(await doctor(harness)).toHaveLength(2);
    expect((await vastai(['delete', 'api-key', ...ids.map(String), '--yes'])).status).toBe(0);
    expect(await doctor(harness)).toEqual([]);
  });

  it('stays if the list is not whole', async ({ harness }) => {
    const { sandbox, saveKey, vastai } = harness;
    await saveKey();
    const [id] = await noteBoth(harness, sandbox.key);
    const apikeys = [{ id: 40, name: null, permissions: false, key_type: 'primary' }, { name: 'ci' }];
    sandbox.fault('GET /api/v0/auth/apikeys/', { kind: 'answer', status: 200, body: { apikeys } });
    expect((await vastai(['prune', 'api-keys', '--expired', '--yes'])).status).toBe(0);
    expect(await doctor(harness)).toMatchObject([{ message: expect.stringContaining(`${id} "ci"`) }]);
  });
});
