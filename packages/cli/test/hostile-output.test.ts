import { join } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

/** Clears the screen, turns the direction of writing, and hides a letter among the tags. */
const NAME = 'a\u001b[2Jb\u202ec\u{e0041}d';
const STEERS = /(?!\n)[\p{Cc}\p{Cf}]/u;
/** Matches what the CLI itself sends to a terminal: colours and line breaks. */
const OWN = /\u001b\[\d+m|\r\n/gu;

const COMMANDS = [
  ['set', 'api-key', '-', '--no-verify'],
  ['auth', 'status', '--offline'],
  ['auth', 'token', '--json'],
  ['doctor'],
  ['profile', 'list'],
  ['config', 'migrate', '--dry-run'],
  ['config', 'migrate'],
  ['unset', 'api-key', '--yes'],
  ['profile', 'remove', 'work', '--yes'],
].map((words) => ({ words, line: words.join(' ') }));

describe.skipIf(process.platform === 'win32').concurrent('standard output', () => {
  it.for(COMMANDS)('is clean where the home has such a name: $line', async ({ words }, { harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(join(NAME, '.vast_api_key'), sandbox.key);
    await home.write(join(NAME, '.config/vastai/profiles/work/vast_api_key'), sandbox.key);
    const ran = await vastai(words, {
      env: { HOME: home.at(NAME) },
      cwd: home.at(NAME),
      input: sandbox.key,
      printsKey: true,
    });
    expect(ran.status).not.toBe(2);
    expect(ran.stdout).not.toBe('');
    expect(ran.stdout).not.toMatch(STEERS);
    if (!words.includes('--json')) return;
    expect(ran.json().location).toBe(home.at(NAME, '.vast_api_key'));
  });

  it('is clean where a folder, a variable and the account have such names', async ({ harness }) => {
    const { vastai, home, sandbox, saveKey } = harness;
    await saveKey();
    await home.write(join(NAME, '.vastai-profile'), 'work');
    const user = { id: 1, email: `${NAME}@example.com` };
    const fault = { kind: 'answer', status: 200, body: user } as const;
    sandbox.fault('GET /api/v0/users/current/', fault, Number.POSITIVE_INFINITY);
    const env = { NODE_EXTRA_CA_CERTS: home.at(NAME, 'ca.pem'), VAST_API_KEY: sandbox.key };
    for (const words of [['set', 'api-key', '-'], ['auth', 'status'], ['profile', 'list'], ['doctor']]) {
      const { stdout } = await vastai(words, { env, cwd: home.at(NAME), input: sandbox.key });
      expect(stdout, words.join(' ')).not.toBe('');
      expect(stdout, words.join(' ')).not.toMatch(STEERS);
    }
  });

  it.skipIf(!canOpenTerminal())('has no sequences but its own on a terminal', async ({ harness }) => {
    const { onTerminal, home, sandbox } = harness;
    await home.write(join(NAME, '.config/vastai/vast_api_key'), sandbox.key);
    const options = { env: { HOME: home.at(NAME) }, cwd: home.at(NAME) };
    for (const words of [['doctor'], ['auth', 'status', '--offline']]) {
      const { screen } = await onTerminal(words, options).ended;
      expect(screen).toMatch(/\u001b\[\d+m/u);
      expect(screen.replaceAll(OWN, '\n')).not.toMatch(STEERS);
    }
  });
});
