import { chmod } from 'node:fs/promises';
import { canOpenTerminal } from '@vastai-cli/kit/testing/terminal-session';
import { describe, expect } from 'vitest';
import { it } from './support/it.js';
import { SETTINGS } from './support/places.js';

const COMMAND = 'vastai config migrate';

/** What a person reads, however it is broken into lines. */
const words = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
/** A terminal shows the home folder as `~`; what goes elsewhere has whole paths. */
const short = (home: string, text: string) => text.replaceAll(home, '~');
const linesOf = (screen: string) => screen.split('\r\n').map((line) => line.trimEnd());

describe.skipIf(!canOpenTerminal()).concurrent.each([80, 40])('on a terminal of %i columns', (columns) => {
  const env = { NO_COLOR: '1', VASTAI_STORAGE: 'file' };

  /** What is wider than the terminal is one word, or a command that is copied whole. */
  function expectToFit(lines: readonly string[]): void {
    for (const line of lines.filter((one) => one.length > columns)) {
      expect(line).toMatch(/^(?:(?:ok|-|WRONG) +[a-z]+ +|Error: | +→? ?)?(?:\S+|(?:rm|vastai|npm) .*)$/);
    }
  }

  it('a warning goes on below where it began', async ({ stage: { onTerminal, vastai } }) => {
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

  it('an error and its hint are broken at spaces', async ({ stage: { onTerminal, vastai, home } }) => {
    await home.write(SETTINGS, '{"version":2}');
    const { screen } = await onTerminal(['show', 'user'], { env, columns }).ended;
    expectToFit(linesOf(screen));
    expect(linesOf(screen)).toContainEqual(expect.stringContaining('npm install -g vastai-cli@latest'));
    const { stderr } = await vastai(['show', 'user'], { env });
    expect(stderr).toMatch(/^Error: .{70,}\n.+\n$/);
    expect(words(screen)).toBe(short(home.path, words(stderr)));
  });

  it('the lines of doctor go on below their words, and commands are whole', async ({ stage }) => {
    const { onTerminal, vastai, home, saveKey } = stage;
    await chmod(await saveKey(), 0o644);
    const { screen } = await onTerminal(['doctor'], { env, columns }).ended;
    expectToFit(linesOf(screen));
    expect(linesOf(screen)).toContain(`${' '.repeat(20)}→ ${COMMAND}`);
    expect(linesOf(screen)).toContainEqual(expect.stringMatching(/^ {20}[^→\s]/));
    const { stdout } = await vastai(['doctor'], { env });
    expect(words(screen)).toBe(short(home.path, words(stdout)));
    expect(stdout.split('\n')).toContainEqual(expect.stringContaining(home.at('.config')));
  });
});
