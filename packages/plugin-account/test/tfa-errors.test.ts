import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { totpCode } from '@vastai-cli/testing/totp-code';
import { describe, expect } from 'vitest';

type Sandbox = Harness['sandbox'];
type Vastai = Harness['vastai'];

interface Case {
  readonly error: string;
  /** The exit status; 1 if absent. */
  readonly status?: number;
  /** What happened before, and the words of the command; a code on standard input after them. */
  readonly run: (sandbox: Sandbox, vastai: Vastai) => Promise<readonly [words: string, input?: string]>;
  readonly says: RegExp;
}

const NUMBER = '+12025550100';
const app = (sandbox: Sandbox) => {
  const { secret } = sandbox.twoFactor.add({ method: 'totp' });
  return () => totpCode(secret, sandbox.clock.now());
};
const wrong = (code: string | undefined) => (code === '000000' ? '000001' : '000000');
const last = (sandbox: Sandbox) => sandbox.twoFactor.messages().at(-1)?.code;
const secretOf = async (vastai: Vastai, words: string): Promise<string> =>
  (await vastai([...words.split(' '), '--json'])).json().secret;

async function authorize(sandbox: Sandbox, vastai: Vastai): Promise<void> {
  const secret = await secretOf(vastai, 'tfa auth-new');
  const input = `${secret}\n${last(sandbox)}\n`;
  expect((await vastai(['tfa', 'auth-new', '--secret', '-', '--code', '-'], { input })).status).toBe(0);
}

const sendingTo = (number: string) => async (sandbox: Sandbox, vastai: Vastai) => {
  await authorize(sandbox, vastai);
  return [`tfa send-sms -p ${number}`] as const;
};

