import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, serve } from '../http/test-support/loopback-server.js';
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
  updateMethod,
} from './two-factor.js';

type Client = ReturnType<typeof clientFor>;

describe('an error of two-factor login', () => {
  const failing = (status: number, body: object) =>
    serve((response) => json(response, { success: false, msg: 'They said so.', ...body }, status));

  it.each([
    [401, 'invalid_backup_code', 'api_error', /already used/u],
    [403, 'authorization_required', 'api_error', /authorization from the last 30 minutes/u],
    [403, 'team_user_forbidden', 'api_error', /acts for a team/u],
    [500, 'challenge_creation_failed', 'unreachable', /could not create a code/u],
    [503, 'service_unavailable', 'unreachable', /unavailable/u],
  ])('with %i %s is %s', async (status, error, code, message) => {
    const { url, seen } = await failing(status, { error });
    const thrown = await errorOf(logInWithTwoFactor(clientFor(url, { retries: 3 }), { code: '123456' }));
    expect(thrown).toMatchObject({ code, status, data: { two_factor: { error } } });
    expect(thrown.message).toMatch(message);
    expect(seen).toHaveLength(1);
  });

  it.each(['tfa_locked', 'sms_rate_limited', 'something_new'])(
    'with 429 %s is never repeated',
    async (error) => {
      const { url, seen } = await failing(429, { error, locked_until: 1769864710 });
      const thrown = await errorOf(logInWithTwoFactor(clientFor(url, { retries: 3 }), { code: '123456' }));
      expect([thrown.code, seen.length]).toEqual(['api_error', 1]);
      expect(thrown.message).toMatch(/locked until 2026-01-31 \d\d:\d\d:10/u);
    },
  );

  it('is about a method only if one was named, and the API knows the key', async () => {
    const update = (client: Client) => updateMethod(client, { tfa_method_id: 5, label: 'x' });
    for (const [msg, call, code, message] of [
      ['Not found.', update, 'not_found', /no method with this ID/u],
      ['Not found.', sendEmailCode, 'not_found', /found nothing for POST/u],
      ['Invalid user key', update, 'key_rejected', /rejected the key/u],
      ['Session expired. Please log in again.', update, 'two_factor', /requires a two-factor session/u],
    ] as const) {
      const { url } = await failing(404, { error: 'not_found', msg });
      const thrown = await errorOf(call(clientFor(url)));
      expect(thrown.code).toBe(code);
      expect(thrown.message).toMatch(message);
    }
  });

  it('quotes what the API says about values, with a hint about those that were sent', async () => {
    const { url } = await failing(400, { error: 'bad_request', msg: 'No such code: 123456' });
    const code = await errorOf(regenerateBackupCodes(clientFor(url), { code: '123456' }));
    expect(code.message).toContain('It said: “No such code: …”');
    expect(code.hint ?? '').toBe('');
    const label = await errorOf(updateMethod(clientFor(url), { tfa_method_id: 5, label: 'x' }));
    expect(label.hint).toBe('A label can have at most 30 characters.');
  });

  it('needs neither “msg” nor “success” to be one', async () => {
    const { url } = await serve((response) =>
      json(response, { error: 'missing_email', message: 'No.' }, 400),
    );
    expect((await errorOf(sendEmailCode(clientFor(url)))).message).toBe('The account has no email address.');
  });

  it('repeats no code that the API repeats', async () => {
    const { url } = await serve((response) =>
      json(response, { success: false, error: 'odd', msg: 'Wrong: 123456 and s3cret' }, 400),
    );
    const error = await errorOf(confirmAuthorization(clientFor(url), { code: '123456', secret: 's3cret' }));
    expect(error.message).toContain('Wrong: … and …');
  });
});

describe('a lost response says what may have happened, and how to go on:', () => {
  it.each<[string, (client: Client) => Promise<unknown>, RegExp]>([
    ['login', (client) => logInWithTwoFactor(client, { code: '1' }), /used up.*vastai tfa login/u],
    [
      'backup code',
      (client) => logInWithTwoFactor(client, { backup_code: 'A' }),
      /used up.*vastai tfa status/u,
    ],
    ['send-sms', sendSmsCode, /ten minutes/u],
    ['resend-sms', resendSmsCode, /sent again/u],
    ['send-email', sendEmailCode, /ten minutes/u],
    ['auth-new', (client) => authorizeNewMethod(client, { tfa_method: 'sms' }), /ten minutes/u],
    ['auth-new, backup code', (client) => authorizeNewMethod(client, { backup_code: 'A' }), /used up/u],
    [
      'confirmation',
      (client) => confirmAuthorization(client, { code: '1', secret: 's' }),
      /vastai tfa status/u,
    ],
    ['totp-setup', setUpTotp, /No method was added/u],
    [
      'activate',
      (client) => activateMethod(client, { tfa_method: 'totp', code: '1', secret: 's' }),
      /vastai tfa status.*vastai tfa regen-codes/u,
    ],
    ['update', (client) => updateMethod(client, { tfa_method_id: 5, label: 'x' }), /vastai tfa status/u],
    ['delete', (client) => deleteMethod(client, { code: '1' }), /vastai tfa status/u],
    ['regen-codes', (client) => regenerateBackupCodes(client, { code: '1' }), /vastai tfa regen-codes/u],
  ])('%s', async (_, call, hint) => {
    const { url } = await serve((response) => void response.destroy());
    expect(await errorOf(call(clientFor(url)))).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: true,
      hint: expect.stringMatching(hint),
    });
  });
});
