import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, KEY_TEXT, parseKey, serve } from '../http/test-support/loopback-server.js';
import {
  activateMethod,
  authorizeNewMethod,
  confirmAuthorization,
  setUpTotp,
} from './new-two-factor-method.js';
import {
  deleteMethod,
  logInWithTwoFactor,
  regenerateBackupCodes,
  resendSmsCode,
  sendEmailCode,
  sendSmsCode,
  twoFactorStatus,
  updateMethod,
} from './two-factor.js';

const SESSION = 'c0ffee'.repeat(11).slice(0, 64);
const URI = 'otpauth://totp/Vast.ai:you%40example.com?secret=ABCD&issuer=Vast.ai';
const CODES = ['AAAA-BBBB-CCCC', 'DDDD-EEEE-FFFF'];
type Client = ReturnType<typeof clientFor>;

async function sent(response: unknown, call: (client: Client) => Promise<unknown>) {
  const { url, seen } = await serve((to) => json(to, response));
  const result = await call(clientFor(url));
  const [first] = seen;
  const { method, path, body = '' } = first ?? {};
  return { wire: [method, path, body === '' ? undefined : JSON.parse(body)], result };
}

describe('the two-factor routes', () => {
  it.each<[string, unknown, (client: Client) => Promise<unknown>, unknown[]]>([
    ['status', { methods: [] }, twoFactorStatus, ['GET', '/api/v0/tfa/status/', undefined]],
    [
      'login by a code',
      { session_key: SESSION },
      (client) => logInWithTwoFactor(client, { tfa_method: 'sms', code: '123456', secret: 'abc' }),
      ['POST', '/api/v0/tfa/', { tfa_method: 'sms', code: '123456', secret: 'abc' }],
    ],
    [
      'login by a backup code',
      { session_key: SESSION },
      (client) => logInWithTwoFactor(client, { backup_code: 'AAAA-BBBB-CCCC' }),
      ['POST', '/api/v0/tfa/', { backup_code: 'AAAA-BBBB-CCCC' }],
    ],
    [
      'send-sms',
      { msg: 'sent', secret: 's' },
      (client) => sendSmsCode(client, { phone_number: '+12025550100' }),
      ['POST', '/api/v0/tfa/sms/', { phone_number: '+12025550100' }],
    ],
    [
      'send-sms to its own phone',
      { secret: 's' },
      (client) => sendSmsCode(client),
      ['POST', '/api/v0/tfa/sms/', {}],
    ],
    [
      'resend-sms',
      { msg: 'sent' },
      (client) => resendSmsCode(client, { secret: 's' }),
      ['POST', '/api/v0/tfa/sms/resend/', { secret: 's' }],
    ],
    ['send-email', { secret: 's' }, sendEmailCode, ['POST', '/api/v0/tfa/email/', {}]],
    [
      'auth-new',
      { secret: 's' },
      (client) => authorizeNewMethod(client, { tfa_method: 'email' }),
      ['POST', '/api/v0/tfa/authorize-new-method/', { tfa_method: 'email' }],
    ],
    [
      'auth-new with a code',
      {},
      (client) => confirmAuthorization(client, { code: '123456', secret: 's' }),
      ['PUT', '/api/v0/tfa/authorize-new-method/', { code: '123456', secret: 's' }],
    ],
    [
      'totp-setup',
      { secret: 'ABCD', provisioning_uri: URI },
      setUpTotp,
      ['POST', '/api/v0/tfa/totp-setup/', {}],
    ],
    [
      'activate',
      {},
      (client) =>
        activateMethod(client, { tfa_method: 'totp', code: '123456', secret: 'ABCD', label: 'Mine' }),
      [
        'POST',
        '/api/v0/tfa/confirm-new/',
        { tfa_method: 'totp', code: '123456', secret: 'ABCD', label: 'Mine' },
      ],
    ],
    [
      'update',
      {},
      (client) => updateMethod(client, { tfa_method_id: 5, is_primary: true }),
      ['PUT', '/api/v0/tfa/update/', { tfa_method_id: 5, is_primary: true }],
    ],
    [
      'delete',
      { remaining_methods: 1 },
      (client) => deleteMethod(client, { tfa_method_id: '6', code: '123456', target_id: 5 }),
      ['DELETE', '/api/v0/tfa/', { tfa_method_id: '6', code: '123456', target_id: 5 }],
    ],
    [
      'regen-codes',
      { backup_codes: CODES },
      (client) => regenerateBackupCodes(client, { tfa_method: 'totp', code: '123456' }),
      ['PUT', '/api/v0/tfa/regen-backup-codes/', { tfa_method: 'totp', code: '123456' }],
    ],
  ])('get what they need: %s', async (_, response, call, wire) => {
    expect((await sent(response, call)).wire).toEqual(wire);
  });
});

