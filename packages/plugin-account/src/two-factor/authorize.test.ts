import { beforeEach, describe, expect, it } from 'vitest';
import { Answers, codeSent, routedClient, SENT } from '../../test/support/two-factor.js';
import { authorize } from './authorize.js';
import type { ProofFlags } from './proof-flags.js';

let said: string[] = [];
let requests: string[] = [];
beforeEach(() => {
  said = [];
  requests = [];
});

describe('an authorization', () => {
  const run = async (flags: ProofFlags, answers: string[] = [], routes: object = { '/': SENT }) =>
    authorize(
      flags,
      await routedClient(routes as Record<string, unknown>, requests),
      new Answers(said, answers),
    );

  it('with a backup code is done at once', async () => {
    expect(await run({ 'backup-code': 'ab' })).toMatchObject({ authorized: true, secret: null });
    expect(requests).toEqual([expect.stringContaining('"backup_code":"ab"')]);
  });

  it('begins by email, or with the named method', async () => {
    expect(await run({})).toMatchObject({ authorized: false, secret: 'the-secret' });
    expect(requests).toEqual([expect.stringContaining('"tfa_method":"email"')]);
    expect(said).toEqual([codeSent('email')]);
    said = [];
    await run({ method: 'totp' });
    expect(requests[1]).toContain('"tfa_method":"totp"');
    expect(said).toEqual([]);
    await run({ 'method-id': '8' });
    expect(requests[2]).toContain('"tfa_method_id":"8"');
    expect(requests[2]).not.toContain('"tfa_method":');
    expect(said).toEqual(['If codes for this method are sent to you, one is on its way.']);
  });

  it('is completed with the code and the secret it began with', async () => {
    expect(await run({ secret: 's', code: '1' })).toMatchObject({ authorized: true, secret: null });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatch(/"code":"1".*"secret":"s"|"secret":"s".*"code":"1"/u);
    expect(await run({ secret: 's' })).toMatchObject({ authorized: false, secret: 's' });
    expect(await run({ method: 'totp', code: '1' })).toMatchObject({ authorized: true });
    await expect(run({ code: '1' })).rejects.toThrow('A code sent by email needs the secret');
    await expect(run({ code: '1', 'backup-code': '2' })).rejects.toThrow('cannot be used together');
  });

  it('asks for the code', async () => {
    said = [];
    expect(await run({ method: 'totp' }, ['1'])).toMatchObject({ authorized: true });
    expect(said).toEqual(['Code?']);
  });
});
