import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { recordProfile } from '../config/settings.js';
import { requireUnchanged } from './require-unchanged.js';

const home = useHome();
const KEY = keyOf('own-key-0123456789abcd');
const OTHER = keyOf('other-key-0123456789wxyz');

describe('a key made with another one', () => {
  const hint = 'Save the new key in its own profile.';

  it('replaces neither a third key nor the API of the profile', async () => {
    home.put(home.paths.keyFile('default'), KEY.reveal());
    const context = await home.context();
    await requireUnchanged(context, context, KEY);
    await expect(requireUnchanged(context, context, OTHER)).rejects.toMatchObject({
      code: 'storage',
      message: `Profile "default" now has a different key (${KEY}, ${home.paths.keyFile('default')}).`,
      hint,
    });
    const url = 'https://staging.example';
    await recordProfile(home.paths, 'default', { storage: 'file', url });
    await expect(requireUnchanged(context, await context.reopen(), KEY)).rejects.toMatchObject({
      message: `Profile "default" is now set to ${url}.`,
      hint,
    });
  });

  it('can be saved where no key was', async () => {
    const context = await home.context();
    expect(await requireUnchanged(context, context, KEY)).toBeUndefined();
  });
});
