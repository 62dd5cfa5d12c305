import { it } from '@vastai-cli/testing/checkout/cli';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';

/** Clears the screen and reverses the direction of text. */
const HOSTILE = 'a\u001b[2J\u202eb';
/** The harmless rest of it: a sequence without its first character. */
const CLEANED = 'a[2Jb';
const KEY_FILE = '.config/vastai/vast_api_key';

describe.skipIf(process.platform === 'win32').concurrent('standard output, for a person', () => {
  it('contains no terminal sequence or reordered text from a path', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(`${HOSTILE}/${KEY_FILE}`, sandbox.key);
    const ran = await vastai(['reset', 'api-key', '--yes'], { env: { HOME: home.at(HOSTILE) } });
    const key = (await home.read(`${HOSTILE}/${KEY_FILE}`)) ?? '';
    await recordKey(key);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toBe(
      `Saved the new key …${key.slice(-4)} in ${home.at(`${CLEANED}/${KEY_FILE}`)}. The old one no longer works.\n`,
    );
  });

  it('contains no terminal sequence, NUL or reordered text from the server', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    const name = `${HOSTILE}\u0000c`;
    const body = { apikeys: [{ id: 42, name, permissions: { api: { [name]: {} } }, team_name: name }] };
    sandbox.fault('GET /api/v0/auth/apikeys/', { kind: 'answer', status: 200, body });
    const ran = await vastai(['show', 'api-keys']);
    expect(ran.stdout).toMatch(/^42 +\S+ +\S+ +\S+ +-$/mu);
    expect(ran.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
  });
});
