import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { ApiKey } from '../base/api-key.js';
import { pathsOf } from '../config/paths.js';
import { createdName, keepUnsaved, unsavedKeys } from './unsaved-key.js';

const home = useHome();
const paths = () => pathsOf({ XDG_CONFIG_HOME: home.at() });
const key = ApiKey.parse('new-key-0123456789abcdef') as ApiKey;

describe('a key that is not saved yet', () => {
  it('is in its own private file until it is removed', async () => {
    const [one, other] = [await keepUnsaved(paths(), 'work', key), await keepUnsaved(paths(), 'work', key)];
    expect(one.path).not.toBe(other.path);
    expect(readFileSync(one.path, 'utf8')).toBe(`${key.reveal()}\n`);
    if (process.platform !== 'win32') expect(statSync(one.path).mode & 0o777).toBe(0o600);
    const left = [one, other].map(({ path }) => ({ path, profile: 'work' }));
    expect(await unsavedKeys(paths())).toEqual(expect.arrayContaining(left));
    await one.remove();
    await one.remove();
    expect(await unsavedKeys(paths())).toEqual([{ path: other.path, profile: 'work' }]);
  });

  it('is found after a kill during the write', async () => {
    await keepUnsaved(paths(), 'work', key).then((kept) => kept.remove());
    const left = home.at('vastai', '.unsaved-key.work.0a1b2c3d.tmp-1.abc');
    writeFileSync(left, 'half');
    writeFileSync(home.at('vastai', 'vast_api_key'), 'other');
    expect(await unsavedKeys(paths())).toEqual([{ path: left, profile: 'work' }]);
  });

  it.each([
    ['a.profile-1_x', { profile: 'a.profile-1_x' }],
    ['id-42', { profile: 'id-42' }],
    [createdName(42), {}],
  ])('is for the profile that it was kept for: %s', async (name, more) => {
    const { path } = await keepUnsaved(paths(), name, key);
    expect(await unsavedKeys(paths())).toEqual([{ path, ...more }]);
  });

  it('does not exist if the folder does not exist', async () => {
    expect(await unsavedKeys(paths())).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('is not written through a link', async () => {
    symlinkSync(home.at(), home.at('vastai'));
    await expect(keepUnsaved(paths(), 'work', key)).rejects.toMatchObject({ code: 'storage' });
    expect(readdirSync(home.at())).toEqual(['vastai']);
  });
});
