import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { totpCode } from '@vastai-cli/testing/totp-code';
import { describe, expect } from 'vitest';
import { readQrCode } from './support/read-qr-code.js';

const NUMBER = '+12025550100';
const BACKUP_CODE = /^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$/u;

/** Saves the key, and gives the account an authenticator app. Returns what makes its codes. */
async function withApp({ saveKey, sandbox }: Harness) {
  await saveKey();
  const { id, secret } = sandbox.twoFactor.add({ method: 'totp' });
  return { id, code: () => totpCode(secret, sandbox.clock.now()) };
}

async function authorize({ vastai, sandbox }: Harness) {
  const begun = await vastai(['tfa', 'auth-new']);
  expect(begun.stderr).toContain('vastai tfa auth-new --secret - --code -');
  const input = `${begun.stdout}${sandbox.twoFactor.messages().at(-1)?.code}\n`;
  const ran = await vastai(['tfa', 'auth-new', '--secret', '-', '--code', '-', '--json'], { input });
  expect(ran.json()).toEqual({ authorized: true, secret: null });
}

describe('tfa status', () => {
  it('lists the methods and the backup codes that are left', async ({ harness }) => {
    const { id } = await withApp(harness);
    harness.sandbox.twoFactor.add({ method: 'sms', phoneNumber: NUMBER, label: 'Work\u001b[2J' });
    const ran = await harness.vastai(['tfa', 'status']);
    expect([ran.status, ran.stdout]).toEqual([0, expect.stringContaining('Two-factor login: on')]);
    expect(ran.stdout).toMatch(new RegExp(`${id} +totp +Authenticator +- +yes`, 'u'));
    expect(ran.stdout).toMatch(/sms +Work +\*{8}0100 +no/u);
    expect(ran.stdout).toContain('Backup codes left: 10');
    expect(ran.stdout).not.toContain('\u001b');
  });

  it('works without a session and without methods', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    const ran = await vastai(['tfa', 'status']);
    expect([ran.status, ran.stdout]).toEqual([0, 'Two-factor login: off\n']);
    expect((await vastai(['tfa', 'status', '--raw'])).json()).toMatchObject({ tfa_enabled: false });
    expect((await vastai(['tfa', 'status', '--json'])).json()).toMatchObject({
      methods: [],
      is_legacy: false,
    });
  });

  it.for([
    [{ tfa_enabled: true, methods: [], backup_codes_remaining: 0 }],
    [{ tfa_enabled: false, methods: [] }],
    [{}],
  ] as const)(
    'says that a legacy account needs backup codes, where the API says %j',
    async ([said], { harness }) => {
      const { home, sandbox, vastai } = harness;
      await home.write('.config/vastai/profiles/work/vast_api_key', sandbox.key);
      const body = { success: true, ...said };
      sandbox.fault('GET /api/v0/tfa/status/', { kind: 'answer', status: 200, body }, 2);
      const user = { id: 123456, tfa_status: 'legacy' };
      sandbox.fault('GET /api/v0/users/current/', { kind: 'answer', status: 200, body: user }, 2);
      const ran = await vastai(['tfa', 'status', '--profile', 'work']);
      expect([ran.status, ran.stdout]).toEqual([0, expect.stringContaining('Two-factor login: on')]);
      expect(ran.stderr.replace(/\s+/gu, ' ')).toContain('before backup codes existed');
      expect(ran.stderr).toContain('vastai tfa regen-codes --profile work');
      expect((await vastai(['tfa', 'status', '--profile', 'work', '--json'])).json().is_legacy).toBe(true);
    },
  );

  it('says what it cannot know of an account that cannot be read without a session', async ({ harness }) => {
    await withApp(harness);
    harness.sandbox.twoFactor.makeLegacy();
    const ran = await harness.vastai(['tfa', 'status']);
    expect([ran.status, ran.stderr.replace(/\s+/gu, ' ')]).toEqual([
      0,
      expect.stringContaining('No backup code is left. If a login is rejected,'),
    ]);
    expect((await harness.vastai(['tfa', 'status', '--json'])).json().is_legacy).toBe(null);
  });

  it('names the profile in what it advises', async ({ harness: { vastai, home, sandbox } }) => {
    await home.write('.config/vastai/profiles/work/vast_api_key', sandbox.key);
    const words = ['tfa', 'status', '--profile', 'work'];
    expect((await vastai(words)).stderr).toContain('vastai tfa add totp --profile work');
    sandbox.twoFactor.add({ method: 'totp' });
    sandbox.twoFactor.setBackupCodes(['AAAA-BBBB-CCCC']);
    expect((await vastai(words)).stderr).toContain('vastai tfa regen-codes --profile work');
  });

  it.runIf(canOpenTerminal())('fits a narrow terminal', async ({ harness }) => {
    const app = await withApp(harness);
    await harness.vastai(['tfa', 'login', '--code', '-'], { input: app.code() });
    const { screen } = await harness.onTerminal(['tfa', 'status', '--no-color'], { columns: 50 }).ended;
    expect(screen).toContain('ID   METHOD  LABEL          PHONE  PRIMARY\r\n');
    expect(screen).toMatch(/501 .* yes\r\n {4}last used \d{4}-/u);
  });
});

