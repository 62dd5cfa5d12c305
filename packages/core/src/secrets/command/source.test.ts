import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { isRunning, signalProcess } from '@vastai-cli/testing/processes';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { revealed } from '../../../test/support/keys.js';
import { readFromCommand } from './source.js';

const home = useHome();
const KEY = 'key-0123456789abcdef';
const FIX = 'Run the command yourself to see what is wrong, or pass the key in VAST_API_KEY.';
const ABSOLUTE = 'Use an absolute path in config.json.';

interface Options {
  readonly limit?: string;
  readonly interactive?: boolean;
  readonly interruption?: AbortSignal;
}

/** Reads the key of a command, whose settings are the user's own. */
async function read(command: readonly string[], { limit, interactive = false, interruption }: Options = {}) {
  if (!existsSync(home.paths.settingsFile)) home.put(home.paths.settingsFile, '{}');
  const environment = limit === undefined ? {} : { VASTAI_KEYCHAIN_TIMEOUT: limit };
  return readFromCommand(command, { environment, interactive, interruption }, home.paths.settingsFile);
}

/** Writes a program, and returns its path. */
function program(text: string, mode = 0o700): string {
  home.put(home.at('program'), text, mode);
  return home.at('program');
}

const script = (text: string) => program(`#!/bin/sh\n${text}\n`);
const printing = (text: string) => ['printf', text];

