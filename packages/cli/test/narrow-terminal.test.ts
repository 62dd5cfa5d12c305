import { chmod } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { SETTINGS } from '@vastai-cli/testing/places';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const COMMAND = 'vastai config migrate';

/** Returns the words of an output, however its lines are broken. */
const words = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
/** A terminal shows the home folder as `~`; what goes elsewhere has whole paths. */
const short = (home: string, text: string) => text.replaceAll(home, '~');
const linesOf = (screen: string) => screen.split('\r\n').map((line) => line.trimEnd());

describe.skipIf(!canOpenTerminal()).concurrent.each([80, 40])('on a terminal of %i columns', (columns) => {
  const env = { NO_COLOR: '1', VASTAI_STORAGE: 'file' };

  /** Expects lines to fit the terminal, except for one long word or a command that people copy whole. */
  function expectToFit(lines: readonly string[]): void {
    for (const line of lines.filter((one) => one.length > columns)) {
      expect(line).toMatch(/^(?:(?:ok|-|WRONG) +[a-z]+ +|Error: | +→? ?)?(?:\S+|(?:rm|vastai|npm) .*)$/);
    }
  }

  it('a long warning is indented on its second line', async ({ harness: { onTerminal, vastai } }) => {
    const args = ['set', 'api-key', 'new-key-0123456789abcdef', '--no-verify'];
    const more = { env: { ...env, VAST_API_KEY: 'other-key-0123456789' } };
    const { screen } = await onTerminal(args, { ...more, columns }).ended;
    const [line = '', next, ...others] = linesOf(screen.slice(screen.indexOf('Warning: ')));
    expectToFit([line, ...others]);
    expect(line).toMatch(/^Warning: \S/);
    expect(next).toMatch(/^ {9}\S/);
    const { stderr } = await vastai(args, more);
    const [whole = ''] = /^Warning: .{80,}$/m.exec(stderr) ?? [];
    expect(words(screen)).toContain(whole);
  });

  it('an error and its hint wrap at spaces', async ({ harness: { onTerminal, vastai, home } }) => {
    await home.write(SETTINGS, '{"version":2}');
    const { screen } = await onTerminal(['show', 'user'], { env, columns }).ended;
    expectToFit(linesOf(screen));
    expect(linesOf(screen)).toContainEqual(expect.stringContaining('npm install -g vastai-cli@latest'));
    const { stderr } = await vastai(['show', 'user'], { env });
    expect(stderr).toMatch(/^Error: .{70,}\n.+\n$/);
    expect(words(screen)).toBe(short(home.path, words(stderr)));
  });

  it('long lines of doctor are indented, and commands are not broken', async ({ harness }) => {
    const { onTerminal, vastai, home, saveKey } = harness;
    await chmod(await saveKey(), 0o644);
    const { screen } = await onTerminal(['doctor'], { env, columns }).ended;
    expectToFit(linesOf(screen));
    expect(linesOf(screen)).toContain(`${' '.repeat(20)}→ ${COMMAND}`);
    expect(linesOf(screen)).toContainEqual(expect.stringMatching(/^ {20}[^→\s]/));
    const { stdout } = await vastai(['doctor'], { env });
    expect(words(screen)).toBe(short(home.path, words(stdout)));
    expect(stdout.split('\n')).toContainEqual(expect.stringContaining(home.at('.config')));
  });

  it('auth status and profile list never cut a path or an address', async ({ harness }) => {
    const { onTerminal, saveKey, sandbox } = harness;
    await saveKey();
    const status = await onTerminal(['auth', 'status', '--offline'], { env, columns }).ended;
    expect(linesOf(status.screen)).toContainEqual(
      expect.stringMatching(/^(?:\* {2}file .*| {4}place) ~\/\.config\/vastai\/vast_api_key$/),
    );
    const list = await onTerminal(['profile', 'list'], { env, columns }).ended;
    expect(list.screen).toContain('https://console.vast.ai');
    expect(list.screen + status.screen).not.toMatch(/(?:api|vast_?)…/);
    expect(status.screen).toContain(`…${sandbox.key.slice(-4)}`);
  });

  it.for([
    ['explain', 'preset:ci-deploy'],
    ['validate', 'perms.json'],
    ['diff', 'preset:monitoring', 'preset:ci-deploy'],
    ['check', 'perms.json', '--operation', 'instance.create'],
    ['check', 'perms.json', '--recording', 'calls.jsonl', '--no-unused'],
  ])('permissions %s is broken at spaces, and a pipe gets whole lines', async (args, { harness }) => {
    const { onTerminal, vastai, home } = harness;
    const call = {
      operation: 'instance.show',
      method: 'GET',
      route: '/api/v0/instances/{id}/',
      ids: { id: '5' },
    };
    await home.write('calls.jsonl', `${JSON.stringify({ ...call, verdict: 'allow' })}\n`);
    await home.write(
      'perms.json',
      '{"api": {"instance_write": {}, "user_read": {}, "misc": {}, "team_read": {}}}',
    );
    const { screen } = await onTerminal(['permissions', ...args], { env, columns }).ended;
    const lines = linesOf(screen);
    expectToFit(lines);
    // These show as much of a line of the file as there is room for.
    if (args[0] === 'validate' || args[0] === 'check') return;
    const { stdout } = await vastai(['permissions', ...args], { env });
    expect(words(screen)).toBe(words(stdout));
  });

  it.for([
    ['operations', 'start'],
    ['suggest', '--operation', 'instance.manage', '--param', 'id=5'],
    ['tighten', '40'],
  ])('permissions %s cuts nothing', async (args, { harness }) => {
    await harness.saveKey();
    const { screen } = await harness.onTerminal(['permissions', ...args], { env, columns }).ended;
    expect(screen).not.toContain('…');
    const [, ...lines] = linesOf(screen);
    // Names and requests are copied whole.
    expectToFit(lines.map((line) => line.replace(/^(?: {4}request )?\S+ +(?=\S+$)/u, '')));
  });
});

describe.skipIf(!canOpenTerminal()).concurrent('colour on a terminal', () => {
  const RED = '\u001b[31m';
  const env = { VASTAI_STORAGE: 'file' };

  it('marks problems in doctor and auth status, unless NO_COLOR or --no-color is given', async ({
    harness: { onTerminal, vastai, saveKey, unknownKey },
  }) => {
    await saveKey(await unknownKey());
    for (const command of [['doctor'], ['auth', 'status']]) {
      const { screen } = await onTerminal(command, { env }).ended;
      expect(screen).toContain(command[0] === 'doctor' ? `${RED}WRONG` : `${RED}The key …`);
      const plain = await onTerminal(command, { env: { ...env, NO_COLOR: '1' } }).ended;
      const flag = await onTerminal([...command, '--no-color'], { env }).ended;
      const piped = await vastai(command, { env });
      for (const text of [plain.screen, flag.screen, piped.stdout]) expect(text).not.toContain('\u001b[');
    }
  });
});
