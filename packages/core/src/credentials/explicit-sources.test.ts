import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { revealed } from '../../test/support/keys.js';
import { environmentFileSource, environmentSource, flagSource } from './explicit-sources.js';

const home = useHome();
const unix = process.platform !== 'win32';
const KEY = 'key-0123456789abcdef';

describe.each([
  ['--api-key', (value?: string) => flagSource(value)],
  ['VAST_API_KEY', (value?: string) => environmentSource(value === undefined ? {} : { VAST_API_KEY: value })],
])('the key of %s', (location, source) => {
  it('is absent when it is not given', async () => {
    expect(revealed(await source().read())).toBe('absent');
  });

  it('is trimmed', async () => {
    expect(revealed(await source(` ${KEY}\n`).read())).toBe(KEY);
  });

  it.each(['', '  ', `${KEY} x`, `${KEY}\nx`, `${KEY}\u0000`, `\u001b[2J${KEY}`])(
    'is not %j: that is wrong usage, and is not repeated',
    async (text) => {
      const lookup = await source(text).read();
      expect(revealed(lookup)).toBe('unreadable: not_a_key');
      expect(JSON.stringify(lookup)).toContain(location);
      expect(JSON.stringify(lookup)).not.toContain(KEY);
      expect(source(text).faultOf).toBe('usage');
    },
  );

  it('belongs to whatever API it is sent to', () => {
    expect(source(KEY)).toMatchObject({
      name: location === '--api-key' ? 'flag' : 'env',
      location,
      boundOrigin: undefined,
      searched: true,
      configured: false,
    });
  });
});

describe('the key file of VAST_API_KEY_FILE', () => {
  const source = (path?: string) =>
    environmentFileSource(path === undefined ? {} : { VAST_API_KEY_FILE: path });

  it('is absent when none is named', async () => {
    expect(revealed(await source().read())).toBe('absent');
    expect(source()).toMatchObject({ name: 'env_file', location: 'VAST_API_KEY_FILE' });
  });

  it('may be 64 KiB long, with white space around the key', async () => {
    home.put(home.at('secret'), KEY.padEnd(64 * 1024));
    expect(revealed(await source(home.at('secret')).read())).toBe(KEY);
    home.put(home.at('secret'), KEY.padEnd(64 * 1024 + 1));
    expect(revealed(await source(home.at('secret')).read())).toBe('unreadable: not_a_key');
  });

  it('returns its key; a failure is a storage error', async () => {
    home.put(home.at('secret'), `${KEY}\n`, 0o444);
    expect(revealed(await source(home.at('secret')).read())).toBe(KEY);
    expect(source(home.at('secret')).faultOf).toBe('storage');
    expect(source(home.at('secret')).location).toBe(`VAST_API_KEY_FILE (${home.at('secret')})`);
  });

  it.runIf(unix)('may be a symbolic link, as the secrets of containers are', async () => {
    home.put(home.at('..data', 'secret'), KEY);
    symlinkSync('..data/secret', home.at('secret'));
    expect(revealed(await source(home.at('secret')).read())).toBe(KEY);
  });

  it.runIf(unix)('may be a pipe, as a shell makes of another program’s output', async () => {
    execFileSync('mkfifo', [home.at('pipe')]);
    const writer = writeFile(home.at('pipe'), `${KEY}\n`);
    expect(revealed(await source(home.at('pipe')).read())).toBe(KEY);
    await writer;
  });

  it.each([
    ['missing', undefined, 'unreadable'],
    ['empty', '', 'empty_file'],
    ['blank', ' \n', 'empty_file'],
    ['two lines', `${KEY}\nx`, 'not_a_key'],
    ['UTF-16', Buffer.from(`\ufeff${KEY}`, 'utf16le'), 'not_utf8'],
    ['too large for a key', 'k'.repeat(65 * 1024), 'not_a_key'],
  ])('that is %s is an error, never an absent key', async (_, content, code) => {
    if (content !== undefined) home.put(home.at('secret'), content);
    const lookup = await source(home.at('secret')).read();
    expect(revealed(lookup)).toBe(`unreadable: ${code}`);
    expect(lookup).toMatchObject({ problem: { fix: [{ do: 'unset', variable: 'VAST_API_KEY_FILE' }] } });
    expect(JSON.stringify(lookup)).toContain(home.at('secret'));
    expect(JSON.stringify(lookup)).not.toContain(KEY);
  });

  it('is not a folder', async () => {
    mkdirSync(home.at('secret'));
    expect(revealed(await source(home.at('secret')).read())).toBe('unreadable: unreadable');
  });

  it.runIf(unix)('is not read forever if it is endless', async () => {
    expect(revealed(await source('/dev/zero').read())).toBe('unreadable: not_a_key');
  });
});

