import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { keyOf } from '../../../test/support/keys.js';
import { withKeychainInFolder } from '../../../test/support/store-in-folder.js';
import { recordProfile } from '../../config/settings.js';
import { fingerprintOf } from '../../secrets/fingerprint.js';
import { renewKeptCopy } from './kept-copy.js';

const home = useHome();
const OLD = keyOf('old-key-0123456789abcd');
const NEW = keyOf('new-key-0123456789efgh');
const file = () => home.paths.keyFile('default');

/** Saves a new key in the keychain, and renews the copy in the file; returns what the file holds then. */
async function renewed(copy: string | undefined, { kept = true, old = fingerprintOf(OLD) } = {}) {
  home.put(home.at('.config', 'vastai', 'keychain', 'default'), NEW.reveal());
  if (copy !== undefined) home.put(file(), copy);
  await recordProfile(home.paths, 'default', { storage: 'keychain', ...(kept ? { kept_file: true } : {}) });
  await renewKeptCopy(withKeychainInFolder(await home.context({ VASTAI_STORAGE: 'auto' })), old);
  return (await home.files())['.config/vastai/vast_api_key'];
}

describe('a rotation with a copy kept for other tools', () => {
  it('writes the new key to the copy', async () => {
    expect(await renewed(OLD.reveal())).toBe(NEW.reveal());
  });

  it('leaves alone a copy that is another key, or was not kept on purpose', async () => {
    expect(await renewed('another-key-0123456789')).toBe('another-key-0123456789');
    expect(await renewed(OLD.reveal(), { old: 'no fingerprint' })).toBe(OLD.reveal());
    expect(await renewed(OLD.reveal(), { kept: false })).toBe(OLD.reveal());
    expect(await renewed('')).toBe('');
  });

  it('sees that a copy was kept after the context was opened', async () => {
    home.put(home.at('.config', 'vastai', 'keychain', 'default'), NEW.reveal());
    home.put(file(), OLD.reveal());
    await recordProfile(home.paths, 'default', { storage: 'keychain' });
    const context = withKeychainInFolder(await home.context({ VASTAI_STORAGE: 'auto' }));
    await recordProfile(home.paths, 'default', { storage: 'keychain', kept_file: true });
    await renewKeptCopy(context, fingerprintOf(OLD));
    expect((await home.files())['.config/vastai/vast_api_key']).toBe(NEW.reveal());
    // The other way round, it is no longer kept.
    home.put(file(), OLD.reveal());
    const older = withKeychainInFolder(await home.context({ VASTAI_STORAGE: 'auto' }));
    await recordProfile(home.paths, 'default', { storage: 'keychain' });
    await renewKeptCopy(older, fingerprintOf(OLD));
    expect((await home.files())['.config/vastai/vast_api_key']).toBe(OLD.reveal());
  });

  it('fails if the copy cannot be read', async () => {
    await expect(renewed('two words')).rejects.toMatchObject({
      code: 'storage',
      message: `${file()} does not contain exactly one key: it contains a space or a line break.`,
      advice: [{ do: 'save-key', purpose: 'Save the key again' }],
    });
  });
});
