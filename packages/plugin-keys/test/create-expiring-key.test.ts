import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const LEDGER = '.config/vastai/ledger.json';
const DAY = 86_400;
const now = () => Math.floor(Date.now() / 1000);
const CREATE = ['create', 'api-key', '--name', 'ci', '--permissions', '{"api":{"instance_read":{}}}'];
const printsKey = true;

describe.concurrent('create api-key --expires', () => {
  it('notes the date on this machine, without the key, and says who keeps it', async ({ harness }) => {
    const { vastai, home, saveKey, sandbox } = harness;
    await saveKey();
    const ran = await vastai([...CREATE, '--expires', '30d', '--json'], { printsKey });
    expect(ran.status).toBe(0);
    const { id, key, expires } = ran.json();
    expect(Math.abs(expires - (now() + 30 * DAY))).toBeLessThan(600);
    const ledger = (await home.read(LEDGER)) ?? '';
    expect(JSON.parse(ledger).entries).toMatchObject([
      { kind: 'expiry', id, name: 'ci', expires, origin: sandbox.url },
    ]);
    expect(ledger).not.toContain(key);
    expect(ran.stderr).toContain(new Date(expires * 1000).toISOString().slice(0, 10));
    expect(ran.stderr).toContain('Vast.ai does not know the date');
    // The request has no date.
    const [body] = sandbox.requests.filter(({ method }) => method === 'POST').map((request) => request.body);
    expect(Object.keys(body as object)).toEqual(['name', 'permissions']);
    const shown = (await vastai(['show', 'api-keys', '--usage', '--json'])).json();
    expect(shown).toMatchObject([{ expires: null }, { id, expires }]);
  });

  it('prints the key alone, and no date without the flag', async ({ harness }) => {
    const { vastai, home, saveKey } = harness;
    await saveKey();
    const ran = await vastai([...CREATE, '--expires', '1w'], { printsKey });
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/u);
    const plain = await vastai([...CREATE, '--json'], { printsKey });
    expect(plain.json()).not.toHaveProperty('expires');
    expect(JSON.parse((await home.read(LEDGER)) ?? '').entries).toHaveLength(1);
  });

  it.for(['30', '0d', '-1d', 'soon', '99999w', '2027-01-01'])(
    'refuses %j before it asks the API',
    async (expires, { harness: { vastai, saveKey, asked } }) => {
      await saveKey();
      const ran = await vastai([...CREATE, `--expires=${expires}`]);
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toContain('--expires');
      expect(asked()).toEqual([]);
    },
  );

  it('creates no key if the ledger cannot be read', async ({ harness: { vastai, home, saveKey, asked } }) => {
    await saveKey();
    await home.write(LEDGER, '{');
    const ran = await vastai([...CREATE, '--expires', '1d']);
    expect(ran).toMatchObject({ status: 9, stdout: '' });
    expect(asked()).toEqual([]);
  });

  it('forgets the date of a key that delete api-key deletes', async ({ harness }) => {
    const { vastai, home, saveKey } = harness;
    await saveKey();
    for (let made = 0; made < 2; made += 1)
      expect((await vastai([...CREATE, '--expires', '1d'], { printsKey })).status).toBe(0);
    expect((await vastai(['delete', 'api-key', '42', '999', '--yes'])).status).toBe(0);
    expect(JSON.parse((await home.read(LEDGER)) ?? '').entries).toMatchObject([{ id: 43 }]);
    // A broken ledger does not change what was deleted.
    await home.write(LEDGER, '{');
    const ran = await vastai(['delete', 'api-key', '43', '--yes']);
    expect(ran).toMatchObject({ status: 0, stdout: 'Deleted API key 43\n' });
    expect(ran.stderr).toContain('Warning: The notes about the deleted keys could not be removed.');
  });
});
