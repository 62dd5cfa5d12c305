import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { describe } from 'vitest';
import { expectRotated, idOf, killedAt, LEDGER, left, live, withKey } from './support/rotation.js';

const ROTATE = ['rotate', 'api-key'];
const POST = 'POST /api/v0/auth/apikeys/';
const USER = 'GET /api/v0/users/current/';
const LONG_AGO = 1_700_000_000;
const ids = (harness: Harness) => live(harness).map(({ id }) => id);
const saved = async ({ home }: Harness) => (await home.read(KEY_FILE)) ?? '';

describe.concurrent('rotate api-key --grace', () => {
  it('deletes nothing in the same run, however short the time is', async ({ harness, expect }) => {
    const { vastai } = harness;
    const { value } = await withKey(harness);
    await vastai(['set', 'api-key', '-', '--profile', 'work'], { input: value });
    const ran = await vastai([...ROTATE, '--grace', '0s', '--json']);
    expect([ran.status, ran.json()]).toEqual([
      0,
      expect.objectContaining({ deleted: false, finish_after: expect.any(Number) }),
    ]);
    expect(ids(harness)).toEqual([42, 43]);
    expect((await vastai(['show', 'user', '--profile', 'work'])).status).toBe(0);
    const tooEarly = await vastai([...ROTATE, '--resume']);
    expect([tooEarly.status, ids(harness)]).toEqual([2, [42, 43]]);
    await vastai(['set', 'api-key', '-', '--profile', 'work'], { input: await saved(harness) });
    expect((await vastai([...ROTATE, '--resume'])).status).toBe(0);
    await expectRotated(harness);
  });

  it.for([[POST], [USER]])(
    'gives the whole time to a key that is made only when it is continued: killed at %s',
    async ([route], { harness, expect }) => {
      const { vastai, home } = harness;
      await withKey(harness);
      await killedAt(harness, route as string, ['--grace', '7d']);
      const ledger = JSON.parse((await home.read(LEDGER)) ?? '');
      Object.assign(ledger.entries[0], { started: LONG_AGO, finish_after: LONG_AGO + 7 * 86_400 });
      await home.write(LEDGER, JSON.stringify(ledger));
      const ran = await vastai([...ROTATE, '--resume', '--json']);
      expect(ran.json()).toMatchObject({ old: { id: 42 }, deleted: false });
      expect(ran.json().finish_after).toBeGreaterThan(Date.now() / 1000 + 6 * 86_400);
      expect(ids(harness)).toHaveLength(2);
      expect((await vastai([...ROTATE, '--finish'])).status).toBe(0);
      await expectRotated(harness);
    },
  );

  it('is taken up by the next rotate, which makes no other key before it has ended', async ({
    harness,
    expect,
  }) => {
    const { vastai, asked } = harness;
    await withKey(harness);
    const first = (await vastai([...ROTATE, '--grace', '7d', '--json'])).json();
    const before = asked().length;
    for (const more of [[], ['--grace', '1d'], ['--resume']]) {
      const again = await vastai([...ROTATE, ...more, '--json']);
      expect([again.status, again.json()]).toEqual([0, first]);
    }
    const again = await vastai(ROTATE);
    expect(again.stderr).toContain('No other key was created');
    expect(again.stderr).toContain('vastai rotate api-key --finish');
    expect((await vastai([...ROTATE, '--resume'])).stderr).not.toContain('No other key was created');
    expect(asked().slice(before)).toEqual([]);
    expect(ids(harness)).toEqual([42, 43]);
  });

  it('plans what is left to do', async ({ harness, expect }) => {
    const { vastai } = harness;
    await withKey(harness);
    await vastai([...ROTATE, '--grace', '7d']);
    const stepsOf = async (...more: string[]) =>
      (await vastai([...ROTATE, '--dry-run', '--json', ...more])).json().steps;
    expect(await stepsOf()).toEqual(['Keep API key 42.']);
    expect(await stepsOf('--resume')).toEqual(['Keep API key 42.']);
    expect(await stepsOf('--finish')).toEqual(['Use the new key to delete API key 42.']);
    expect(ids(harness)).toEqual([42, 43]);
  });
});

describe.concurrent('a rotation that was killed', () => {
  it('does not lock out a profile in which the old key was saved since', async ({ harness, expect }) => {
    const { vastai } = harness;
    const { value } = await withKey(harness);
    await killedAt(harness, USER);
    await vastai(['set', 'api-key', '-', '--profile', 'work'], { input: value });
    for (const more of [[], ['--resume'], ['--finish']]) {
      const ran = await vastai([...ROTATE, ...more]);
      expect([ran.status, ids(harness)]).toEqual([2, [42, 43]]);
      expect(ran.stderr).toContain('Profile "work"');
      expect(ran.stderr).toContain('vastai rotate api-key --grace 7d');
    }
    expect((await vastai([...ROTATE, '--grace', '7d'])).status).toBe(0);
    expect(await idOf(harness, await saved(harness))).not.toBe(42);
    expect((await vastai(['show', 'user', '--profile', 'work'])).status).toBe(0);
    expect(await left(harness)).toMatchObject([{ next: 'delete' }]);
  });
});
