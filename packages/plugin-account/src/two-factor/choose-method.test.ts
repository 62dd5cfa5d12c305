import type { TwoFactorMethod } from '@vastai-cli/core/internal/api/two-factor';
import { localTime } from '@vastai-cli/core/internal/base/local-time';
import { STYLED } from '@vastai-cli/kit/render/styles';
import { describe, expect, it } from 'vitest';
import { appSecretParts } from './app-secret.js';
import { waysOf } from './choose-method.js';
import { qrCode } from './qr-code.js';

const NOW = 1_790_000_000;
const method = (more: Partial<TwoFactorMethod>) =>
  ({
    id: 7,
    method: 'totp',
    label: null,
    is_primary: false,
    phone_number: null,
    locked_until: null,
    ...more,
  }) as TwoFactorMethod;
const names = (...methods: TwoFactorMethod[]) => waysOf(methods, NOW).map(({ name }) => name);
const values = (...methods: TwoFactorMethod[]) => waysOf(methods, NOW).map(({ value }) => value);
const OTHERS = ['Email', 'Backup code'];

describe('the ways to prove who you are', () => {
  it('are the methods of the account with the primary one first, then email and a backup code', () => {
    const app = method({ id: 7 });
    const phone = method({ id: 8, method: 'sms', phone_number: '+12025550100', is_primary: true });
    const mail = method({ id: 9, method: 'email' });
    expect(names(app, phone, mail)).toEqual(['SMS to +12025550100', 'Authenticator app', ...OTHERS]);
    expect(values(app, phone, mail)).toEqual([
      { kind: 'sms' },
      { kind: 'totp' },
      { kind: 'email' },
      { kind: 'backup' },
    ]);
    expect(names()).toEqual(OTHERS);
  });

  it('have an ID only if several are of the same kind', () => {
    expect(values(method({ id: 7 }), method({ id: 8 }), method({ id: 9, method: 'sms' }))).toEqual([
      { kind: 'totp', id: '7' },
      { kind: 'totp', id: '8' },
      { kind: 'sms' },
      { kind: 'email' },
      { kind: 'backup' },
    ]);
  });

  it('show their label, and whether they are locked', () => {
    expect(names(method({ label: 'work' }))[0]).toBe('Authenticator app (work)');
    expect(names(method({ label: '' }))[0]).toBe('Authenticator app');
    expect(names(method({ method: 'sms' }))[0]).toBe('SMS to your phone');
    expect(names(method({ locked_until: NOW + 60 }))[0]).toBe(
      `Authenticator app, locked until ${localTime(NOW + 60)}`,
    );
    for (const past of [NOW, NOW - 60])
      expect(names(method({ locked_until: past }))[0]).toBe('Authenticator app');
  });
});

describe('a QR code', () => {
  const sizedOf = async (text: string) => {
    const part = await qrCode(text);
    if (part.kind !== 'sized') throw new Error('it is not a sized part');
    return part.textFor;
  };

  it('is drawn with two rows of modules per line, or replaced by a sentence if it does not fit', async () => {
    const textFor = await sizedOf('a');
    const drawn = textFor(80) as { text: string; style: string };
    const lines = drawn.text.split('\n');
    expect(drawn.style).toBe('contrast');
    // 21 modules and a border of four on each side.
    expect(lines).toHaveLength(15);
    for (const line of lines) expect([...line]).toHaveLength(29);
    expect(drawn.text).toMatch(/^[█▀▄ \n]+$/u);
    expect(lines[0]).toBe('█'.repeat(29));
    expect(lines[2]).toMatch(/^████ ▄▄▄▄▄ .* ▄▄▄▄▄ ████$/u);
    // Below the last row there is nothing.
    expect(lines.at(-1)).toBe('▀'.repeat(29));
    expect(textFor(29)).toEqual(drawn);
    expect(textFor(28)).toBe('The QR code needs 29 columns. Type the secret into the app instead.');
    expect(textFor(undefined as never)).toEqual(drawn);
    expect(STYLED.contrast('x')).not.toBe('x');
  });

  it('is shown with the secret and the address in it', async () => {
    const parts = await appSecretParts({ secret: 'ABC', provisioning_uri: 'otpauth://totp/x' } as never);
    const [first, code, ...rest] = parts;
    expect(first).toEqual({ kind: 'sentence', text: 'Scan this code with your authenticator app:' });
    expect(code?.kind).toBe('sized');
    expect(rest).toEqual([
      { kind: 'sentence', text: 'Or type this secret into it:' },
      { kind: 'line', text: '  ABC' },
      { kind: 'sentence', text: 'Or open this address:' },
      { kind: 'line', text: '  otpauth://totp/x' },
    ]);
  });
});
