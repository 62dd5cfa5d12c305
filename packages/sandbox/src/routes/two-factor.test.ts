import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, type Reply } from '../../test-support/ask.js';
import { totpCode } from '../../test-support/totp-code.js';
import { type Sandbox, startSandbox } from '../server.js';

const USER = '/api/v0/users/current/';
const TFA = '/api/v0/tfa';
const PHONE = '+12025550100';
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const post = (path: string, body: unknown = {}) => ask(sandbox, 'POST', `${TFA}${path}`, { body });
const put = (path: string, body: unknown) => ask(sandbox, 'PUT', `${TFA}${path}`, { body });
const remove = (body: unknown) => ask(sandbox, 'DELETE', `${TFA}/`, { body });
const status = async () => (await ask(sandbox, 'GET', `${TFA}/status/`)).json;
const codeOf = (secret: string) => totpCode(secret, sandbox.clock.now());
const lastCode = () => sandbox.twoFactor.messages().at(-1)?.code ?? '';
const refused = ({ status: code, json }: Reply) => [code, json.error];
const wrongCode = (right: string) => (right === '000000' ? '000001' : '000000');

function addApp() {
  const { id, secret } = sandbox.twoFactor.add({ method: 'totp' });
  return { id, code: () => codeOf(secret) };
}

describe('a two-factor account', () => {
  it('is refused with its key alone, and served with a session until that ends', async () => {
    const app = addApp();
    const alone = await ask(sandbox, 'GET', USER);
    expect([alone.status, alone.json.msg]).toEqual([401, 'This action requires Two Factor Authentication.']);
    const { session_key: key } = (await post('/', { tfa_method: 'totp', code: app.code() })).json;
    expect((await ask(sandbox, 'GET', USER, { key })).json).toMatchObject({
      id: 123456,
      key_id: 40,
      tfa_status: 'enabled',
    });
    sandbox.clock.advance(7 * 86_400);
    const over = await ask(sandbox, 'GET', USER, { key });
    expect([over.status, over.json.msg]).toEqual([404, 'Session expired. Please log in again.']);
    expect((await ask(sandbox, 'GET', `${TFA}/status/`, { key })).status).toBe(404);
    expect((await ask(sandbox, 'GET', `${TFA}/status/`)).status).toBe(200);
  });

  it('is named in the log by its session, with no value of it', async () => {
    const key = sandbox.twoFactor.beginSession(40);
    await ask(sandbox, 'GET', `${USER}?api_key=${key}`, { key });
    expect(sandbox.requests.map((one) => sandbox.print(one))).toEqual([
      `GET ${USER}?api_key=…${key.slice(-4)} (session 9001 of key 40) -> 200`,
    ]);
    sandbox.twoFactor.endSession(9001);
    expect((await ask(sandbox, 'GET', USER, { key })).status).toBe(404);
  });

  it('has no code in the log', async () => {
    await post('/', { tfa_method: 'email', code: '918273', secret: 'abcdef' });
    const printed = sandbox.requests.map((one) => sandbox.print(one)).join();
    expect(printed).toContain('{"tfa_method":"email","code":"…","secret":"…"}');
  });

  it('has no session longer than the key that began it', async () => {
    const { id, value } = sandbox.addKey({ name: 'ci' });
    const key = sandbox.twoFactor.beginSession(id);
    expect((await ask(sandbox, 'GET', USER, { key })).json).toMatchObject({ key_id: id, api_key: value });
    sandbox.revoke(id);
    expect((await ask(sandbox, 'GET', USER, { key })).json.msg).toBe('Invalid user key');
  });

  it('shows its methods with masked numbers', async () => {
    addApp();
    sandbox.twoFactor.add({ method: 'sms', phoneNumber: PHONE, label: 'Work' });
    expect(await status()).toEqual({
      success: true,
      tfa_enabled: true,
      methods: [
        expect.objectContaining({ method: 'totp', is_primary: true, phone_number: null, fail_count: 0 }),
        expect.objectContaining({ method: 'sms', label: 'Work', phone_number: '********0100' }),
      ],
      backup_codes_remaining: 10,
      new_method_authorized: false,
    });
  });
});

