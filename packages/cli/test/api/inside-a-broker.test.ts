import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe } from 'vitest';

/** Runs `vastai api …` in a program behind a broker. */
const inside = ({ vastai }: Harness, args: readonly string[], flags: readonly string[] = []) =>
  vastai(['exec', '--broker', ...flags, '--', process.execPath, BIN, 'api', ...args]);

describe.concurrent('vastai api in a program behind a broker', () => {
  it('sends the token, and gets what the policy allows', async ({ harness, expect }) => {
    await harness.saveKey();
    const ran = await inside(harness, ['users/current', '--jq', '.id, .api_key']);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^123456\n/u);
    expect(harness.asked()).toEqual(['GET /api/v0/users/current/']);
  });

  it('is refused what the policy refuses', async ({ harness, expect }) => {
    await harness.saveKey();
    const ran = await inside(harness, ['ssh/5/', '-X', 'DELETE', '--yes']);
    expect(ran).toMatchObject({ status: 5, stdout: '', stderr: expect.stringContaining('broker_denied') });
    const only = await inside(harness, ['bundles', '-f', 'a=1'], ['--only', 'user.show']);
    expect(only).toMatchObject({ status: 5, stdout: '' });
    expect(harness.asked()).toEqual([]);
  });

  it('chooses no other key and no other API', async ({ harness, expect }) => {
    await harness.saveKey();
    for (const flag of [
      ['--profile', 'x'],
      ['--url', 'http://localhost:1'],
      ['--api-key', 'x'],
    ])
      expect(await inside(harness, ['users/current', ...flag])).toMatchObject({ status: 2, stdout: '' });
    expect(harness.asked()).toEqual([]);
  });
});
