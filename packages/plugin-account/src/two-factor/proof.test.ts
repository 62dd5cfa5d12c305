import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TwoFactorProof } from '@vastai-cli/core/internal/api/two-factor';
import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { ApiError, type ErrorDetails } from '@vastai-cli/core/internal/base/errors';
import { Client } from '@vastai-cli/core/internal/http/client';
import type { Output } from '@vastai-cli/kit/render/output';
import { UNSTYLED } from '@vastai-cli/kit/render/styles';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { proven, requireOneProof, requireSecret } from './proof.js';
import type { ProofFlags } from './proof-flags.js';
import { SecretInput } from './secret-input.js';

const terminal = (canAsk: boolean): Terminal => ({
  canAsk,
  obstacle: 'without a terminal',
  stdout: UNSTYLED,
  stderr: UNSTYLED,
  columns: undefined,
});

let said: string[] = [];

let requests: string[] = [];

beforeEach(() => {
  said = [];
  requests = [];
});

/** Answers the questions of a person in turn. */
class Asked extends SecretInput {
  readonly answers: string[];
  constructor(answers: string[]) {
    const output = { note: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
    super(terminal(answers.length > 0), output as unknown as Output, []);
    this.answers = answers;
  }
  override async ask(what: string, again = false): Promise<string> {
    said.push(`${what}${again ? ', again' : ''}?`);
    return this.answers.shift() ?? '';
  }
}

/** Starts an API that answers these routes, by the end of their paths, and returns a client for it. */
async function api(routes: Readonly<Record<string, unknown>>): Promise<Client> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const name = Object.keys(routes).find((one) => request.url?.includes(one)) ?? '';
      requests.push(`${request.method} ${name}${body === '' ? '' : ` ${body}`}`);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(routes[name] ?? {}));
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

/** Gets a proof, and returns it with what was said. */
async function proofOf(flags: ProofFlags, { answers = [] as string[], routes = {} } = {}) {
  const client = await api(routes);
  return proven(flags, { client, input: new Asked(answers) }, async (proof) =>
    Object.fromEntries(Object.entries(proof).filter(([, value]) => value !== undefined)),
  );
}

const SENT = { success: true, secret: 'the-secret' };

const note = (kind: string) => `A code was sent by ${kind}. It is valid for ten minutes.`;

const ARGUMENTS =
  'Other users of this machine can see codes and secrets in arguments, and shell histories keep them. Pass "-" instead to read them from standard input.';

