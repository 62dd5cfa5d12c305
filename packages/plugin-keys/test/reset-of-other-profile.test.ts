import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe } from 'vitest';

const PUT = 'PUT /api/v0/commands/reset_apikey/';
const OPEN =
  /A reset of the key of profile "work" was started on \d{4}-\d\d-\d\d, and its outcome is unknown/u;
const WORK_KEY = '.config/vastai/profiles/work/vast_api_key';

/** Resets the key of profile "work", whose response is lost, and saves another key in "default". */
async function withOpenReset({ vastai, sandbox, addKey }: Harness): Promise<void> {
  const other = await addKey({ name: 'other' });
  await vastai(['set', 'api-key', '-'], { input: other.value });
  await vastai(['set', 'api-key', '-', '--profile', 'work'], { input: sandbox.key });
  sandbox.fault(PUT, { kind: 'drop', acts: true });
  await vastai(['reset', 'api-key', '--yes', '--profile', 'work']);
}

const plain = (text: string) => text.replaceAll(/\s*(?:→ )?\n?\s+/gu, ' ');

describe.concurrent('an open reset of another profile', () => {
  it('is shown by auth status and doctor until a key is saved there', async ({ harness, expect }) => {
    const { vastai, addKey, home } = harness;
    await withOpenReset(harness);
    const before = await vastai(['doctor']);
    expect(before.status).toBe(10);
    expect(plain(before.stdout)).toMatch(OPEN);
    expect(before.stdout).toContain('vastai set api-key --profile work');
    for (const flags of [[], ['--offline']]) {
      const { sources } = (await vastai(['auth', 'status', ...flags, '--json'])).json();
      const problems = sources.flatMap((one: { problems: object[] }) => one.problems);
      expect(problems).toContainEqual(
        expect.objectContaining({ code: 'reset_open', message: expect.stringMatching(OPEN) }),
      );
    }
    const next = await addKey({ name: 'next' });
    await vastai(['set', 'api-key', '-', '--profile', 'work'], { input: next.value });
    await recordKey((await home.read(WORK_KEY)) ?? '');
    expect(plain((await vastai(['doctor'])).stdout)).not.toMatch(OPEN);
  });

  it('is not looked for inside a program of exec --broker, which reads no saved key', async ({
    harness,
    expect,
  }) => {
    await withOpenReset(harness);
    const { value } = await harness.addKey({ name: 'of-the-run' });
    const env = { VASTAI_BROKER: '1', VAST_API_KEY: value };
    const status = await harness.vastai(['auth', 'status', '--json'], { env });
    expect(status.json().sources.flatMap((one: { problems: object[] }) => one.problems)).toEqual([]);
    const { checks } = (await harness.vastai(['doctor', '--json'], { env })).json();
    expect(checks.filter(({ check }: { check: string }) => check === 'reset')).toEqual([]);
  });
});