describe.runIf(process.platform !== 'win32')('the key of a command', () => {
  it.each([KEY, `${KEY}\\n`, ` ${KEY} \\r\\n\\n`])('is what it prints: %j', async (text) => {
    const found = await read(printing(text));
    expect(revealed(found)).toBe(KEY);
    expect(found).toMatchObject({ problems: [] });
  });

  it('may look like a placeholder, since nobody typed it', async () => {
    expect(revealed(await read(printing('changeme')))).toBe('changeme');
  });

  it('is read whole, even if it arrives in parts and a child process keeps the output open', async () => {
    const path = script(`sleep 60 & echo $! >"${home.at('agent')}"; printf key-; sleep 0.1; printf %s abc`);
    expect(revealed(await read([path]))).toBe('key-abc');
    signalProcess(Number(readFileSync(home.at('agent'), 'utf8')), 'SIGKILL');
  });

  it('is read with the program name from the settings, and without the keys of the run', async () => {
    process.env.VAST_API_KEY = 'another-key-0123456789';
    process.env.VASTAI_TEST_WORD = 'a-word';
    try {
      const words = ['-c', 'printf %s "$VASTAI_TEST_WORD-$VAST_API_KEY-$0"'];
      expect(revealed(await read(['sh', ...words]))).toBe('a-word--sh');
    } finally {
      delete process.env.VAST_API_KEY;
      delete process.env.VASTAI_TEST_WORD;
    }
  });

  it('cannot come from standard input if nobody can be asked', async () => {
    expect(revealed(await read(['sh', '-c', 'printf key-; cat; printf abc']))).toBe('key-abc');
  });

  const failures: [string, readonly string[], string, string, string?][] = [
    ['has no name', [], 'command_failed', 'could not be started: its name is empty'],
    ['is missing', ['no-such-program'], 'command_missing', 'was not found'],
    [
      'has a path for a shell',
      ['~/op'],
      'command_missing',
      'was not found: it runs without a shell, so "~" and variables are not expanded',
      `${ABSOLUTE} ${FIX}`,
    ],
    ['is a folder', ['/'], 'command_failed', 'could not be started: / is a folder'],
    ['has an invalid argument', ['echo', 'a\0b'], 'command_failed', 'could not be started'],
    ['fails', ['sh', '-c', 'echo key-0123456789; exit 7'], 'command_failed', 'exited with status 7'],
    ['kills itself', ['sh', '-c', 'kill -KILL $$'], 'command_failed', 'was killed by SIGKILL'],
    ['never stops printing', ['yes'], 'command_failed', 'printed much more than a key'],
    ['prints nothing', ['true'], 'command_empty', 'printed nothing'],
    ['prints white space', printing(' \\n'), 'command_empty', 'printed nothing'],
  ];
  it.each(failures)('is unreadable if the command %s', async (_, command, code, failure, fix = FIX) => {
    expect(await read(command)).toEqual({
      state: 'unreadable',
      problem: { code, message: `The key command "${command[0] ?? ''}" ${failure}.`, fix },
    });
  });

  it.each([
    ['a script whose interpreter is not a program', '#!/dev/null\n', / could not be started \(EACCES\)\.$/],
    ['a script for an interpreter that is missing', '#!/no/such/sh\n', /: the interpreter in its first line/],
  ])('is unreadable if the program is %s', async (_, text, message) => {
    const path = program(text);
    expect(await read([path])).toEqual({
      state: 'unreadable',
      problem: { code: 'command_failed', message: expect.stringMatching(message), fix: FIX },
    });
  });

  it('is unreadable if the program is not executable', async () => {
    const path = program(`#!/bin/sh\nprintf ${KEY}\n`, 0o600);
    const failure = `could not be started: ${path} is not executable`;
    expect(await read([path])).toMatchObject({
      problem: { code: 'command_failed', message: `The key command "${path}" ${failure}.` },
    });
  });

  it('is unreadable if the command does not finish in time, and the program ends', async () => {
    const path = script(`trap '' TERM; echo $$ >"${home.at('pid')}"; while :; do sleep 0.05; done`);
    expect(await read([path], { limit: '0.2' })).toEqual({
      state: 'unreadable',
      problem: {
        code: 'command_timeout',
        message: `The key command "${path}" did not finish within 0.2 s.`,
        fix: FIX,
      },
    });
    expect(isRunning(Number(readFileSync(home.at('pid'), 'utf8')))).toBe(false);
  });

  it('is given up only after the program had time to clean up', async () => {
    const path = script(`trap 'echo done >"${home.at('cleaned')}"; exit' TERM; while :; do sleep 0.05; done`);
    expect(await read([path], { limit: '0.2' })).toMatchObject({ problem: { code: 'command_timeout' } });
    expect(readFileSync(home.at('cleaned'), 'utf8')).toBe('done\n');
  });

  it('is not waited for after an interruption', async () => {
    const interruption = new AbortController();
    setTimeout(() => interruption.abort('stopped'), 100);
    await expect(read(['sleep', '60'], { interruption: interruption.signal })).rejects.toBe('stopped');
  });

  it('has a numeric time limit', async () => {
    await expect(read(printing(KEY), { limit: 'soon' })).rejects.toMatchObject({ code: 'usage' });
  });

  it.each([
    ['two lines', `${KEY}\\nlogin: me\\n`],
    ['a line, and another after empty ones', `${KEY}\\r\\n \\r\\n x`],
    ['a line that ends in spaces, and another', `${KEY} \\t\\nx`],
  ])('must be one line, not %s', async (_, text) => {
    expect(await read(printing(text))).toEqual({
      state: 'unreadable',
      problem: {
        code: 'not_a_key',
        message: 'The output of "printf" does not contain exactly one key: it has more than one line.',
        fix: 'It must print only the key. Use a script that extracts it, or pass the key in VAST_API_KEY.',
      },
    });
  });

  it.each([
    ['two words', 'two words\\n', 'not_a_key', / does not contain exactly one key: it contains a space/],
    ['binary', '\\377\\376', 'not_utf8', / is not UTF-8 text\.$/],
  ])('must not be %s', async (_, text, code, message) => {
    expect(await read(printing(text))).toEqual({
      state: 'unreadable',
      problem: { code, message: expect.stringMatching(message), fix: FIX },
    });
  });

  it('is not read if others can change the settings', async () => {
    home.put(home.paths.settingsFile, '{}');
    chmodSync(home.paths.settingsFile, 0o622);
    expect(await read(['touch', home.at('ran')])).toEqual({
      state: 'unreadable',
      problem: {
        code: 'command_not_safe',
        message: `The key command of ${home.paths.settingsFile} is not run: other users can change ${home.paths.settingsFile}.`,
        fix: [{ do: 'restrict', paths: [home.paths.settingsFile], purpose: '' }],
      },
    });
    expect(existsSync(home.at('ran'))).toBe(false);
  });
});