describe('a proof', () => {
  it.each<[string, ProofFlags, object]>([
    ['a backup code', { 'backup-code': ' ab cd ' }, { backup_code: 'abcd' }],
    ['a code alone', { code: '123 456' }, { code: '123456' }],
    ['a code of a kind', { method: 'totp', code: '1' }, { tfa_method: 'totp', code: '1' }],
    ['a code of a method', { 'method-id': '7', code: '1' }, { tfa_method_id: '7', code: '1' }],
    [
      'a code with its secret',
      { method: 'sms', secret: 's', code: '1' },
      { tfa_method: 'sms', secret: 's', code: '1' },
    ],
  ])('can be %s', async (_, flags, proof) => {
    expect(await proofOf(flags)).toEqual(proof);
    expect(said).toEqual([ARGUMENTS]);
    expect(requests).toEqual([]);
  });

  it('can be asked for', async () => {
    expect(await proofOf({ method: 'totp' }, { answers: ['1'] })).toEqual({ tfa_method: 'totp', code: '1' });
    expect(said).toEqual(['Code from the authenticator app?']);
    said = [];
    expect(await proofOf({ secret: 's' }, { answers: ['1'] })).toEqual({ secret: 's', code: '1' });
    expect(said).toEqual([ARGUMENTS, 'Code?']);
  });

  it.each([
    ['email', 'send-email', 'email', 'Code from the email?'],
    ['sms', 'send-sms', 'SMS', 'Code from the SMS?'],
  ] as const)('is asked for after a code was sent by %s', async (method, route, words, question) => {
    const routes = { '/email': SENT, '/sms': SENT, '/': SENT };
    expect(await proofOf({ method }, { answers: ['1'], routes })).toEqual({
      tfa_method: method,
      secret: 'the-secret',
      code: '1',
    });
    expect(said).toEqual([note(words), question]);
    expect(requests).toHaveLength(1);
    expect(route).toMatch(/^send-/u);
  });

  it('is of the kind of the named method, which the API knows', async () => {
    const methods = [
      { id: 7, method: 'totp', is_primary: true },
      { id: 8, method: 'sms', is_primary: false },
      { id: 9, method: 'email', is_primary: false },
    ];
    const routes = { status: { methods, tfa_enabled: true, success: true }, '/': SENT };
    const of = (id: string) => proofOf({ 'method-id': id }, { answers: ['1'], routes });
    expect(await of('7')).toEqual({ tfa_method_id: '7', code: '1' });
    expect(await of('8')).toEqual({ tfa_method_id: '8', secret: 'the-secret', code: '1' });
    expect(await of('9')).toEqual({ tfa_method_id: '9', code: '1' });
    expect(said).toEqual(['Code from the authenticator app?', note('SMS'), 'Code from the SMS?', 'Code?']);
  });

  it('needs a terminal if it is not given', async () => {
    await expect(proofOf({})).rejects.toMatchObject({
      code: 'usage',
      message: 'No code was given, and vastai cannot ask for one without a terminal.',
      hint: 'Pass it on standard input with --code -, or a backup code with --backup-code -.',
    });
  });

  it('cannot be two at once', () => {
    expect(() => requireOneProof({ code: '1', 'backup-code': '2' })).toThrow(
      '--code and --backup-code cannot be used together.',
    );
    expect(requireOneProof({ code: '1' })).toBeUndefined();
    expect(requireOneProof({ 'backup-code': '1' })).toBeUndefined();
  });

  it('with a code that was sent needs its secret', async () => {
    for (const kind of ['sms', 'email'] as const)
      expect(() => requireSecret(kind, '1')).toThrow(
        expect.objectContaining({
          message: `A code sent by ${kind} needs the secret printed when it was sent.`,
          hint: 'Pass it with --secret. With --code -, the command sends a code and then reads it from standard input.',
        }),
      );
    for (const [kind, code] of [
      ['totp', '1'],
      ['sms', undefined],
      ['sms', '-'],
    ] as const)
      expect(requireSecret(kind, code)).toBeUndefined();
    await expect(proofOf({ method: 'sms', code: '1' })).rejects.toThrow(
      'A code sent by sms needs the secret',
    );
    expect(requests).toEqual([]);
  });
});

describe('a wrong code', () => {
  const wrong = (code: string, data?: ErrorDetails['data']) =>
    new ApiError('two_factor', 'It is wrong.', { body: { error: code }, ...(data ? { data } : {}) });

  /** Uses a proof that is wrong some times; returns how often it was tried, and the error of the last time. */
  async function tries(flags: ProofFlags, answers: string[], error: Error, times = 99) {
    const client = await api({});
    const seen: TwoFactorProof[] = [];
    const outcome = await proven(flags, { client, input: new Asked(answers) }, async (proof) => {
      seen.push(proof);
      if (seen.length <= times) throw error;
      return 'done';
    }).catch((thrown: unknown) => thrown);
    return { seen: seen.map(({ code }) => code), outcome };
  }

  it.each(['2fa_login_failed', '2fa_verification_failed', 'invalid_backup_code'])(
    'can be corrected twice: %s',
    async (code) => {
      const error = wrong(code);
      expect(await tries({ method: 'totp' }, ['1', '2', '3', '4'], error)).toEqual({
        seen: ['1', '2', '3'],
        outcome: error,
      });
      const question = 'Code from the authenticator app';
      expect(said).toEqual([
        `${question}?`,
        'It is wrong.',
        `${question}, again?`,
        'It is wrong.',
        `${question}, again?`,
      ]);
      expect(await tries({ method: 'totp' }, ['1', '2'], error, 1)).toEqual({
        seen: ['1', '2'],
        outcome: 'done',
      });
    },
  );

  it('is not asked for again if it was given, the method is locked, or the error is another one', async () => {
    const failed = '2fa_login_failed';
    expect((await tries({ method: 'totp', code: '1' }, ['2'], wrong(failed))).seen).toEqual(['1']);
    const locked = wrong(failed, { two_factor: { locked_until: 1_800_000_000 } });
    expect((await tries({ method: 'totp' }, ['1', '2'], locked)).seen).toEqual(['1']);
    const open = wrong(failed, { two_factor: {} });
    expect((await tries({ method: 'totp' }, ['1', '2', '3'], open)).seen).toHaveLength(3);
    expect((await tries({ method: 'totp' }, ['1', '2'], wrong('other'))).seen).toEqual(['1']);
    expect((await tries({ method: 'totp' }, ['1', '2'], new TypeError('a bug'))).seen).toEqual(['1']);
  });
});