describe('a login', () => {
  it('returns a session that prints masked, and never in raw', async () => {
    const { url } = await serve((response) =>
      json(response, { id: 1, session_key: SESSION, api_key: 'x'.repeat(64), backup_codes_remaining: 3 }),
    );
    const { value, raw } = await logInWithTwoFactor(clientFor(url), { code: '123456' });
    expect(value.session?.reveal()).toBe(SESSION);
    expect(JSON.stringify(value)).not.toContain(SESSION);
    expect([value.backup_codes_remaining, raw]).toEqual([3, { id: 1, backup_codes_remaining: 3 }]);
  });

  it.each([KEY_TEXT, 'short'])(
    'returns no session if the answer is the key that was sent: %s',
    async (text) => {
      const { url } = await serve((response) => json(response, { id: 1, session_key: text }));
      const key = parseKey(text);
      const { value } = await logInWithTwoFactor(clientFor(url, { key }), { code: '123456' }, key);
      expect(value.session).toBe(null);
    },
  );

  it.each([
    [{}],
    [{ session_key: 5 }],
    [{ session_key: '' }],
    [{ session_key: 'a b' }],
    [{ session_key: 'é' }],
    [[]],
  ])('rejects %j', async (answer) => {
    const { url } = await serve((response) => json(response, answer));
    expect((await errorOf(logInWithTwoFactor(clientFor(url), { code: '1' }))).code).toBe('unreachable');
  });
});

describe('what comes back', () => {
  it('has the secret that was asked for in raw, and no other', async () => {
    const { result } = await sent({ msg: 'ok', secret: 's', session_key: SESSION }, sendEmailCode);
    expect(result).toEqual({
      value: { secret: 's', message: 'ok' },
      raw: { msg: 'ok', secret: 's' },
    });
  });

  it.each([
    [{ secret: 'ABCD', provisioning_uri: 'https://example.com/' }],
    [{ secret: 'ABCD', provisioning_uri: `otpauth://totp/${'x'.repeat(3000)}` }],
    [{ secret: 'AB CD', provisioning_uri: URI }],
    [{ secret: '\u001b[2J', provisioning_uri: URI }],
    [{ provisioning_uri: URI }],
  ])('is no secret of an app: %j', async (answer) => {
    const { url } = await serve((response) => json(response, answer));
    expect((await errorOf(setUpTotp(clientFor(url)))).code).toBe('unreachable');
  });

  it.each([
    [{ backup_codes: CODES }, CODES],
    [{}, null],
    [{ backup_codes: null }, null],
    [{ backup_codes: [] }, null],
  ])('may be backup codes: %j', async (answer, codes) => {
    const { url } = await serve((response) => json(response, answer));
    const method = { tfa_method: 'totp', code: '1', secret: 's' } as const;
    expect((await activateMethod(clientFor(url), method)).value.backup_codes).toEqual(codes);
  });

  it.each([{}, { backup_codes: null }, { success: true }])(
    'is no success without the codes that replace others: %j',
    async (answer) => {
      const { url } = await serve((response) => json(response, answer));
      const error = await errorOf(regenerateBackupCodes(clientFor(url), { code: '1' }));
      expect(error).toMatchObject({ code: 'unreachable', hint: expect.stringMatching(/may be invalid/u) });
    },
  );

  it('counts only what can be counted', async () => {
    for (const count of [-1, 2.5, '3']) {
      const { url } = await serve((response) =>
        json(response, {
          methods: null,
          session_key: SESSION,
          backup_codes_remaining: count,
          remaining_methods: count,
        }),
      );
      const client = clientFor(url);
      expect((await twoFactorStatus(client)).value).toMatchObject({
        methods: [],
        backup_codes_remaining: null,
      });
      expect((await logInWithTwoFactor(client, { code: '1' })).value.backup_codes_remaining).toBe(null);
      expect((await deleteMethod(client, { code: '1' })).value.remaining_methods).toBe(null);
    }
  });

  it.each([[[]], ['AAAA'], [[5]], [['a b']], [['\u001b[2J']], [Array.from({ length: 101 }, () => 'A')]])(
    'is no list of backup codes: %j',
    async (codes) => {
      const { url } = await serve((response) => json(response, { backup_codes: codes }));
      const error = await errorOf(regenerateBackupCodes(clientFor(url), { code: '1' }));
      expect(error.code).toBe('unreachable');
    },
  );

  it('is a status whose fields may be anything', async () => {
    const { url } = await serve((response) =>
      json(response, { tfa_enabled: 'yes', methods: [{ id: 5, label: 7 }], backup_codes_remaining: null }),
    );
    expect((await twoFactorStatus(clientFor(url))).value).toEqual({
      tfa_enabled: null,
      methods: [expect.objectContaining({ id: 5, label: null, method: null, is_primary: null })],
      backup_codes_remaining: null,
      new_method_authorized: null,
    });
  });
});
