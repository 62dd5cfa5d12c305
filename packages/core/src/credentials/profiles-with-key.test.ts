import { beforeEach, describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { recordProfile } from '../config/settings.js';
import { fingerprintOf } from '../secrets/fingerprint.js';
import { otherProfilesWith, profilesWith } from './profiles-with-key.js';

const home = useHome();
const KEY = keyOf('own-key-0123456789abcd');
const OTHER = keyOf('other-key-0123456789efgh');
const OTHER_URL = 'https://staging.example';

/** Returns the profiles with a key of which the id, the value or both are known. */
async function having({ id, isKnown = true, url }: { id?: number; isKnown?: boolean; url?: string }) {
  const context = await home.context({}, url === undefined ? {} : { url });
  return profilesWith(context, {
    id,
    key: isKnown ? KEY : undefined,
    isKey: (other) => isKnown && other.equals(KEY),
  });
}

describe('the profiles with a key', () => {
  beforeEach(async () => {
    home.put(home.paths.keyFile('in-file'), KEY.reveal());
    home.put(home.paths.keyFile('other'), OTHER.reveal());
    home.put(home.paths.keyFile('elsewhere'), KEY.reveal());
    await recordProfile(home.paths, 'elsewhere', { storage: 'file', url: OTHER_URL });
    await recordProfile(home.paths, 'by-id', { storage: 'keychain', key_id: 42 });
    await recordProfile(home.paths, 'by-hash', { storage: 'keychain', key_hash: fingerprintOf(KEY) });
    await recordProfile(home.paths, 'of-other', {
      storage: 'keychain',
      key_id: 43,
      key_hash: fingerprintOf(OTHER),
    });
    await recordProfile(home.paths, 'program', { storage: 'command', command: ['op'], key_id: 42 });
  });

  it('are those whose key file contains it, or whose keychain record matches it', async () => {
    expect(await having({ id: 42 })).toEqual(['by-hash', 'by-id', 'in-file']);
    expect(await having({})).toEqual(['by-hash', 'in-file']);
    expect(await having({ id: 42, isKnown: false })).toEqual(['by-id']);
    expect(await having({ isKnown: false })).toEqual([]);
    expect(await having({ id: 42, url: OTHER_URL })).toEqual(['elsewhere']);
  });

  it('do not include one whose key file is missing or contradicts its record', async () => {
    await recordProfile(home.paths, 'other', { storage: 'file', key_id: 42, key_hash: fingerprintOf(KEY) });
    await recordProfile(home.paths, 'gone', { storage: 'file', key_id: 42, key_hash: fingerprintOf(KEY) });
    expect(await having({ id: 42 })).toEqual(['by-hash', 'by-id', 'in-file']);
  });

  it('can leave out the profile of the run', async () => {
    const context = await home.context({}, { profile: 'in-file' });
    const described = { id: 42, key: KEY, isKey: (other: typeof KEY) => other.equals(KEY) };
    expect(await otherProfilesWith(context, described)).toEqual(['by-hash', 'by-id']);
  });
});
