import { lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { isVastaiError } from '../base/errors.js';
import { changeSettings, readSettings, recordOf, recordProfile } from './settings.js';

const home = useHome();
const unix = process.platform !== 'win32';

/** Writes a string to `config.json`, and returns the error of reading it. */
async function messageFor(content: string | Uint8Array): Promise<string> {
  home.put(home.paths.settingsFile, content);
  const error = await readSettings(home.paths).catch((thrown: unknown) => thrown);
  expect(isVastaiError(error) && error.code).toBe('storage');
  return isVastaiError(error) ? error.message : '';
}

/** Returns the content of `config.json`. */
const written = () => JSON.parse(readFileSync(home.paths.settingsFile, 'utf8'));

describe('settings', () => {
  it('are empty if the file does not exist', async () => {
    expect(await readSettings(home.paths)).toEqual({ version: 1, profiles: {} });
  });

  it('are read', async () => {
    const settings = {
      version: 1,
      current: 'work',
      profiles: {
        work: { storage: 'file', url: 'https://staging.example' },
        program: { storage: 'command', command: ['op', 'read'] },
        'of-nothing': { command: ['op'] },
      },
    };
    home.put(home.paths.settingsFile, JSON.stringify(settings));
    expect(await readSettings(home.paths)).toEqual(settings);
  });

  it.each([
    '{}',
    '{"version":1}',
    '\ufeff{"version":1,"profiles":{}}',
    '{"version":1,\r\n"profiles":{}}\r\n',
  ])('may be %j', async (text) => {
    home.put(home.paths.settingsFile, text);
    expect(await readSettings(home.paths)).toMatchObject({ version: 1, profiles: {} });
  });

  it('of a newer version are not changed, and the error says what to do', async () => {
    const text = '{"version":2,"profiles":[]}';
    expect(await messageFor(text)).toMatch(/newer vastai \(settings version 2; this one knows 1\)/);
    await expect(recordProfile(home.paths, 'work', {})).rejects.toMatchObject({
      advice: [{ do: 'update' }],
    });
    expect(readFileSync(home.paths.settingsFile, 'utf8')).toBe(text);
  });

  it.each([
    ['', /not valid JSON/],
    ['{"version":1', /not valid JSON/],
    ['{"version":1}}', /not valid JSON/],
    ["{'version':1}", /not valid JSON/],
    [Buffer.from('{"version":1}', 'utf16le'), /not valid JSON/],
    [Uint8Array.of(0x22, 0xff, 0x22), /not valid JSON/],
    ['null', /JSON object/],
    ['[]', /JSON object/],
    ['"text"', /JSON object/],
    ['{"version":"1"}', /"version" must be a number/],
    ['{"current":"../x"}', /"current" must be the name of a profile/],
    ['{"current":1}', /"current" must be the name of a profile/],
    ['{"current":"__proto__"}', /"current" must be the name of a profile/],
    ['{"profiles":[]}', /"profiles"/],
    ['{"profiles":"x"}', /"profiles"/],
    ['{"profiles":{"work":null}}', /profile "work" must be an object/],
    ['{"profiles":{"work":[]}}', /profile "work" must be an object/],
    ['{"profiles":{"../x":{}}}', /profile "..\/x" has an invalid name/],
    ['{"profiles":{"__proto__":{"storage":"file"}}}', /profile "__proto__" has an invalid name/],
    ['{"profiles":{"work":{"storage":"cloud"}}}', /"storage" must be "keychain", "file" or "command"/],
    ['{"profiles":{"work":{"storage":"toString"}}}', /"storage" must be "keychain", "file" or "command"/],
    ['{"profiles":{"work":{"url":"nowhere"}}}', /"url" must be a URL/],
    ['{"profiles":{"work":{"url":42}}}', /"url" must be a URL/],
    ['{"profiles":{"work":{"storage":"command"}}}', /"command" is missing/],
    ['{"profiles":{"work":{"command":[]}}}', /"command" must be an array of strings/],
    ['{"profiles":{"work":{"command":"rm -rf /"}}}', /"command" must be an array of strings/],
    ['{"profiles":{"work":{"command":["op",1]}}}', /"command" must be an array of strings/],
  ])('are not %j', async (content, message) => {
    expect(await messageFor(content)).toMatch(message);
  });

  it('that are not valid name their file, and never repeat a terminal sequence', async () => {
    const message = await messageFor('{"profiles":{"\\u001b[2Jx\\u0007":{}}}');
    expect(message).toContain(home.paths.settingsFile);
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it('that nest 100,000 levels deep are rejected without a crash', async () => {
    expect(await messageFor(`{"profiles":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toMatch(
      /config\.json/,
    );
  });

  it('that are larger than settings can be are not read', async () => {
    expect(await messageFor(`{"x":"${'x'.repeat(1024 * 1024)}"}`)).toMatch(/larger than 1 MiB/);
  });

  it('that are not valid can be moved away, since they contain no keys', async () => {
    home.put(home.paths.settingsFile, '{');
    await expect(readSettings(home.paths)).rejects.toMatchObject({
      hint: 'Correct it, or move it away: it contains no keys.',
    });
  });

  it.runIf(unix)('are read through a symbolic link, and not written through one', async () => {
    const text = '{"version":1,"profiles":{}}';
    home.put(home.at('elsewhere'), text);
    home.put(home.at('.config', 'vastai', 'x'), '');
    symlinkSync(home.at('elsewhere'), home.paths.settingsFile);
    expect(await readSettings(home.paths)).toEqual(JSON.parse(text));
    await expect(recordProfile(home.paths, 'work', { storage: 'file' })).rejects.toThrow(/symbolic link/);
    expect(readFileSync(home.at('elsewhere'), 'utf8')).toBe(text);
    expect(lstatSync(home.paths.settingsFile).isSymbolicLink()).toBe(true);
  });

  it.each(['constructor', 'valueof', 'tostring', 'hasownproperty'])(
    'hold a profile named %s only when it was written',
    async (name) => {
      expect(recordOf(await readSettings(home.paths), name)).toBeUndefined();
      await recordProfile(home.paths, name, { storage: 'file' });
      expect(recordOf(await readSettings(home.paths), name)).toEqual({ storage: 'file' });
    },
  );
});

describe('recording a profile', () => {
  it('makes the file for its owner alone', async () => {
    await recordProfile(home.paths, 'work', { storage: 'file', url: 'https://staging.example' });
    expect(written()).toEqual({
      version: 1,
      profiles: { work: { storage: 'file', url: 'https://staging.example' } },
    });
    if (unix) {
      expect(statSync(home.paths.settingsFile).mode & 0o777).toBe(0o600);
      expect(statSync(home.paths.configFolder).mode & 0o777).toBe(0o700);
    }
  });

  it('keeps everything else, even fields of a newer version', async () => {
    home.put(
      home.paths.settingsFile,
      '{"future":{"a":[1]},"version":1,"current":"work","profiles":{"work":{"url":"https://a.example","note":"x"}}}',
    );
    await recordProfile(home.paths, 'other', { storage: 'file' });
    expect(written()).toEqual({
      future: { a: [1] },
      version: 1,
      current: 'work',
      profiles: { work: { url: 'https://a.example', note: 'x' }, other: { storage: 'file' } },
    });
  });

  it('keeps an unknown field named __proto__ as a field', async () => {
    home.put(home.paths.settingsFile, '{"version":1,"__proto__":{"current":"evil"},"profiles":{}}');
    expect((await readSettings(home.paths)).current).toBeUndefined();
    await recordProfile(home.paths, 'other', { storage: 'file' });
    expect(readFileSync(home.paths.settingsFile, 'utf8')).toMatch(/"__proto__": \{\s+"current": "evil"/);
  });

  it('removes one record and no other', async () => {
    await recordProfile(home.paths, 'a', { storage: 'file' });
    await recordProfile(home.paths, 'b', { storage: 'keychain' });
    await recordProfile(home.paths, 'a', undefined);
    expect(written().profiles).toEqual({ b: { storage: 'keychain' } });
  });

  it('is kept when other settings change', async () => {
    await recordProfile(home.paths, 'work', { storage: 'file' });
    await changeSettings(home.paths, (settings) => ({ ...settings, current: 'work' }));
    expect(written()).toEqual({ version: 1, current: 'work', profiles: { work: { storage: 'file' } } });
  });

  it('writes nothing if nothing changes', async () => {
    await recordProfile(home.paths, 'work', undefined);
    expect(await home.files()).toEqual({});
    await recordProfile(home.paths, 'work', { storage: 'file' });
    const before = statSync(home.paths.settingsFile, { bigint: true });
    await recordProfile(home.paths, 'work', { storage: 'file' });
    await changeSettings(home.paths, (settings) => ({ ...settings }));
    const after = statSync(home.paths.settingsFile, { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
  });
});
