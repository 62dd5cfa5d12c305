import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import { SETTINGS } from '@vastai-cli/testing/places';
import { sentWith, sessionFile } from '@vastai-cli/testing/session';
import { totpCode } from '@vastai-cli/testing/totp-code';

const LOGIN = ['tfa', 'login', '--method', 'totp', '--code', '-', '--profile', 'work'];
const WEEK = 7 * 86_400;

describe('a two-factor account with its key in a keychain', () => {
  it('works from the first save to the removal of the profile', async ({ harness, expect }) => {
    const { vastai, sandbox, home, keychain, addKey } = harness;
    const { secret } = sandbox.twoFactor.add({ method: 'totp' });
    const key = await addKey({ name: 'laptop' });
    const login = async () => {
      // A code works once.
      sandbox.clock.advance(60);
      return vastai(LOGIN, { input: totpCode(secret, sandbox.clock.now()) });
    };
    const work = (...args: string[]) => vastai([...args, '--profile', 'work']);

    const saved = await vastai(['set', 'api-key', '--profile', 'work'], { input: key.value });
    expect(saved.status).toBe(0);
    expect(saved.stderr).toContain('vastai tfa login --profile work');
    expect((await work('show', 'user')).status).toBe(11);

    expect((await login()).status).toBe(0);
    expect(await keychain.lookup('work/session')).toBe(sandbox.twoFactor.sessionValues()[0]);
    expect(await keychain.lookup('work')).toBe(key.value);
    expect(await home.read(sessionFile('work'))).toBeUndefined();
    expect(await work('show', 'user')).toMatchObject({ status: 0, stderr: '' });
    expect(sentWith(harness).at(-1)).toBe(`session of ${key.id}`);
    const status = await work('auth', 'status', '--json');
    expect(status.json()).toMatchObject({
      state: 'verified',
      active: { source: 'keychain', session: { location: 'keychain (vastai, work/session)' } },
    });

    sandbox.clock.advance(WEEK);
    const over = await work('show', 'user');
    expect(over.status).toBe(11);
    expect(over.stderr).toContain('vastai tfa login --profile work');
    expect((await login()).status).toBe(0);
    expect((await work('show', 'user')).status).toBe(0);

    const moved = await work('config', 'migrate', '--to', 'file');
    expect(moved.status).toBe(0);
    expect(await keychain.lookup('work/session')).toBeUndefined();
    expect(await home.read(sessionFile('work'))).toBe(sandbox.twoFactor.sessionValues()[1]);
    expect((await work('show', 'user')).status).toBe(0);
    expect((await work('config', 'migrate', '--undo')).status).toBe(0);
    expect(await keychain.lookup('work/session')).toBe(sandbox.twoFactor.sessionValues()[1]);

    expect((await vastai(['profile', 'remove', 'work', '--yes'])).status).toBe(0);
    expect(await keychain.lookup('work/session')).toBeUndefined();
    expect(await keychain.lookup('work')).toBeUndefined();
    expect(await home.read(SETTINGS)).not.toContain('tfa_session');
  });

  it('loses its session when another program replaces the key there', async ({ harness, expect }) => {
    const { vastai, sandbox, keychain, addKey, keep } = harness;
    const { secret } = sandbox.twoFactor.add({ method: 'totp' });
    await keep('keychain', (await addKey({ name: 'laptop' })).value);
    const login = ['tfa', 'login', '--method', 'totp', '--code', '-'];
    expect((await vastai(login, { input: totpCode(secret, sandbox.clock.now()) })).status).toBe(0);
    expect((await vastai(['show', 'user'])).status).toBe(0);
    await keychain.store('default', sandbox.key);
    const ran = await vastai(['show', 'user']);
    expect(ran.status).toBe(11);
    expect(ran.stderr).toContain('it belongs to a different key');
    expect(sentWith(harness).at(-1)).toBe('key 40');
    expect(await keychain.lookup('default/session')).toBeUndefined();
    expect(await harness.home.read(SETTINGS)).not.toContain('tfa_session');
  });

  it('asks the keychain for no session while none is noted', async ({ harness, expect }) => {
    const { vastai, sandbox, keep, keychain } = harness;
    await keep('keychain', sandbox.key);
    await keychain.store('default/session', 'two words');
    expect(await vastai(['show', 'user'])).toMatchObject({ status: 0, stderr: '' });
    expect(sentWith(harness)).toEqual(['key 40']);
  });
});
