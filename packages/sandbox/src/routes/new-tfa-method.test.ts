import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, type Reply } from '../../test-support/ask.js';
import { totpCode } from '../../test-support/totp-code.js';
import { type Sandbox, startSandbox } from '../server.js';

const TFA = '/api/v0/tfa';
const PHONE = '+12025550100';
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const post = (path: string, body: unknown = {}) => ask(sandbox, 'POST', `${TFA}${path}`, { body });
const put = (path: string, body: unknown) => ask(sandbox, 'PUT', `${TFA}${path}`, { body });
const status = async () => (await ask(sandbox, 'GET', `${TFA}/status/`)).json;
const codeOf = (secret: string) => totpCode(secret, sandbox.clock.now());
const lastCode = () => sandbox.twoFactor.messages().at(-1)?.code ?? '';
const refused = ({ status: code, json }: Reply) => [code, json.error];
const wrongCode = (right: string) => (right === '000000' ? '000001' : '000000');

function addApp() {
  const { id, secret } = sandbox.twoFactor.add({ method: 'totp' });
  return { id, code: () => codeOf(secret) };
}

async function authorize() {
  const { secret } = (await post('/authorize-new-method/', { tfa_method: 'email' })).json;
  expect((await put('/authorize-new-method/', { code: lastCode(), secret })).status).toBe(200);
}

describe('a code that cannot be sent', () => {
  it.each([
    ['+15005550001', 400, 'twilio_error'],
    ['+15005550002', 400, 'sms_blocked_number'],
    ['+15005550003', 403, 'sms_fraud_detected'],
    ['+15005550004', 429, 'twilio_rate_limited'],
    ['+15005550005', 500, 'challenge_creation_failed'],
    ['+15005550006', 503, 'service_unavailable'],
    ['12', 400, 'bad_request'],
  ])('to %s says so', async (number, code, error) => {
    await authorize();
    expect(refused(await post('/sms/', { phone_number: number }))).toEqual([code, error]);
  });

  it('is limited by number and by account', async () => {
    expect(refused(await post('/sms/', {}))).toEqual([400, 'missing_phone_number']);
    expect(refused(await post('/sms/', { phone_number: PHONE }))).toEqual([403, 'authorization_required']);
    await authorize();
    const { secret } = (await post('/sms/', { phone_number: PHONE })).json;
    for (let count = 2; count <= 5; count += 1) await post('/sms/resend/', { secret });
    expect(refused(await post('/sms/resend/', { secret }))).toEqual([429, 'sms_rate_limited']);
    for (const last of ['1', '2']) await post('/sms/', { phone_number: `+1202555010${last}` });
    const fourth = await post('/sms/', { phone_number: '+12025550103' });
    expect(refused(fourth)).toEqual([429, 'preauth_phone_cap']);
  });

  it('by email says why', async () => {
    sandbox.twoFactor.updateUser({ email_verified: false });
    expect(refused(await post('/email/'))).toEqual([400, 'email_not_verified']);
    sandbox.twoFactor.updateUser({ email: '' });
    expect(refused(await post('/email/'))).toEqual([400, 'missing_email']);
  });
});

describe('adding a method', () => {
  it('needs an authorization of the last half hour', async () => {
    const first = await post('/totp-setup/');
    expect(refused(first)).toEqual([403, 'authorization_required']);
    await authorize();
    expect((await status()).new_method_authorized).toBe(true);
    sandbox.clock.advance(30 * 60);
    expect((await status()).new_method_authorized).toBe(false);
    expect(refused(await post('/totp-setup/'))).toEqual([403, 'authorization_required']);
  });

  it('makes an app the first method, with ten backup codes', async () => {
    await authorize();
    const { secret, provisioning_uri: uri } = (await post('/totp-setup/')).json;
    expect(new URL(uri).searchParams.get('secret')).toBe(secret);
    const body = { tfa_method: 'totp', code: wrongCode(codeOf(secret)), secret };
    expect(refused(await post('/confirm-new/', body))).toEqual([400, '2fa_verification_failed']);
    const { backup_codes: codes } = (
      await post('/confirm-new/', { ...body, code: codeOf(secret), label: 'Mine' })
    ).json;
    expect(codes).toHaveLength(10);
    expect(codes[0]).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$/u);
    expect((await status()).methods).toEqual([expect.objectContaining({ label: 'Mine', is_primary: true })]);
    const again = await post('/confirm-new/', { ...body, code: codeOf(secret) });
    expect(refused(again)).toEqual([400, 'duplicate_tfa_method']);
  });

  it('adds a phone by the code that it got', async () => {
    const app = addApp();
    const { secret } = (await post('/authorize-new-method/', { tfa_method_id: app.id })).json;
    expect((await put('/authorize-new-method/', { code: app.code(), secret })).status).toBe(200);
    const sent = (await post('/sms/', { phone_number: PHONE })).json.secret;
    const body = { tfa_method: 'sms', code: lastCode(), secret: sent };
    expect(refused(await post('/confirm-new/', body))).toEqual([400, 'missing_phone_number']);
    expect(refused(await post('/confirm-new/', { ...body, phone_number: '+12025550199' }))).toEqual([
      400,
      'phone_number_mismatch',
    ]);
    const { json } = await post('/confirm-new/', { ...body, phone_number: PHONE });
    expect([json.success, json.backup_codes]).toEqual([true, undefined]);
    expect(refused(await post('/confirm-new/', { ...body, phone_number: PHONE }))).toEqual([
      400,
      'duplicate_tfa_method',
    ]);
  });

  it('is authorized immediately by a backup code', async () => {
    addApp();
    const [code] = sandbox.twoFactor.backupCodes();
    expect((await post('/authorize-new-method/', { backup_code: code })).json.msg).toBe(
      'Authorization successful.',
    );
    expect((await post('/totp-setup/')).status).toBe(200);
  });

  it('is not authorized by an unknown secret or a wrong code', async () => {
    const app = addApp();
    const body = { code: app.code(), secret: 'x' };
    expect(refused(await put('/authorize-new-method/', body))).toEqual([400, 'no_pending_authorization']);
    const { secret } = (await post('/authorize-new-method/', { tfa_method: 'totp' })).json;
    const wrong = await put('/authorize-new-method/', { code: wrongCode(app.code()), secret });
    expect([refused(wrong), wrong.json.fail_count]).toEqual([[400, '2fa_verification_failed'], 1]);
    sandbox.clock.advance(600);
    const late = await put('/authorize-new-method/', { code: app.code(), secret });
    expect(refused(late)).toEqual([400, '2fa_expired']);
  });
});
