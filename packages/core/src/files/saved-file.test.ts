import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { savePrivately } from './saved-file.js';

const home = useHome();
const unix = process.platform !== 'win32';

async function* parts(...texts: readonly (string | Error)[]) {
  for (const text of texts) {
    if (text instanceof Error) throw text;
    yield Buffer.from(text);
  }
}

describe('a file for a response', () => {
  it('holds all of it, for its owner alone', async () => {
    for (const texts of [['a', 'b'], ['c'], []]) {
      await savePrivately(home.at('f'), parts(...texts));
      expect(readFileSync(home.at('f'), 'utf8')).toBe(texts.join(''));
    }
    if (unix) expect(statSync(home.at('f')).mode & 0o777).toBe(0o600);
    expect(readdirSync(home.path)).toEqual(['f']);
  });

  it('becomes private if it was not', async () => {
    home.put(home.at('f'), 'old', 0o644);
    await savePrivately(home.at('f'), parts('new'));
    if (unix) expect(statSync(home.at('f')).mode & 0o777).toBe(0o600);
  });

  it('stays as it was if the response breaks off', async () => {
    home.put(home.at('f'), 'old');
    const broken = new Error('broke off');
    await expect(savePrivately(home.at('f'), parts('new', broken))).rejects.toThrow('broke off');
    expect(readFileSync(home.at('f'), 'utf8')).toBe('old');
    expect(readdirSync(home.path)).toEqual(['f']);
  });

  it('is not read before it is known that it can be written', async () => {
    let isRead = false;
    async function* content() {
      isRead = true;
      yield Buffer.from('x');
    }
    await expect(savePrivately(home.at('missing', 'f'), content())).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('missing'),
      hint: expect.not.stringContaining('VAST_API_KEY'),
    });
    expect(isRead).toBe(false);
  });

  it('must be a regular file', async () => {
    mkdirSync(home.at('folder'));
    for (const path of [home.at('folder'), `${home.at('folder')}/`, `${home.at('new')}/`])
      await expect(savePrivately(path, parts('x'))).rejects.toMatchObject({ code: 'usage' });
    if (!unix) return;
    symlinkSync(home.at('elsewhere'), home.at('link'));
    execFileSync('mkfifo', [home.at('pipe')]);
    for (const path of [home.at('link'), home.at('pipe'), '/dev/null'])
      await expect(savePrivately(path, parts('x'))).rejects.toMatchObject({ code: 'usage' });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(readdirSync(home.path).sort()).toEqual(['folder', 'link', 'pipe']);
  });
});
