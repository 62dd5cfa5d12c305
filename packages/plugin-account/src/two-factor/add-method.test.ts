import { beforeEach, describe, expect, it } from 'vitest';
import { Answers, clientFor, codeSent, terminal } from '../../test/support/two-factor.js';
import { type AddFlags, addSms, addTotp, requireConversation } from './add-method.js';

let said: string[] = [];
let requests: string[] = [];
beforeEach(() => {
  said = [];
  requests = [];
});

interface Account {
  readonly authorized?: boolean;
  /** The number of codes that are refused. */
  readonly wrong?: number;
}

async function client({ authorized = true, wrong = 0 }: Account) {
  let left = wrong;
  return clientFor(({ method, path, body }) => {
    requests.push(`${method} ${path.split('/').filter(Boolean).slice(2).join('/')} ${body}`);
    if (body.includes('"code"') && left > 0) {
      left -= 1;
      return [400, { success: false, error: '2fa_verification_failed', msg: 'It is wrong.' }];
    }
    const document = {
      success: true,
      secret: 'ABC',
      provisioning_uri: 'otpauth://totp/x',
      methods: [],
      new_method_authorized: authorized,
      tfa_enabled: true,
      backup_codes: ['aaaa'],
    };
    return [200, document];
  });
}

async function adding(account: Account = {}) {
  let wholes = 0;
  const whole = async <T>(work: () => Promise<T>) => {
    wholes += 1;
    return work();
  };
  return {
    client: await client(account),
    input: new Answers(said, Array(5).fill('123456')),
    whole,
    wholes: () => wholes,
  };
}

describe('adding a method', () => {
  it('shows the secret for an app, and activates the app with its first code', async () => {
    const what = await adding();
    const result = await addTotp({ label: 'work' }, what);
    expect(result.document).toEqual({ method: 'totp', backup_codes: ['aaaa'] });
    expect(result.human?.[0]).toEqual({ kind: 'sentence', text: 'The app is now a second factor.' });
    expect(said).toEqual(['6 parts', 'Code that the app shows?']);
    const last = JSON.parse(requests.at(-1)?.split(' ').slice(2).join(' ') ?? '');
    expect(last).toMatchObject({ tfa_method: 'totp', secret: 'ABC', label: 'work', code: '123456' });
    expect(what.wholes()).toBe(1);
  });

  it('sends a code to a phone, and activates the phone with it', async () => {
    const result = await addSms('+12025550100', {}, await adding());
    expect(result.document).toEqual({ method: 'sms', backup_codes: ['aaaa'] });
    expect(result.human?.[0]).toEqual({ kind: 'sentence', text: 'The phone is now a second factor.' });
    expect(said).toEqual([codeSent('SMS'), 'Code from the SMS?']);
    const last = JSON.parse(requests.at(-1)?.split(' ').slice(2).join(' ') ?? '');
    expect(last).toMatchObject({
      tfa_method: 'sms',
      secret: 'ABC',
      phone_number: '+12025550100',
      code: '123456',
    });
  });

  it('lets the user correct the code, but ends with any other error', async () => {
    const what = await adding({ wrong: 2 });
    await addTotp({}, what);
    const question = 'Code that the app shows';
    expect(said.filter((text) => text.includes('?'))).toEqual([
      `${question}?`,
      `${question}, again?`,
      `${question}, again?`,
    ]);
    expect(what.wholes()).toBe(3);
    const other = await adding();
    const whole = async () => {
      throw new TypeError('a bug');
    };
    await expect(addTotp({}, { ...other, whole })).rejects.toThrow(TypeError);
  });

  it.each<[string, AddFlags]>([
    ['by a backup code', { 'backup-code': 'abcd' }],
    ['by a kind of method', { method: 'totp' }],
    ['by a method', { 'method-id': '7' }],
    ['by email, without any method', {}],
  ])('is authorized first if it was not: %s', async (_, flags) => {
    await addSms('+12025550100', flags, await adding({ authorized: false }));
    expect(said[0]).toBe('First, verify your identity.');
    expect(said.at(-1)).toBe('Code from the SMS?');
    expect(requests.length).toBeGreaterThan(3);
  });

  it('needs a terminal', () => {
    expect(requireConversation({ terminal: terminal(true) })).toBeUndefined();
    expect(() => requireConversation({ terminal: terminal(false) })).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'tfa add asks questions, and vastai cannot ask them without a terminal.',
        hint: 'In a script, use tfa auth-new, then tfa totp-setup or tfa send-sms, then tfa activate.',
      }),
    );
  });
});