describe('logging in', () => {
  it('takes the code of an SMS or an email once, for ten minutes', async () => {
    sandbox.twoFactor.add({ method: 'sms', phoneNumber: PHONE });
    for (const [path, kind] of [
      ['/sms/', 'sms'],
      ['/email/', 'email'],
    ] as const) {
      const { secret } = (await post(path)).json;
      expect(refused(await post(path))).toEqual([400, 'tfa_challenge_exists']);
      const body = { tfa_method: kind, code: lastCode(), secret };
      expect((await post('/', body)).json.session_key).toMatch(/^[0-9a-f]{64}$/u);
      expect(refused(await post('/', body))).toEqual([400, 'challenge_not_found']);
      const second = (await post(path)).json.secret;
      sandbox.clock.advance(600);
      expect(refused(await post('/', { ...body, code: lastCode(), secret: second }))).toEqual([
        400,
        '2fa_expired',
      ]);
    }
  });

  it('sends an SMS again, with the same secret', async () => {
    sandbox.twoFactor.add({ method: 'sms', phoneNumber: PHONE });
    expect(refused(await post('/sms/resend/', {}))).toEqual([400, 'no_challenge_found']);
    const { secret } = (await post('/sms/', { phone_number: PHONE })).json;
    expect(refused(await post('/sms/resend/', { secret, phone_number: '+12025550199' }))).toEqual([
      400,
      'phone_number_mismatch',
    ]);
    expect((await post('/sms/resend/', { secret })).status).toBe(200);
    expect(sandbox.twoFactor.messages()).toHaveLength(2);
    expect((await post('/', { tfa_method: 'sms', code: lastCode(), secret })).status).toBe(200);
  });

  it('takes a backup code once, and tells how many are left unless none is', async () => {
    addApp();
    const [first, second] = sandbox.twoFactor.backupCodes();
    expect((await post('/', { backup_code: first })).json.backup_codes_remaining).toBe(9);
    expect(refused(await post('/', { backup_code: first }))).toEqual([401, 'invalid_backup_code']);
    sandbox.twoFactor.setBackupCodes([second as string]);
    const { json } = await post('/', { backup_code: second });
    expect(json.session_key).toBeDefined();
    expect(json).not.toHaveProperty('backup_codes_remaining');
  });

  it('locks a method for 15 minutes after five wrong codes, and no other', async () => {
    const app = addApp();
    const body = { tfa_method: 'totp', code: wrongCode(app.code()) };
    for (let count = 1; count <= 4; count += 1) {
      expect((await post('/', body)).json).toMatchObject({
        error: '2fa_verification_failed',
        fail_count: count,
        locked_until: null,
      });
    }
    const fifth = (await post('/', body)).json;
    expect(fifth.locked_until).toBeGreaterThan(sandbox.clock.now() + 890);
    const locked = await post('/', { tfa_method: 'totp', code: app.code() });
    expect([locked.status, locked.json]).toEqual([
      429,
      expect.objectContaining({ error: 'tfa_locked', fail_count: 5, locked_until: fifth.locked_until }),
    ]);
    const { secret } = (await post('/email/')).json;
    expect((await post('/', { tfa_method: 'email', code: lastCode(), secret })).status).toBe(200);
    sandbox.clock.advance(901);
    expect((await post('/', { tfa_method: 'totp', code: app.code() })).status).toBe(200);
  });

  it.each([
    [{}, 400, 'missing_auth_value'],
    [{ tfa_method: 'totp', code: 123456 }, 400, 'bad_request'],
    [{ tfa_method: 'letter', code: '123456' }, 400, 'invalid_tfa_method'],
    [{ tfa_method: 'sms', code: '123456' }, 400, 'tfa_method_not_configured'],
    [{ tfa_method: 'email', code: '123456' }, 400, 'missing_params'],
    [{ tfa_method: 'email', code: '123456', secret: 'x' }, 400, 'challenge_not_found'],
    [{ tfa_method_id: 7, code: '123456' }, 404, 'not_found'],
  ])('rejects %j', async (body, code, error) => {
    addApp();
    expect(refused(await post('/', body))).toEqual([code, error]);
  });

  it('rejects the wrong code of an email', async () => {
    const { secret } = (await post('/email/')).json;
    const body = { tfa_method: 'email', code: wrongCode(lastCode()), secret };
    expect(refused(await post('/', body))).toEqual([400, '2fa_login_failed']);
  });

  it('takes the id of a method as a number and as a string', async () => {
    const app = addApp();
    for (const id of [app.id, String(app.id)]) {
      expect((await post('/', { tfa_method_id: id, code: app.code() })).status).toBe(200);
    }
  });
});

