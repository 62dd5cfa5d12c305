import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { Client } from '@vastai-cli/core/internal/http/client';
import type { Output } from '@vastai-cli/kit/render/output';
import { UNSTYLED } from '@vastai-cli/kit/render/styles';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type AddFlags, addSms, addTotp, requireConversation } from './add-method.js';
import { SecretInput } from './secret-input.js';

let said: string[] = [];
let requests: string[] = [];
beforeEach(() => {
  said = [];
  requests = [];
});

const terminal = (canAsk: boolean) => ({
  canAsk,
  obstacle: 'without a terminal',
  stdout: UNSTYLED,
  stderr: UNSTYLED,
  columns: undefined,
});

/** Answers each question with a code, of which the first ones are wrong. */
class Asked extends SecretInput {
  constructor() {
    const add = (text: string) => said.push(text);
    const output = {
      note: add,
      warn: add,
      show: (parts: readonly unknown[]) => add(`${parts.length} parts`),
    };
    super(terminal(true), output as unknown as Output, []);
  }
  override async ask(what: string, again = false): Promise<string> {
    said.push(`${what}${again ? ', again' : ''}?`);
    return '123456';
  }
}

interface Account {
  readonly authorized?: boolean;
  /** The number of codes that are refused. */
  readonly wrong?: number;
}

async function client({ authorized = true, wrong = 0 }: Account): Promise<Client> {
  let left = wrong;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      requests.push(
        `${request.method} ${request.url?.split('/').filter(Boolean).slice(2).join('/')} ${body}`,
      );
      if (body.includes('"code"') && left > 0) {
        left -= 1;
        response.statusCode = 400;
      }
      const answer =
        response.statusCode === 400
          ? { success: false, error: '2fa_verification_failed', msg: 'It is wrong.' }
          : {
              success: true,
              secret: 'ABC',
              provisioning_uri: 'otpauth://totp/x',
              methods: [],
              new_method_authorized: authorized,
              tfa_enabled: true,
              backup_codes: ['aaaa'],
            };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Client({
    baseUrl: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    key: ApiKey.parse('own-key-0123456789abcd') as ApiKey,
    keySource: 'a test',
    retries: 0,
    timeoutMs: 10_000,
  });
}

async function adding(account: Account = {}) {
  let wholes = 0;
  const whole = async <T>(work: () => Promise<T>) => {
    wholes += 1;
    return work();
  };
  return { client: await client(account), input: new Asked(), whole, wholes: () => wholes };
}

describe('adding a method', () => {
  it('shows the secret of an app, and activates it with its first code', async () => {
    const what = await adding();
    const result = await addTotp({ label: 'work' }, what);
    expect(result.document).toEqual({ method: 'totp', backup_codes: ['aaaa'] });
    expect(result.human?.[0]).toEqual({ kind: 'sentence', text: 'The app is now a second factor.' });
    expect(said).toEqual(['6 parts', 'Code that the app shows?']);
    const last = JSON.parse(requests.at(-1)?.split(' ').slice(2).join(' ') ?? '');
    expect(last).toMatchObject({ tfa_method: 'totp', secret: 'ABC', label: 'work', code: '123456' });
    expect(what.wholes()).toBe(1);
  });

  it('sends a code to a phone, and activates it with that', async () => {
    const result = await addSms('+12025550100', {}, await adding());
    expect(result.document).toEqual({ method: 'sms', backup_codes: ['aaaa'] });
    expect(result.human?.[0]).toEqual({ kind: 'sentence', text: 'The phone is now a second factor.' });
    expect(said).toEqual(['A code is on its way by SMS. It is valid for ten minutes.', 'Code from the SMS?']);
    const last = JSON.parse(requests.at(-1)?.split(' ').slice(2).join(' ') ?? '');
    expect(last).toMatchObject({
      tfa_method: 'sms',
      secret: 'ABC',
      phone_number: '+12025550100',
      code: '123456',
    });
  });

  it('lets a person correct the code, and whatever else goes wrong ends it', async () => {
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
    ['by a method of a kind', { method: 'totp' }],
    ['by a method', { 'method-id': '7' }],
    ['by email, without any method', {}],
  ])('is authorized first, if it was not: %s', async (_, flags) => {
    await addSms('+12025550100', flags, await adding({ authorized: false }));
    expect(said[0]).toBe('First, prove that it is you.');
    expect(said.at(-1)).toBe('Code from the SMS?');
    expect(requests.length).toBeGreaterThan(3);
  });

  it('needs a person', () => {
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
