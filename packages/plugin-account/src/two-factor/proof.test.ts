import type { TwoFactorProof } from '@vastai-cli/core/internal/api/two-factor';
import { ApiError, type ErrorDetails } from '@vastai-cli/core/internal/base/errors';
import { beforeEach, describe, expect, it } from 'vitest';
import { Answers, ARGUMENTS, codeSent, routedClient, SENT } from '../../test/support/two-factor.js';
import { proven, requireOneProof, requireSecret } from './proof.js';
import type { ProofFlags } from './proof-flags.js';

let said: string[] = [];
let requests: string[] = [];
beforeEach(() => {
  said = [];
  requests = [];
});

/** Gets a proof, and returns it with what was said. */
async function proofOf(flags: ProofFlags, { answers = [] as string[], routes = {} } = {}) {
  const client = await routedClient(routes, requests);
  return proven(flags, { client, input: new Answers(said, answers) }, async (proof) =>
    Object.fromEntries(Object.entries(proof).filter(([, value]) => value !== undefined)),
  );
}

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
    ['email', 'email', 'Code from the email?'],
    ['sms', 'SMS', 'Code from the SMS?'],
  ] as const)('is asked for after a code was sent by %s', async (method, words, question) => {
    const routes = { '/email': SENT, '/sms': SENT, '/': SENT };
    expect(await proofOf({ method }, { answers: ['1'], routes })).toEqual({
      tfa_method: method,
      secret: 'the-secret',
      code: '1',
    });
    expect(said).toEqual([codeSent(words), question]);
    expect(requests).toHaveLength(1);
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
    expect(said).toEqual([
      'Code from the authenticator app?',
      codeSent('SMS'),
      'Code from the SMS?',
      'Code?',
    ]);
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
    const client = await routedClient({}, requests);
    const seen: TwoFactorProof[] = [];
    const outcome = await proven(flags, { client, input: new Answers(said, answers) }, async (proof) => {
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
