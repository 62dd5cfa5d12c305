import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { describe } from 'vitest';
import { DOCUMENT, expectRotated, idOf, killedAt, left, live, withKey } from './support/rotation.js';

const ROTATE = ['rotate', 'api-key'];
const KEEP = [...ROTATE, '--grace', '7d'];
const POST = 'POST /api/v0/auth/apikeys/';
const ids = (harness: Harness) => live(harness).map(({ id }) => id);
const saved = async ({ home }: Harness) => (await home.read(KEY_FILE)) ?? '';
const save = ({ vastai }: Harness, input: string, profile = 'default') =>
  vastai(['set', 'api-key', '-', '--profile', profile], { input });

describe.concurrent('an open rotation', () => {
  it('is not begun again in another profile with the same key', async ({ harness, expect }) => {
    const { vastai } = harness;
    const { value } = await withKey(harness);
    await save(harness, value, 'work');
    await vastai(KEEP);
    for (const more of [[], ['--grace', '1d']]) {
      const ran = await vastai([...ROTATE, ...more, '--profile', 'work']);
      expect([ran.status, ids(harness)]).toEqual([2, [42, 43]]);
      expect(ran.stderr).toMatch(
        /API key 42 was replaced by 43 in profile "default".*vastai set api-key --profile work/su,
      );
    }
    await save(harness, await saved(harness), 'work');
    expect((await vastai([...ROTATE, '--finish'])).status).toBe(0);
    await expectRotated(harness);
  });

  it('is continued in its profile before another one begins', async ({ harness, expect }) => {
    const { vastai } = harness;
    const { value } = await withKey(harness);
    await killedAt(harness, POST, ['--grace', '7d']);
    await save(harness, value, 'work');
    const ran = await vastai([...KEEP, '--profile', 'work']);
    expect([ran.status, ids(harness)]).toEqual([2, [42, 43]]);
    expect(ran.stderr).toContain('vastai rotate api-key --resume --profile default');
    expect((await vastai([...ROTATE, '--resume', '--profile', 'default'])).status).toBe(0);
    expect(ids(harness)).toEqual([42, 44]);
  });

  it('is named if the key comes from a variable, with a command that works', async ({ harness, expect }) => {
    const { vastai, addKey } = harness;
    await withKey(harness);
    await vastai(KEEP);
    const env = { VAST_API_KEY: (await addKey({ name: 'other', permissions: DOCUMENT })).value };
    const command = ['vastai', ...ROTATE, '--finish', '--profile', 'default'];
    for (const args of [['auth', 'status'], ['doctor'], [...ROTATE, '--finish'], [...ROTATE, '--resume']])
      expect(Object.values(await vastai(args, { env })).join('')).toContain(command.join(' '));
    expect(ids(harness)).toEqual([42, 43, 44]);
    expect((await vastai(command.slice(1), { env })).status).toBe(0);
    expect(ids(harness)).toEqual([43, 44]);
  });

  it('does not delete a new key that was saved, if the old one is saved again', async ({
    harness,
    expect,
  }) => {
    const { vastai } = harness;
    const { value } = await withKey(harness);
    await vastai(KEEP);
    await save(harness, await saved(harness), 'work');
    await save(harness, value);
    for (const more of [[], ['--resume'], ['--finish'], ['--grace', '1d']]) {
      const ran = await vastai([...ROTATE, ...more]);
      expect([ran.status, ids(harness)]).toEqual([9, [42, 43]]);
      expect(ran.stderr).toContain('vastai delete api-key 43');
      expect(ran.stderr).not.toContain('vastai delete api-key 42');
      expect(ran.stderr).toContain('vastai set api-key');
    }
    await vastai(['delete', 'api-key', '43', '--yes']);
    expect((await vastai(ROTATE)).status).toBe(0);
    await expectRotated(harness);
  });

  it('knows the new key after a reset', async ({ harness, expect }) => {
    const { vastai } = harness;
    await withKey(harness);
    await vastai(KEEP);
    expect((await vastai(['reset', 'api-key', '--yes'])).status).toBe(0);
    expect((await vastai([...ROTATE, '--finish'])).status).toBe(0);
    await expectRotated(harness);
  });

  it('knows the old key after a reset', async ({ harness, expect }) => {
    const { vastai } = harness;
    await withKey(harness);
    await killedAt(harness, POST);
    expect((await vastai(['reset', 'api-key', '--yes'])).status).toBe(0);
    expect((await vastai(ROTATE)).status).toBe(0);
    await expectRotated(harness);
  });

  it('does not stop the rotation of a key that was saved since', async ({ harness, expect }) => {
    const { vastai, addKey } = harness;
    await withKey(harness);
    await vastai(KEEP);
    const other = await addKey({ name: 'other', permissions: DOCUMENT });
    await save(harness, other.value);
    const ran = await vastai([...ROTATE, '--json']);
    expect(ran.json()).toMatchObject({ old: { id: other.id }, deleted: true });
    expect(ids(harness)).toEqual([42, 43, 45]);
    const asked = await vastai([...ROTATE, '--finish']);
    expect([asked.status, ids(harness)]).toEqual([9, [42, 43, 45]]);
    expect(asked.stderr).toContain('vastai delete api-key 42');
    expect(asked.stderr).not.toContain('vastai delete api-key 43');
    expect(await idOf(harness, await saved(harness))).toBe(45);
  });

  it.for([['delete'], ['revoke']])(
    'is closed when %s removes its old key',
    async ([how], { harness, expect }) => {
      const { vastai } = harness;
      const { value } = await withKey(harness);
      await vastai(KEEP);
      const ran =
        how === 'delete'
          ? await vastai(['delete', 'api-key', '42', '--yes'])
          : await vastai(['revoke', 'api-key', '--yes'], { input: value });
      expect([ran.status, await left(harness)]).toEqual([0, []]);
      expect((await vastai(['auth', 'status'])).stdout).not.toContain('was replaced');
      await expectRotated(harness);
    },
  );
});