describe('what is wrong with a key that was given', () => {
  const spaced = 'contains a space or a line break.';
  const alone = 'Enter only one key, on one line.';
  const unsetFile = [{ do: 'unset', variable: 'VAST_API_KEY_FILE' }];
  const fileSource = (path: string) => environmentFileSource({ VAST_API_KEY_FILE: path });

  it('is reported for --api-key, with what to enter instead', async () => {
    expect(await flagSource('two words').read()).toEqual({
      state: 'unreadable',
      problem: { code: 'not_a_key', message: `The key of --api-key ${spaced}`, fix: alone },
    });
  });

  it('is reported for VAST_API_KEY, with what to enter, or to unset it', async () => {
    expect(await environmentSource({ VAST_API_KEY: 'two words' }).read()).toEqual({
      state: 'unreadable',
      problem: {
        code: 'not_a_key',
        message: `The key of VAST_API_KEY ${spaced}`,
        fix: [
          { do: 'say', text: alone },
          { do: 'unset', variable: 'VAST_API_KEY' },
        ],
      },
    });
  });

  it.each([
    ['is empty', ' \n', 'empty_file', 'is empty.'],
    [
      'is one byte too large',
      'k'.repeat(64 * 1024 + 1),
      'not_a_key',
      'is too large to be a key file.',
      'another file',
    ],
    ['has two words', 'two words', 'not_a_key', `does not contain exactly one key: it ${spaced}`],
    ['is not UTF-8', Buffer.from([0xff]), 'not_utf8', 'is not UTF-8 text.'],
  ])('is reported for the named file if it %s', async (_, content, code, what, isAnotherFile = '') => {
    home.put(home.at('secret'), content);
    const purpose = `Correct the key in ${home.at('secret')}, or unset the variable that names it`;
    expect(await fileSource(home.at('secret')).read()).toEqual({
      state: 'unreadable',
      problem: {
        code,
        message: `${home.at('secret')} ${what}`,
        fix: [{ do: 'unset', variable: 'VAST_API_KEY_FILE', ...(isAnotherFile ? {} : { purpose }) }],
      },
    });
  });

  it('is reported for a key in place of a path, without showing it', async () => {
    const key = '3f2a9c51'.repeat(8);
    const source = fileSource(key);
    expect(source.location).toBe('VAST_API_KEY_FILE (…9c51)');
    expect(source.whenRejected).toEqual([
      {
        do: 'unset',
        variable: 'VAST_API_KEY_FILE',
        purpose: 'Correct the key in …9c51, or unset the variable that names it',
      },
      { do: 'make-key' },
    ]);
    const lookup = await source.read();
    expect(lookup).toMatchObject({
      state: 'unreadable',
      problem: { code: 'unreadable', message: expect.stringContaining('…9c51'), fix: unsetFile },
    });
    expect(JSON.stringify(lookup)).not.toContain(key);
  });
});

describe('a key that needs a second factor', () => {
  const save = [
    { do: 'save-key', purpose: 'A session belongs to a saved key. Save it' },
    { do: 'tfa-login', purpose: 'Then log in' },
    { do: 'pass-session', purpose: 'To pass the session to a program that needs a variable' },
  ];

  it('must be saved first if it was passed', () => {
    expect(flagSource('k').whenTwoFactor).toEqual(save);
    expect(environmentSource({ VAST_API_KEY: 'k' }).whenTwoFactor).toEqual(save);
    expect(environmentFileSource({ VAST_API_KEY_FILE: '/k' }).whenTwoFactor).toEqual(save);
  });

  it('behind a broker, is up to the person who started the run', () => {
    const source = environmentSource({ VASTAI_BROKER: '1', VAST_API_KEY: 'k' });
    expect(source.whenTwoFactor).toEqual([
      { do: 'say', text: 'Ask the person who started this run to log in with a second factor.' },
    ]);
    expect(source.whenRejected).toEqual([
      { do: 'say', text: 'Use the VAST_API_KEY that vastai exec --broker gave to this program.' },
    ]);
  });

  it('can be left out to use the saved key', () => {
    const unset = (variable: string) => [{ do: 'unset', variable, purpose: 'To use the saved key' }];
    expect(flagSource('k').toUseSaved).toBe('Leave out --api-key to use the saved key.');
    expect(environmentSource({}).toUseSaved).toEqual(unset('VAST_API_KEY'));
    expect(environmentFileSource({}).toUseSaved).toEqual(unset('VAST_API_KEY_FILE'));
  });

  it('is free to read', () => {
    for (const source of [flagSource('k'), environmentSource({}), environmentFileSource({})]) {
      const { boundOrigin, searched, configured, isFree } = source;
      expect({ boundOrigin, searched, configured, isFree }).toEqual({
        boundOrigin: undefined,
        searched: true,
        configured: false,
        isFree: true,
      });
    }
  });
});

describe('a key that the API rejects', () => {
  it('from --api-key: check it for a typo, or create a new one', () => {
    expect(flagSource('k').whenRejected).toEqual([
      { do: 'say', text: 'Check the key passed with --api-key for a typo.' },
      { do: 'make-key' },
    ]);
  });

  it('from VAST_API_KEY: unset it, or create a new one', () => {
    expect(environmentSource({ VAST_API_KEY: 'k' }).whenRejected).toEqual([
      { do: 'unset', variable: 'VAST_API_KEY' },
      { do: 'make-key' },
    ]);
  });

  it('from VAST_API_KEY_FILE: correct it in that file', () => {
    expect(environmentFileSource({ VAST_API_KEY_FILE: '/run/secrets/vast' }).whenRejected).toEqual([
      {
        do: 'unset',
        variable: 'VAST_API_KEY_FILE',
        purpose: 'Correct the key in /run/secrets/vast, or unset the variable that names it',
      },
      { do: 'make-key' },
    ]);
  });
});
