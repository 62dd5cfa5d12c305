import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe } from 'vitest';
import { DOCUMENT, expectRotated, killedAt, LEDGER, left, live, withKey } from './support/rotation.js';

const ROTATE = ['rotate', 'api-key'];
const POST = 'POST /api/v0/auth/apikeys/';
const USER = 'GET /api/v0/users/current/';
const NARROW = '{"api":{"instance_read":{}}}';
const EXPIRES = 1_900_000_000;
const DAY = '2030-03-17';

/** Notes in the ledger that a key expires. */
async function noted(harness: Harness, id: number): Promise<void> {
  const { home, sandbox, vastai, saveKey, addKey } = harness;
  const made = await addKey({ name: 'maker', permissions: DOCUMENT });
  const before = await home.read(KEY_FILE);
  await saveKey(made.value);
  const create = ['create', 'api-key', '--name', 'x', '--permissions', NARROW, '--expires', '1d', '--json'];
  const ran = await vastai(create, { printsKey: true });
  await recordKey(ran.json().key);
  const entry = { ...(await left(harness))[0], id, name: 'laptop', expires: EXPIRES };
  await home.write(LEDGER, JSON.stringify({ version: 1, entries: [entry] }));
  for (const gone of [made.id, ran.json().id]) sandbox.revoke(gone);
  if (before !== undefined) await saveKey(before);
}

const dates = async (harness: Harness) =>
  (await left(harness)).filter(({ kind }) => kind === 'expiry').map(({ id, expires }) => [id, expires]);

describe.concurrent('the expiry date of a rotated key', () => {
  it('goes to the new key, and is forgotten for the old one', async ({ harness, expect }) => {
    const { vastai } = harness;
    const { id } = await withKey(harness);
    await noted(harness, id);
    const ran = await vastai(ROTATE);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(`The new key expires on ${DAY}, like the old one.`);
    const [now] = live(harness);
    expect(await dates(harness)).toEqual([[now?.id, EXPIRES]]);
    const env = { VAST_API_KEY: harness.sandbox.key };
    expect((await vastai(['show', 'api-keys', '--usage', '--json'], { env })).json()).toContainEqual(
      expect.objectContaining({ id: now?.id, expires: EXPIRES }),
    );
  });

  it('stays with both keys until the old one is deleted', async ({ harness, expect }) => {
    const { vastai } = harness;
    const { id } = await withKey(harness);
    await noted(harness, id);
    await vastai([...ROTATE, '--grace', '7d']);
    const made = live(harness).find((key) => key.id !== id)?.id;
    expect(await dates(harness)).toEqual([
      [id, EXPIRES],
      [made, EXPIRES],
    ]);
    await vastai([...ROTATE, '--finish']);
    expect(await dates(harness)).toEqual([[made, EXPIRES]]);
  });

  it('goes to a key that is printed', async ({ harness, expect }) => {
    const { vastai, saveKey, addKey } = harness;
    await saveKey();
    const { id } = await addKey({ name: 'laptop', permissions: { api: { instance_read: {} } } });
    await noted(harness, id);
    const ran = await vastai([...ROTATE, String(id)], { printsKey: true });
    await recordKey(ran.stdout.trim());
    expect(ran.stderr).toContain(DAY);
    expect((await dates(harness)).map(([, date]) => date)).toEqual([EXPIRES, EXPIRES]);
    await vastai(['delete', 'api-key', String(id), '--yes']);
    expect(await dates(harness)).toEqual([[live(harness)[0]?.id, EXPIRES]]);
  });

  it.for([[POST], [USER]])(
    'is not left behind for a key that was lost: killed at %s',
    async ([route], { harness, expect }) => {
      const { vastai } = harness;
      const { id } = await withKey(harness);
      await noted(harness, id);
      await killedAt(harness, route as string);
      expect((await vastai(ROTATE)).status).toBe(0);
      expect(await dates(harness)).toEqual([[live(harness)[0]?.id, EXPIRES]]);
    },
  );

  it('is not left behind for a key that was deleted again', async ({ harness, expect }) => {
    const { vastai, sandbox } = harness;
    const { id } = await withKey(harness);
    await noted(harness, id);
    sandbox.quirks.newPermissions = { api: { user_read: {} } };
    expect((await vastai(ROTATE)).status).toBe(10);
    expect(await dates(harness)).toEqual([[id, EXPIRES]]);
  });
});

describe.skipIf(process.platform === 'win32').concurrent('a key of a run that was killed', () => {
  it.for([['rotate'], ['reset']])(
    'is cleaned up with the key that %s made since',
    async ([how], { harness, expect }) => {
      const { vastai, start, sandbox } = harness;
      await withKey(harness);
      const isOfRun = (key: { name: string | null; revoked: boolean }) =>
        !key.revoked && key.name?.startsWith('exec ') === true;
      const program = ['--', process.execPath, '-e', 'console.log(1);setTimeout(() => {}, 600_000)'];
      const run = start(['exec', '--ephemeral', '--ttl', '9m', '--allow', 'user_read', ...program]);
      await expect.poll(() => sandbox.keys().some(isOfRun), { timeout: 20_000 }).toBe(true);
      await expect.poll(async () => (await left(harness))[0]?.id, { timeout: 20_000 }).toBeDefined();
      run.kill('SIGKILL');
      await run.ended;
      expect((await vastai([how as string, 'api-key', ...(how === 'reset' ? ['--yes'] : [])])).status).toBe(
        0,
      );
      expect(sandbox.keys().some(isOfRun)).toBe(true);
      await vastai(['doctor']);
      expect(sandbox.keys().some(isOfRun)).toBe(false);
      expect(await left(harness)).toEqual([]);
      if (how === 'rotate') await expectRotated(harness);
    },
  );
});