describe('adding an app step by step', () => {
  it('ends with backup codes, shown once', async ({ harness }) => {
    const { vastai, saveKey, sandbox } = harness;
    await saveKey();
    await authorize(harness);
    const setup = await vastai(['tfa', 'totp-setup']);
    const secret = /^ {2}([A-Z2-7]{32})$/mu.exec(setup.stdout)?.[1] ?? '';
    expect(readQrCode(setup.stdout)).toMatch(new RegExp(`^otpauth://totp/.*secret=${secret}`, 'u'));
    expect(Math.max(...setup.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
    const ran = await vastai(['tfa', 'activate', '-', '--secret', '-'], {
      input: `${secret}\n${totpCode(secret, sandbox.clock.now())}\n`,
    });
    const [said, ...codes] = ran.stdout.trimEnd().split('\n');
    expect(said).toBe('The new method (totp) is active.');
    expect(codes).toHaveLength(10);
    for (const code of codes) expect(code).toMatch(BACKUP_CODE);
    expect(codes).toEqual(sandbox.twoFactor.backupCodes());
  });

  it('shows the same QR code in colour, and none where it does not fit', async ({ harness }) => {
    if (!canOpenTerminal()) return;
    const { saveKey, onTerminal } = harness;
    await saveKey();
    await authorize(harness);
    for (const [columns, fits] of [
      [80, true],
      [30, false],
    ] as const) {
      const { screen } = await onTerminal(['tfa', 'totp-setup'], { columns }).ended;
      expect(readQrCode(screen)?.startsWith('otpauth://totp/') ?? false).toBe(fits);
      expect(screen.includes('The QR code needs')).toBe(!fits);
    }
  });
});

describe.runIf(canOpenTerminal())('tfa add', () => {
  it('adds an app in one conversation', async ({ harness }) => {
    const { saveKey, onTerminal, sandbox, home } = harness;
    await saveKey();
    const file = join(home.path, 'codes.txt');
    const session = onTerminal(['tfa', 'add', 'totp', '--label', 'Mine', '--codes-file', file]);
    await session.see('Code:');
    session.type(`${sandbox.twoFactor.messages()[0]?.code}\r`);
    await session.see('Code that the app shows:');
    // A session returns its screen at the end, where it is compared with what the screen showed.
    const secret = sandbox.twoFactor.pendingSecret() ?? '';
    session.type(`${totpCode(secret, sandbox.clock.now())}\r`);
    const { status, screen } = await session.ended;
    expect(status).toBe(0);
    expect(screen).toContain(`  ${secret}\r\n`);
    expect(readQrCode(screen)).toContain(`secret=${secret}`);
    expect(sandbox.twoFactor.methods()).toMatchObject([{ method: 'totp', label: 'Mine', isPrimary: true }]);
    expect(await readFile(file, 'utf8')).toBe(`${sandbox.twoFactor.backupCodes().join('\n')}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    for (const code of sandbox.twoFactor.backupCodes()) expect(screen).not.toContain(code);
  });

  it('adds a phone, authorized by the app', async ({ harness }) => {
    const app = await withApp(harness);
    const { onTerminal, sandbox } = harness;
    const session = onTerminal(['tfa', 'add', 'sms', '--phone-number', NUMBER, '--json']);
    await session.see('Backup code');
    session.type('\r');
    await session.see('Code:');
    session.type(`${app.code()}\r`);
    await session.see('Code from the SMS:');
    session.type(`${sandbox.twoFactor.messages()[0]?.code}\r`);
    expect((await session.ended).status).toBe(0);
    expect(sandbox.twoFactor.methods()).toMatchObject([{ method: 'totp' }, { phoneNumber: NUMBER }]);
  });
});

describe('tfa add without a terminal', () => {
  it('names the three steps', async ({ harness: { vastai, saveKey, asked } }) => {
    await saveKey();
    const ran = await vastai(['tfa', 'add', 'totp']);
    expect([ran.status, asked()]).toEqual([2, []]);
    expect(ran.stderr).toContain('tfa activate');
  });
});

describe('tfa delete', () => {
  it('removes a method, and says when the last one is gone', async ({ harness }) => {
    const app = await withApp(harness);
    const { vastai, sandbox } = harness;
    const phone = sandbox.twoFactor.add({ method: 'sms' });
    const words = ['tfa', 'delete', '--method', 'totp', '--code', '-', '--yes', '--id-to-delete'];
    const first = await vastai([...words, String(phone.id)], { input: app.code() });
    expect(first.stdout).toBe(`Removed method ${phone.id}. 1 method is left.\n`);
    const second = await vastai([...words, String(app.id), '--json'], { input: app.code() });
    expect(second.json()).toEqual({ deleted: app.id, remaining_methods: 0 });
    expect((await vastai(['show', 'user'])).status).toBe(0);
  });

  it('says how to remove a session that the account no longer needs', async ({ harness }) => {
    const app = await withApp(harness);
    const { vastai, sandbox } = harness;
    await vastai(['tfa', 'login', '--code', '-'], { input: app.code() });
    const ran = await vastai(['tfa', 'delete', '--yes', '--code', '-'], { input: app.code() });
    expect([ran.status, ran.stderr]).toEqual([0, expect.stringContaining('vastai tfa logout')]);
    sandbox.clock.advance(8 * 86_400);
    expect((await vastai(['show', 'user'])).status).toBe(11);
    const login = await vastai(['tfa', 'login', '--code', '-'], { input: '123456' });
    expect(login.stderr).toContain('vastai tfa status');
    expect((await vastai(['tfa', 'status'])).stderr).toContain('vastai tfa logout');
    await vastai(['tfa', 'logout']);
    expect((await vastai(['show', 'user'])).status).toBe(0);
  });

  it('needs --yes without a terminal', async ({ harness }) => {
    await withApp(harness);
    const ran = await harness.vastai(['tfa', 'delete', '--code', '123456']);
    expect([ran.status, harness.asked()]).toEqual([2, []]);
  });
});

describe('tfa update', () => {
  it('needs something to change', async ({ harness }) => {
    const { id } = await withApp(harness);
    for (const args of [
      [String(id)],
      [String(id), '-p', 'maybe'],
      ['x', '-l', 'y'],
      [String(id), 'x', '-l', 'y'],
    ]) {
      expect((await harness.vastai(['tfa', 'update', ...args])).status).toBe(2);
    }
    expect(harness.asked()).toEqual([]);
  });
});

describe('tfa regen-codes', () => {
  it('prints new codes, or writes them to a new file that it never overwrites', async ({ harness }) => {
    const app = await withApp(harness);
    const { vastai, sandbox, home } = harness;
    const words = ['tfa', 'regen-codes', '--yes', '--code', '-'];
    const printed = await vastai(words, { input: app.code() });
    expect(printed.stdout).toBe(`${sandbox.twoFactor.backupCodes().join('\n')}\n`);
    const file = join(home.path, 'codes.txt');
    const written = await vastai([...words, '--codes-file', file, '--json'], { input: app.code() });
    expect(written.json()).toEqual({ backup_codes: null, file });
    const text = await readFile(file, 'utf8');
    expect(text).toBe(`${sandbox.twoFactor.backupCodes().join('\n')}\n`);
    const before = sandbox.requests.length;
    const again = await vastai([...words, '--codes-file', file], { input: app.code() });
    expect([again.status, sandbox.requests.length]).toEqual([2, before]);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it.runIf(canOpenTerminal() && existsSync('/dev/full'))(
    'says how to make others if nobody could read them',
    async ({ harness }) => {
      const app = await withApp(harness);
      const args = ['tfa', 'regen-codes', '--yes', '--code', app.code()];
      const { status, screen } = await harness.onTerminal(args, { stdoutTo: '/dev/full' }).ended;
      expect(status).not.toBe(0);
      expect(screen).toContain('The backup codes could not be written to standard output');
      expect(screen).toContain('vastai tfa regen-codes');
    },
  );

  it.runIf(canOpenTerminal())('sends and asks for no code if the file exists', async ({ harness }) => {
    await withApp(harness);
    harness.sandbox.twoFactor.add({ method: 'sms', phoneNumber: NUMBER });
    const file = await harness.home.write('codes.txt', 'kept');
    for (const words of [
      ['regen-codes', '--yes', '--method', 'sms'],
      ['add', 'totp', '--method', 'sms'],
      ['add', 'sms', '--phone-number', '+12025550199', '--method', 'sms'],
      ['activate', '--secret', '-'],
    ]) {
      const { status, screen } = await harness.onTerminal(['tfa', ...words, '--codes-file', file]).ended;
      expect([status, screen]).toEqual([2, expect.stringContaining('already exists. It was not changed.')]);
    }
    expect([harness.sandbox.twoFactor.messages(), await readFile(file, 'utf8')]).toEqual([[], 'kept']);
  });

  it.runIf(canOpenTerminal())('leaves no file if a person gives up', async ({ harness }) => {
    await withApp(harness);
    const file = join(harness.home.path, 'codes.txt');
    const words = ['tfa', 'regen-codes', '--yes', '--method', 'totp', '--codes-file', file];
    const session = harness.onTerminal(words);
    await session.see('Code from the authenticator app:');
    session.type('\u0003');
    expect((await session.ended).status).toBe(130);
    expect(existsSync(file)).toBe(false);
  });

  it('fails before anything is sent if the file cannot be made', async ({ harness }) => {
    const app = await withApp(harness);
    const file = join(harness.home.path, 'nowhere', 'codes.txt');
    const words = ['tfa', 'regen-codes', '--yes', '--code', '-', '--codes-file', file];
    const ran = await harness.vastai(words, { input: app.code() });
    expect([ran.status, harness.asked()]).toEqual([2, []]);
    expect(ran.stderr).toContain('nowhere');
  });

  it('leaves no file if the code is wrong', async ({ harness }) => {
    const app = await withApp(harness);
    const file = join(harness.home.path, 'codes.txt');
    const words = ['tfa', 'regen-codes', '--yes', '--code', '-', '--codes-file', file];
    const ran = await harness.vastai(words, { input: app.code() === '000000' ? '000001' : '000000' });
    expect(ran.status).toBe(1);
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('lets a legacy account log in', async ({ harness }) => {
    const app = await withApp(harness);
    harness.sandbox.twoFactor.makeLegacy();
    const words = ['tfa', 'regen-codes', '--yes', '--code', '-'];
    expect((await harness.vastai(words, { input: app.code() })).status).toBe(0);
    expect((await harness.vastai(['tfa', 'login', '--code', '-'], { input: app.code() })).status).toBe(0);
  });
});

describe('tfa auth-new', () => {
  it.for([['-c 123456'], ['-t sms -c 123456'], ['-bc AAAA-BBBB-CCCC -c 123456']])(
    'sends nothing for a code that cannot be right: %s',
    async ([words], { harness }) => {
      await harness.saveKey();
      const ran = await harness.vastai(['tfa', 'auth-new', ...(words as string).split(' ')]);
      expect([ran.status, harness.asked()]).toEqual([2, []]);
    },
  );
});

describe('a code', () => {
  it('that is an unexpected argument is not repeated', async ({ harness }) => {
    await withApp(harness);
    for (const words of [
      ['login'],
      ['logout'],
      ['regen-codes', '--yes'],
      ['activate', 'a', '--secret', 'b'],
    ]) {
      const ran = await harness.vastai(['tfa', ...words, '918273']);
      expect(ran.status).toBe(2);
      expect(`${ran.stdout}${ran.stderr}`).not.toContain('918273');
    }
  });

  it('is masked with --explain, and so are secrets and backup codes', async ({ harness }) => {
    const app = await withApp(harness);
    const { vastai, sandbox } = harness;
    const sent = app.code();
    const ran = await vastai(['tfa', 'regen-codes', '--yes', '--code', '-', '--explain'], { input: sent });
    expect(ran.stderr).toContain('/api/v0/tfa/regen-backup-codes/');
    for (const secret of [sent, ...sandbox.twoFactor.backupCodes()]) expect(ran.stderr).not.toContain(secret);
  });
});