const CASES: readonly Case[] = [
  {
    error: 'bad_request',
    run: async (sandbox) => [
      `tfa update ${sandbox.twoFactor.add({ method: 'totp' }).id} -l ${'x'.repeat(31)}`,
    ],
    says: /at most 30 characters/u,
  },
  {
    error: 'invalid_tfa_method',
    run: async (sandbox) => [`tfa send-sms --method-id ${sandbox.twoFactor.add({ method: 'totp' }).id}`],
    says: /method cannot be used here[\s\S]*vastai tfa status/u,
  },
  {
    // The commands send no request without a code.
    error: 'missing_auth_value',
    run: async (sandbox) => {
      const body = { success: false, error: 'missing_auth_value', msg: 'A code is required.' };
      sandbox.fault('POST /api/v0/tfa/', { kind: 'answer', status: 400, body });
      return ['tfa login --code -', '123456'];
    },
    says: /code or a backup code is missing/u,
  },
  {
    error: 'missing_params',
    run: async (sandbox) => {
      const { id } = sandbox.twoFactor.add({ method: 'sms' });
      return [`tfa login -id ${id} -c 123456`];
    },
    says: /needs the secret printed/u,
  },
  {
    error: 'email_not_verified',
    run: async (sandbox) => {
      sandbox.twoFactor.updateUser({ email_verified: false });
      return ['tfa send-email'];
    },
    says: /not verified[\s\S]*cloud\.vast\.ai\/account/u,
  },
  {
    error: 'missing_email',
    run: async (sandbox) => {
      sandbox.twoFactor.updateUser({ email: '' });
      return ['tfa send-email'];
    },
    says: /no email address/u,
  },
  {
    error: '2fa_expired',
    run: async (sandbox, vastai) => {
      const secret = await secretOf(vastai, 'tfa send-email');
      sandbox.clock.advance(600);
      return ['tfa login -t email --secret - --code -', `${secret}\n${last(sandbox)}`];
    },
    says: /expired: it was valid for ten minutes/u,
  },
  {
    error: 'challenge_not_found',
    run: async () => ['tfa login -t email --secret - --code -', 'nobody\n123456'],
    says: /does not know this secret/u,
  },
  {
    error: 'no_challenge_found',
    run: async () => ['tfa resend-sms'],
    says: /no recent code to send again[\s\S]*vastai tfa send-sms/u,
  },
  {
    error: 'tfa_challenge_exists',
    run: async (sandbox, vastai) => {
      sandbox.twoFactor.add({ method: 'sms' });
      await vastai(['tfa', 'send-sms']);
      return ['tfa send-sms'];
    },
    says: /A code was already sent[\s\S]*vastai tfa resend-sms/u,
  },
  {
    error: 'no_pending_authorization',
    run: async () => ['tfa auth-new --secret - --code -', 'nobody\n123456'],
    says: /No authorization was started[\s\S]*vastai tfa auth-new/u,
  },
  {
    error: 'untracked_2fa_found',
    run: async (sandbox) => {
      const code = app(sandbox);
      sandbox.twoFactor.makeLegacy();
      return ['tfa login --code -', code()];
    },
    says: /backup codes existed[\s\S]*vastai tfa regen-codes/u,
  },
  {
    error: 'duplicate_tfa_method',
    run: async (sandbox, vastai) => {
      await authorize(sandbox, vastai);
      const secret = await secretOf(vastai, `tfa send-sms -p ${NUMBER}`);
      sandbox.twoFactor.add({ method: 'sms', phoneNumber: NUMBER });
      const words = `tfa activate - --secret - -t sms --phone-number ${NUMBER}`;
      return [words, `${secret}\n${last(sandbox)}`];
    },
    says: /already has this method/u,
  },
  {
    error: 'twilio_error',
    run: sendingTo('+15005550001'),
    says: /could not be sent[\s\S]*Check the number/u,
  },
  { error: 'sms_blocked_number', run: sendingTo('+15005550002'), says: /sends no SMS to this number/u },
  { error: 'sms_fraud_detected', run: sendingTo('+15005550003'), says: /Contact Vast\.ai support/u },
  { error: 'twilio_rate_limited', run: sendingTo('+15005550004'), says: /accepts no more messages/u },
  {
    error: 'challenge_creation_failed',
    status: 8,
    run: sendingTo('+15005550005'),
    says: /could not create a code/u,
  },
  { error: 'service_unavailable', status: 8, run: sendingTo('+15005550006'), says: /is unavailable/u },
  {
    error: 'phone_number_mismatch',
    run: async (sandbox, vastai) => {
      sandbox.twoFactor.add({ method: 'sms', phoneNumber: NUMBER });
      const secret = await secretOf(vastai, 'tfa send-sms');
      return ['tfa resend-sms --secret - -p +12025550199', secret];
    },
    says: /sent to another phone number/u,
  },
  {
    error: '2fa_login_failed',
    run: async (sandbox, vastai) => {
      const secret = await secretOf(vastai, 'tfa send-email');
      return ['tfa login -t email --secret - --code -', `${secret}\n${wrong(last(sandbox))}`];
    },
    says: /The code is wrong/u,
  },
  {
    error: '2fa_verification_failed',
    run: async (sandbox) => ['tfa regen-codes --yes --code -', wrong(app(sandbox)())],
    says: /The code is wrong\. Check the code/u,
  },
  {
    error: 'missing_phone_number',
    run: async () => ['tfa send-sms'],
    says: /has no phone[\s\S]*tfa add sms/u,
  },
  {
    error: 'tfa_method_not_configured',
    run: async () => ['tfa login -t totp --code -', '123456'],
    says: /does not have this method[\s\S]*vastai tfa status/u,
  },
  {
    error: 'invalid_backup_code',
    run: async (sandbox) => {
      app(sandbox);
      return ['tfa login --backup-code -', 'AAAA-BBBB-CCCC'];
    },
    says: /wrong or already used/u,
  },
  {
    error: 'authorization_required',
    run: async () => ['tfa totp-setup'],
    says: /authorization from the last 30 minutes[\s\S]*vastai tfa auth-new/u,
  },
  {
    error: 'team_user_forbidden',
    run: async (sandbox) => {
      sandbox.twoFactor.bindToTeam(40, 5);
      return ['tfa status'];
    },
    says: /acts for a team[\s\S]*your own account/u,
  },
  {
    error: 'not_found',
    status: 6,
    run: async (sandbox) => {
      app(sandbox);
      return ['tfa update 7 -l Work'];
    },
    says: /no method with this ID[\s\S]*vastai tfa status/u,
  },
  {
    error: 'sms_rate_limited',
    run: async (sandbox, vastai) => {
      sandbox.twoFactor.add({ method: 'sms' });
      await vastai(['tfa', 'send-sms']);
      for (let count = 2; count <= 5; count += 1) await vastai(['tfa', 'resend-sms']);
      return ['tfa resend-sms'];
    },
    says: /Too many SMS[\s\S]*Wait a while/u,
  },
  {
    error: 'preauth_phone_cap',
    run: async (sandbox, vastai) => {
      await authorize(sandbox, vastai);
      for (const end of [1, 2, 3]) await vastai(['tfa', 'send-sms', '-p', `+1202555010${end}`]);
      return ['tfa send-sms -p +12025550104'];
    },
    says: /Too many phone numbers/u,
  },
  {
    error: 'tfa_locked',
    run: async (sandbox, vastai) => {
      const code = app(sandbox);
      const words = ['tfa', 'login', '--code', '-'];
      for (let count = 1; count <= 5; count += 1) await vastai(words, { input: wrong(code()) });
      return [words.join(' '), code()];
    },
    says: /locked until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(UTC[\s\S]*backup code/u,
  },
];

describe.concurrent('an error of two-factor login says what to do:', () => {
  it.for(CASES.map((one) => [one.error, one] as const))('%s', async ([error, one], { harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    const [words, input = ''] = await one.run(sandbox, vastai);
    const before = sandbox.requests.length;
    const ran = await vastai([...words.split(' '), '--json'], { input });
    const { error: failure, two_factor: said } = ran.json();
    expect([said?.error, ran.status]).toEqual([error, one.status ?? 1]);
    expect(`${failure.message}\n${failure.hint}`.replace(/\s+/gu, ' ')).toMatch(one.says);
    // Nothing is repeated, though some have the status of a rate limit or a server error.
    expect(sandbox.requests.length).toBe(before + 1);
  });

  it('does not offer to send an email again', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    await vastai(['tfa', 'send-email']);
    const ran = await vastai(['tfa', 'send-email']);
    expect(ran.stderr).toContain('wait ten minutes');
    expect(ran.stderr).not.toContain('resend-sms');
  });

  it.for([
    [
      'tfa send-sms -p +12025550100',
      'vastai tfa activate --method sms --phone-number +12025550100 --secret -',
    ],
    ['tfa send-email', 'vastai tfa login --method email --secret -'],
  ] as const)('says after "%s" what the code is for', async ([words, next], { harness }) => {
    const { vastai, saveKey, sandbox } = harness;
    await saveKey();
    sandbox.twoFactor.authorize();
    const ran = await vastai(words.split(' '));
    expect([ran.status, ran.stderr]).toEqual([0, expect.stringContaining(next)]);
  });

  it('names the profile in the command to run', async ({ harness: { vastai, home, sandbox } }) => {
    await home.write('.config/vastai/profiles/work/vast_api_key', sandbox.key);
    const ran = await vastai(['tfa', 'totp-setup', '--profile', 'work']);
    expect(ran.stderr).toContain('vastai tfa auth-new --profile work');
  });
});