describe('changing methods', () => {
  it('sets the label and the primary method', async () => {
    const app = addApp();
    const phone = sandbox.twoFactor.add({ method: 'sms' });
    expect((await put('/update/', { tfa_method_id: phone.id, label: 'Work', is_primary: true })).status).toBe(
      200,
    );
    expect((await status()).methods).toEqual([
      expect.objectContaining({ id: app.id, is_primary: false }),
      expect.objectContaining({ id: phone.id, is_primary: true, label: 'Work' }),
    ]);
    for (const [body, code, error] of [
      [{ tfa_method_id: app.id }, 400, 'missing_params'],
      [{ tfa_method_id: app.id, label: 'x'.repeat(31) }, 400, 'bad_request'],
      [{ tfa_method_id: 7, label: 'x' }, 404, 'not_found'],
    ] as const) {
      expect(refused(await put('/update/', body))).toEqual([code, error]);
    }
  });

  it('removes methods, and two-factor login with the last one', async () => {
    const app = addApp();
    const phone = sandbox.twoFactor.add({ method: 'sms' });
    const proof = () => ({ tfa_method: 'totp', code: app.code() });
    expect(refused(await remove({ ...proof(), target_id: 7 }))).toEqual([404, 'not_found']);
    expect((await remove({ ...proof(), target_id: phone.id })).json.remaining_methods).toBe(1);
    expect((await remove({ ...proof(), target_id: app.id })).json.msg).toBe('2FA Successfully Disabled');
    expect((await ask(sandbox, 'GET', USER)).status).toBe(200);
    expect(sandbox.twoFactor.backupCodes()).toEqual([]);
  });

  it('replaces the backup codes', async () => {
    const app = addApp();
    const [old] = sandbox.twoFactor.backupCodes();
    const { json } = await put('/regen-backup-codes/', { tfa_method: 'totp', code: app.code() });
    expect(json.backup_codes).toHaveLength(10);
    expect(json.backup_codes).not.toContain(old);
  });

  it('lets a legacy account do nothing before it has backup codes', async () => {
    const app = addApp();
    sandbox.twoFactor.makeLegacy();
    const proof = () => ({ tfa_method: 'totp', code: app.code() });
    expect(refused(await post('/', proof()))).toEqual([400, 'untracked_2fa_found']);
    expect((await put('/regen-backup-codes/', proof())).json.backup_codes).toHaveLength(10);
    expect((await post('/', proof())).status).toBe(200);
  });

  it('is off limits to a key of a team', async () => {
    sandbox.twoFactor.bindToTeam(40, 5);
    for (const reply of [
      await ask(sandbox, 'GET', `${TFA}/status/`),
      await post('/email/'),
      await remove({}),
    ]) {
      expect(refused(reply)).toEqual([403, 'team_user_forbidden']);
    }
  });
});
