import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { totpCode } from '@vastai-cli/testing/totp-code';
import { describe, expect } from 'vitest';

/** Saves the key, and gives the account an authenticator app. Returns what makes its codes. */
async function withApp({ saveKey, sandbox }: Harness) {
  await saveKey();
  const { id, secret } = sandbox.twoFactor.add({ method: 'totp' });
  return { id, code: () => totpCode(secret, sandbox.clock.now()) };
}

const wrong = (code: string) => (code === '000000' ? '000001' : '000000');

describe('tfa login', () => {
  it('keeps a session that the next commands send', async ({ harness }) => {
    const app = await withApp(harness);
    expect((await harness.vastai(['show', 'user'])).status).toBe(11);
    const args = ['tfa', 'login', '--method', 'totp', '--code', '-', '--json'];
    const ran = await harness.vastai(args, { input: `${app.code()}\n` });
    expect(ran.json()).toEqual({
      profile: 'default',
      storage: 'file',
      location: expect.stringMatching(/profiles\/default\/tfa_session$/u),
      suffix: expect.stringMatching(/^[0-9a-f]{4}$/u),
      ends: expect.any(Number),
      backup_codes_remaining: null,
    });
    expect((await harness.vastai(['show', 'user', '--json'])).json().id).toBe(123456);
    const [first, login, after] = harness.sandbox.requests;
    expect(login).toMatchObject({
      path: '/api/v0/tfa/',
      body: { tfa_method: 'totp', code: expect.any(String) },
    });
    expect([first, login, after].map((one) => one?.authorization?.sessionId)).toEqual([
      undefined,
      undefined,
      9001,
    ]);
  });

  it('sends the key, whatever session there is', async ({ harness }) => {
    const app = await withApp(harness);
    const login = () => harness.vastai(['tfa', 'login', '--code', '-'], { input: app.code() });
    expect([(await login()).status, (await login()).status]).toEqual([0, 0]);
    expect(harness.sandbox.requests.map((one) => one.authorization?.sessionId)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('says what to do once the session is over', async ({ harness }) => {
    const app = await withApp(harness);
    await harness.vastai(['tfa', 'login', '--code', '-'], { input: app.code() });
    harness.sandbox.clock.advance(8 * 86_400);
    const ran = await harness.vastai(['show', 'user']);
    expect([ran.status, ran.stdout]).toEqual([11, '']);
    expect(ran.stderr).toContain('the two-factor session of …');
    expect(ran.stderr).toContain('vastai tfa login');
  });

  it('takes the flags of the official CLI, with a note about codes in arguments', async ({ harness }) => {
    const app = await withApp(harness);
    const ran = await harness.vastai(['tfa', 'login', '-t', 'totp', '-c', app.code()]);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('Other users of this machine can see');
    const [code] = harness.sandbox.twoFactor.backupCodes();
    const backup = await harness.vastai(['tfa', 'login', '-bc', code as string]);
    expect([backup.status, backup.stderr]).toEqual([0, expect.stringContaining('9 backup codes are left.')]);
    const byId = await harness.vastai(['tfa', 'login', '-id', String(app.id), '-c', app.code()]);
    expect(byId.status).toBe(0);
    expect(harness.sandbox.requests.map(({ body }) => Object.keys(body as object).sort())).toEqual([
      ['code', 'tfa_method'],
      ['backup_code'],
      ['code', 'tfa_method_id'],
    ]);
  });

  it('sends a code where one is sent, and reads it from standard input', async ({ harness }) => {
    await harness.saveKey();
    harness.sandbox.twoFactor.add({ method: 'sms', phoneNumber: '+12025550100' });
    const { secret } = (await harness.vastai(['tfa', 'send-sms', '--json'])).json();
    const code = harness.sandbox.twoFactor.messages()[0]?.code;
    const ran = await harness.vastai(['tfa', 'login', '-t', 'sms', '--secret', '-', '--code', '-'], {
      input: `${secret}\n${code}\n`,
    });
    expect(ran.status).toBe(0);
  });

  it('says both meanings where the number of backup codes is missing', async ({ harness }) => {
    await withApp(harness);
    harness.sandbox.twoFactor.setBackupCodes(['AAAA-BBBB-CCCC']);
    const ran = await harness.vastai(['tfa', 'login', '--backup-code', '-'], { input: 'AAAA-BBBB-CCCC' });
    expect(ran.status).toBe(0);
    expect(ran.stderr.replace(/\s+/gu, ' ')).toContain(
      'either none was used for this login, or that was the last one',
    );
  });

  it('keeps no session if the saved key is a session itself', async ({ harness }) => {
    const { vastai, saveKey, sandbox } = harness;
    await saveKey();
    const body = { id: 123456, session_key: sandbox.key };
    sandbox.fault('POST /api/v0/tfa/', { kind: 'answer', status: 200, body });
    const ran = await vastai(['tfa', 'login', '--code', '-', '--json'], { input: '123456' });
    expect([ran.status, ran.json()]).toEqual([
      0,
      {
        profile: 'default',
        storage: null,
        location: null,
        ends: null,
        backup_codes_remaining: null,
      },
    ]);
    await vastai(['show', 'user']);
    expect(sandbox.requests.at(-1)?.authorization).toMatchObject({ keyId: 40 });
    expect(sandbox.requests.at(-1)?.authorization?.sessionId).toBeUndefined();
  });

  it('needs a saved key', async ({ harness: { vastai, sandbox, asked } }) => {
    const ran = await vastai(['tfa', 'login', '--code', '-'], {
      env: { VAST_API_KEY: sandbox.key },
      input: '123456',
    });
    expect([ran.status, asked()]).toEqual([2, []]);
  });

  it('needs a code without a terminal', async ({ harness }) => {
    await withApp(harness);
    const ran = await harness.vastai(['tfa', 'login']);
    expect([ran.status, harness.asked()]).toEqual([2, []]);
    expect(ran.stderr).toContain('--code -');
  });

  it('refuses a code by SMS without its secret, before anything is sent', async ({ harness }) => {
    await withApp(harness);
    const ran = await harness.vastai(['tfa', 'login', '-t', 'sms', '-c', '123456']);
    expect([ran.status, harness.asked()]).toEqual([2, []]);
    expect(ran.stderr).toContain('--secret');
  });

  it('tells until when a method is locked', async ({ harness }) => {
    const app = await withApp(harness);
    const login = (code: string) =>
      harness.vastai(['tfa', 'login', '--code', '-', '--json'], { input: code });
    const said: string[] = [];
    for (let count = 1; count <= 5; count += 1) {
      const ran = await login(wrong(app.code()));
      said.push(ran.json().error.message);
      expect([ran.status, ran.json().two_factor]).toMatchObject([
        1,
        { error: '2fa_verification_failed', fail_count: count },
      ]);
    }
    const ran = await login(app.code());
    expect(ran.status).toBe(1);
    const lock = String.raw`This method is locked until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(UTC[^)]*\)\.$`;
    expect(said).toEqual([
      'The code is wrong.',
      'The code is wrong. That is 2 wrong codes in a row.',
      'The code is wrong. That is 3 wrong codes in a row.',
      'The code is wrong. That is 4 wrong codes in a row.',
      expect.stringMatching(new RegExp(`^The code is wrong\\. ${lock}`, 'u')),
    ]);
    expect(ran.json()).toMatchObject({
      error: {
        code: 'api_error',
        status: 429,
        message: expect.stringMatching(new RegExp(`^Too many wrong codes\\. ${lock}`, 'u')),
      },
      two_factor: { error: 'tfa_locked', fail_count: 5, locked_until: expect.any(Number) },
    });
  });
});

describe.runIf(canOpenTerminal())('tfa login on a terminal', () => {
  it('asks for the method, the primary one first, and for the code', async ({ harness }) => {
    const app = await withApp(harness);
    harness.sandbox.twoFactor.add({ method: 'sms', phoneNumber: '+12025550100', label: 'Work' });
    const session = harness.onTerminal(['tfa', 'login']);
    await session.see('Backup code');
    session.type('\r');
    await session.see('Code from the authenticator app');
    session.type(`${wrong(app.code())}\r`);
    await session.see('Code from the authenticator app, again:');
    session.type(`${app.code()}\r`);
    const { status, screen } = await session.ended;
    expect(status).toBe(0);
    expect(screen).toMatch(
      /Authenticator app[\s\S]*SMS to \*{8}0100 \(Work\)[\s\S]*Email[\s\S]*Backup code/u,
    );
    expect(screen).toContain('Logged in for a week');
    expect(screen).not.toContain(app.code());
  });
});

describe.runIf(canOpenTerminal())('tfa login by SMS on a terminal', () => {
  it('sends the code and asks for it', async ({ harness }) => {
    await harness.saveKey();
    harness.sandbox.twoFactor.add({ method: 'sms', phoneNumber: '+12025550100' });
    const session = harness.onTerminal(['tfa', 'login', '--method', 'sms']);
    await session.see('Code from the SMS');
    session.type(`${harness.sandbox.twoFactor.messages()[0]?.code}\r`);
    const { status, screen } = await session.ended;
    expect([status, harness.sandbox.twoFactor.sessions().length]).toEqual([0, 1]);
    expect(screen).toContain('A code was sent by SMS');
  });

  it('changes nothing if it is interrupted at the question', async ({ harness }) => {
    await withApp(harness);
    const session = harness.onTerminal(['tfa', 'login', '-t', 'totp']);
    await session.see('Code from the authenticator app');
    session.type('\x03');
    expect((await session.ended).status).toBe(130);
    expect(harness.asked()).toEqual([]);
  });
});

describe('tfa logout', () => {
  it('forgets the session here', async ({ harness }) => {
    const app = await withApp(harness);
    await harness.vastai(['tfa', 'login', '--code', '-'], { input: app.code() });
    const ran = await harness.vastai(['tfa', 'logout', '--json']);
    expect(ran.json()).toMatchObject({ profile: 'default', removed: true, storage: 'file' });
    expect((await harness.vastai(['show', 'user'])).status).toBe(11);
    expect((await harness.vastai(['tfa', 'logout', '--json'])).json()).toMatchObject({ removed: false });
  });
});
