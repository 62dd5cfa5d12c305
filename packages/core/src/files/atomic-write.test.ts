import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { replaceWhole, stageFile } from './atomic-write.js';

const home = useHome();

describe('a staged file', () => {
  it('replaces the old one on commit, and not before', async () => {
    home.put(home.at('f'), 'old');
    const staged = await stageFile(home.at('f'), 'new', { mode: 0o600 });
    expect(readFileSync(home.at('f'), 'utf8')).toBe('old');
    await staged.commit();
    await staged.discard();
    expect(readFileSync(home.at('f'), 'utf8')).toBe('new');
    expect(readdirSync(home.path)).toEqual(['f']);
  });

  it('leaves nothing if it is discarded', async () => {
    await (await stageFile(home.at('f'), 'new', { mode: 0o600 })).discard();
    expect(readdirSync(home.path)).toEqual([]);
  });

  it('leaves nothing when it cannot be prepared, written or committed', async () => {
    const prepare = () => Promise.reject(new Error('no'));
    await expect(stageFile(home.at('f'), 'new', { mode: 0o600, prepare })).rejects.toThrow('no');
    await expect(stageFile(home.at('missing', 'f'), 'new', { mode: 0o600 })).rejects.toMatchObject({
      code: 'ENOENT',
    });
    mkdirSync(home.at('folder'));
    await expect(replaceWhole(home.at('folder'), 'new')).rejects.toMatchObject({ syscall: 'rename' });
    expect(readdirSync(home.path)).toEqual(['folder']);
  });
});
