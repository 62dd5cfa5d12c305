import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { readSettings, recordOf, recordProfile } from '../config/settings.js';
import { acquireKey } from '../context/acquire-key.js';
import { removeKeys } from './remove.js';
import { chooseSessionStore, saveSession } from './session.js';

const home = useHome();
const KEY = keyOf('own-key-0123456789abcd');
const OTHER = keyOf('other-key-0123456789wxyz');
const SESSION = keyOf('session-one-0123456789');

describe('the session of a command’s key', () => {
  it('stays when a copy of another key is removed', async () => {
    const command = [process.execPath, '-p', JSON.stringify(KEY.reveal())];
    await recordProfile(home.paths, 'default', { storage: 'command', command });
    const context = await home.context();
    const found = await acquireKey(context);
    await saveSession(context, await chooseSessionStore(context, found), found, SESSION);
    home.put(home.paths.keyFile('default'), OTHER.reveal());
    expect(await removeKeys(await home.context())).toHaveLength(1);
    expect(recordOf(await readSettings(home.paths), 'default')).toMatchObject({
      storage: 'command',
      tfa_session: { storage: 'file' },
    });
    expect((await acquireKey(await home.context())).session?.key.equals(SESSION)).toBe(true);
  });
});
