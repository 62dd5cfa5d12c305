import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const NUMBER = '+12025550100';
const CODE = '123456';
const BACKUP = 'AAAA-BBBB-CCCC';
const LOGIN = ['POST', '/api/v0/tfa/'] as const;
const AUTHORIZE = '/api/v0/tfa/authorize-new-method/';
const CONFIRM = ['POST', '/api/v0/tfa/confirm-new/'] as const;
const REGEN = ['PUT', '/api/v0/tfa/regen-backup-codes/'] as const;
const REMOVE = ['DELETE', '/api/v0/tfa/'] as const;
const UPDATE = ['PUT', '/api/v0/tfa/update/'] as const;

/** An answer that every command can read. */
const ANSWER = {
  success: true,
  msg: 'ok',
  secret: 's3cret',
  session_key: 'c0ffee'.repeat(11).slice(0, 64),
  provisioning_uri: 'otpauth://totp/Vast.ai:you%40example.com?secret=ABCD&issuer=Vast.ai',
  backup_codes: [BACKUP],
  remaining_methods: 1,
};

describe.concurrent('the official CLI’s commands with its flags send what it sends:', () => {
  it.for<[string, readonly [string, string], object]>([
    [`tfa login -c ${CODE}`, LOGIN, { code: CODE }],
    [`tfa login --code ${CODE} -t totp`, LOGIN, { tfa_method: 'totp', code: CODE }],
    [`tfa login -c ${CODE} -t sms -s abc`, LOGIN, { tfa_method: 'sms', code: CODE, secret: 'abc' }],
    [
      `tfa login -c ${CODE} --method-type email --secret abc`,
      LOGIN,
      { tfa_method: 'email', code: CODE, secret: 'abc' },
    ],
    [`tfa login -c ${CODE} -id 501`, LOGIN, { tfa_method_id: '501', code: CODE }],
    [`tfa login -c ${CODE} --method-id 501`, LOGIN, { tfa_method_id: '501', code: CODE }],
    [`tfa login -bc ${BACKUP}`, LOGIN, { backup_code: BACKUP }],
    [`tfa login --backup-code ${BACKUP}`, LOGIN, { backup_code: BACKUP }],
    ['tfa send-sms', ['POST', '/api/v0/tfa/sms/'], {}],
    [`tfa send-sms -p ${NUMBER}`, ['POST', '/api/v0/tfa/sms/'], { phone_number: NUMBER }],
    [`tfa send_sms --phone_number ${NUMBER}`, ['POST', '/api/v0/tfa/sms/'], { phone_number: NUMBER }],
    ['tfa resend-sms -s abc', ['POST', '/api/v0/tfa/sms/resend/'], { secret: 'abc' }],
    [
      `tfa resend-sms --secret abc -p ${NUMBER}`,
      ['POST', '/api/v0/tfa/sms/resend/'],
      { secret: 'abc', phone_number: NUMBER },
    ],
    ['tfa send-email', ['POST', '/api/v0/tfa/email/'], {}],
    ['tfa auth-new', ['POST', AUTHORIZE], { tfa_method: 'email' }],
    ['tfa auth-new -t totp', ['POST', AUTHORIZE], { tfa_method: 'totp' }],
    ['tfa auth-new -id 501', ['POST', AUTHORIZE], { tfa_method_id: '501' }],
    [`tfa auth-new -bc ${BACKUP}`, ['POST', AUTHORIZE], { backup_code: BACKUP }],
    [`tfa auth-new -s abc -c ${CODE}`, ['PUT', AUTHORIZE], { secret: 'abc', code: CODE }],
    ['tfa totp-setup', ['POST', '/api/v0/tfa/totp-setup/'], {}],
    [`tfa activate ${CODE} --secret ABCD`, CONFIRM, { tfa_method: 'totp', code: CODE, secret: 'ABCD' }],
    [
      `tfa activate ${CODE} --secret abc -t sms --phone-number ${NUMBER} -l Work`,
      CONFIRM,
      { tfa_method: 'sms', code: CODE, secret: 'abc', phone_number: NUMBER, label: 'Work' },
    ],
    ['tfa update 501 -l Work', UPDATE, { tfa_method_id: 501, label: 'Work' }],
    ['tfa update 501 -p TRUE', UPDATE, { tfa_method_id: 501, is_primary: true }],
    [
      'tfa update 501 --label Work --set-primary f',
      UPDATE,
      { tfa_method_id: 501, label: 'Work', is_primary: false },
    ],
    [
      `tfa delete -id 502 -c ${CODE} -t totp --yes`,
      REMOVE,
      { tfa_method: 'totp', code: CODE, target_id: 502 },
    ],
    [
      `tfa delete --id-to-delete 502 --method-id 501 -c ${CODE} --yes`,
      REMOVE,
      { tfa_method_id: '501', code: CODE, target_id: 502 },
    ],
    [
      `tfa delete -id 502 -c ${CODE} -t sms -s abc -y`,
      REMOVE,
      { tfa_method: 'sms', code: CODE, secret: 'abc', target_id: 502 },
    ],
    [`tfa delete -id 502 -bc ${BACKUP} --yes`, REMOVE, { backup_code: BACKUP, target_id: 502 }],
    [`tfa regen-codes -c ${CODE} -t totp --yes`, REGEN, { tfa_method: 'totp', code: CODE }],
    [`tfa regen-codes -c ${CODE} -id 501 --yes`, REGEN, { tfa_method_id: '501', code: CODE }],
    [
      `tfa regen-codes -c ${CODE} -t email -s abc --yes`,
      REGEN,
      { tfa_method: 'email', code: CODE, secret: 'abc' },
    ],
    [`tfa regen-codes -bc ${BACKUP} --yes`, REGEN, { backup_code: BACKUP }],
  ])('%s', async ([words, [method, path], body], { harness: { vastai, saveKey, sandbox } }) => {
    await saveKey();
    sandbox.fault(`${method} ${path}`, { kind: 'answer', status: 200, body: ANSWER });
    const ran = await vastai(words.split(' '));
    expect([ran.status, sandbox.requests.length]).toEqual([0, 1]);
    expect(sandbox.requests[0]).toMatchObject({ method, path, authorization: { keyId: 40 } });
    expect(sandbox.requests[0]?.body).toEqual(body);
  });

  it('tfa status', async ({ harness: { vastai, saveKey, asked, sandbox } }) => {
    await saveKey();
    sandbox.twoFactor.add({ method: 'totp' });
    expect((await vastai(['tfa', 'status'])).status).toBe(0);
    expect(asked()).toEqual(['GET /api/v0/tfa/status/']);
    // Without backup codes, only the user tells whether the account is from before there were any.
    sandbox.twoFactor.setBackupCodes([]);
    expect((await vastai(['tfa', 'status'])).status).toBe(0);
    expect(asked().slice(1)).toEqual(['GET /api/v0/tfa/status/', 'GET /api/v0/users/current/']);
  });
});
