import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

type Quirks = Harness['sandbox']['quirks'];
type Fault = Parameters<Harness['sandbox']['fault']>[1];

const USER = 'GET /api/v0/users/current/';
const SHOW = ['show', 'user', '--retry', '0'];
const answer = (status: number, body?: unknown): Fault => ({ kind: 'answer', status, body });
const authError = (msg: string) => ({ success: false, error: 'auth_error', msg });

/** Each documented answer that is an error, and a few that no document promises. */
const FAULTS: readonly (readonly [what: string, Fault, exit: number, code: string])[] = [
  ['404 Invalid user key', answer(404, authError('Invalid user key')), 4, 'key_rejected'],
  ['401 Invalid user key', answer(401, authError('Invalid user key')), 4, 'key_rejected'],
  [
    '403 This action requires login.',
    answer(403, authError('This action requires login.')),
    4,
    'key_rejected',
  ],
  ['401 that says nothing known', answer(401, { msg: 'Computer says no.' }), 4, 'key_rejected'],
  ['401 about authorization', answer(401, { msg: 'You lack authorization for this.' }), 5, 'forbidden'],
  ['403 about privileges', answer(403, { msg: 'Insufficient privileges.' }), 5, 'forbidden'],
  ['404 Session expired', answer(404, authError('Session expired. Please log in again.')), 11, 'two_factor'],
  [
    '401 Two Factor Authentication',
    answer(401, authError('This requires Two Factor Authentication.')),
    11,
    'two_factor',
  ],
  ['404 without auth_error', answer(404, { success: false, msg: 'API Key not found.' }), 6, 'not_found'],
  ['429 as text', answer(429, 'API requests too frequent: endpoint threshold=2.0'), 7, 'rate_limited'],
  [
    '429 with detail',
    answer(429, { detail: 'API requests too frequent endpoint threshold=2.0' }),
    7,
    'rate_limited',
  ],
  [
    '429 with an error of its own',
    answer(429, { success: false, error: 'tfa_locked', msg: 'Locked.', locked_until: 1769864710 }),
    1,
    'api_error',
  ],
  [
    '429 with an error that is a rate limit',
    answer(429, { success: false, error: 'rate_limit_exceeded', msg: 'Slow down.' }),
    7,
    'rate_limited',
  ],
  [
    '401 of a wrong backup code',
    answer(401, { success: false, error: 'invalid_backup_code', msg: 'Invalid backup code.' }),
    1,
    'api_error',
  ],
  [
    '403 of two-factor login',
    answer(403, { success: false, error: 'authorization_required', msg: 'Authorization required.' }),
    1,
    'api_error',
  ],
  ['400 with msg', answer(400, { success: false, error: 'invalid_args', msg: 'Bad.' }), 1, 'api_error'],
  [
    '400 with message',
    answer(400, { success: false, error: 'invalid_args', message: 'Bad.' }),
    1,
    'api_error',
  ],
  ['401 without a body', answer(401), 8, 'unreachable'],
  ['403 with a page of HTML', answer(403, '<html><body>Blocked</body></html>'), 8, 'unreachable'],
  ['404 with text', answer(404, 'Not Found'), 8, 'unreachable'],
  ['403 with the JSON of a gateway', answer(403, { message: 'Forbidden' }), 8, 'unreachable'],
  ['429 with a page of HTML', answer(429, '<html><body>Slow down</body></html>'), 7, 'rate_limited'],
  ['200 with success false', answer(200, { success: false, msg: 'It failed.' }), 1, 'api_error'],
  ['500 with JSON', answer(500, { success: false, msg: 'Oops.' }), 8, 'unreachable'],
  ['503 with a page of HTML', answer(503, '<html><body>Busy</body></html>'), 8, 'unreachable'],
  ['200 with a page of HTML', { kind: 'junk' }, 8, 'unreachable'],
  ['200 with nothing', answer(200), 8, 'unreachable'],
  ['200 with null', answer(200, 'null'), 8, 'unreachable'],
  ['200 with a list', answer(200, '[]'), 8, 'unreachable'],
  ['200 with the wrong fields', answer(200, { id: 'many' }), 8, 'unreachable'],
  ['200 nested without end', answer(200, '['.repeat(100_000)), 8, 'unreachable'],
  ['half an answer', { kind: 'truncate' }, 8, 'unreachable'],
  ['11 MiB', { kind: 'oversize' }, 8, 'unreachable'],
  ['no answer', { kind: 'drop' }, 8, 'unreachable'],
];

describe.concurrent('an answer of the API', () => {
  it.for(FAULTS)('%s', async ([, fault, exit, code], { harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(USER, fault);
    const ran = await vastai([...SHOW, '--json']);
    expect(ran.status).toBe(exit);
    const { error } = ran.json();
    expect(Object.keys(ran.json())).toEqual(['error']);
    expect(error.code).toBe(code);
    if (fault.kind === 'answer' && exit !== 8) expect(error.status).toBe(fault.status);
    if (exit === 4 || exit === 5 || exit === 11) expect(error.source).toContain(`…${sandbox.key.slice(-4)}`);
    expect(asked()).toEqual([USER]);
  });

  it('is repeated to the person in its own words', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault(USER, answer(400, { success: false, error: 'invalid_args', message: 'The moon is full.' }));
    const ran = await vastai(SHOW);
    expect(ran.stderr).toContain('The moon is full.');
    expect(ran.stdout).toBe('');
  });
});

/** The same through the sandbox's own decisions, in each form that the documents know. */
const SWITCHES: readonly (readonly [what: string, Partial<Quirks>, string[], exit: number])[] = [
  ['an unknown key, 404', { unknownKey: 404 }, ['--api-key', 'f'.repeat(64)], 4],
  ['an unknown key, 401', { unknownKey: 401 }, ['--api-key', 'f'.repeat(64)], 4],
  ['a two-factor account, 404', { twoFactor: 'session_expired' }, [], 11],
  ['a two-factor account, 401', { twoFactor: 'required' }, [], 11],
];

describe.concurrent('the sandbox responds to', () => {
  it.for(SWITCHES)('%s', async ([, quirks, args, exit], { harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    Object.assign(sandbox.quirks, quirks);
    expect((await vastai([...SHOW, ...args])).status).toBe(exit);
  });

  it.for([401, 403] as const)(
    'a missing permission, %i, and the lines that grant it are shown',
    async (status, { harness }) => {
      const { vastai, sandbox, saveKey, addKey } = harness;
      sandbox.quirks.lackingPermission = status;
      await saveKey((await addKey({ name: 'scoped', permissions: { api: { misc: {} } } })).value);
      const ran = await vastai(['show', 'api-keys']);
      expect(ran.status).toBe(5);
      expect(ran.stderr).toContain('category "user_read"');
      expect(ran.stderr).toContain('"user_read": {}');
    },
  );

  it.for([401, 403] as const)(
    "another user's key, %i",
    async (status, { harness: { vastai, sandbox, saveKey } }) => {
      await saveKey();
      sandbox.quirks.anotherUsers = status;
      expect((await vastai(['delete', 'api-key', '41', '--yes'])).status).toBe(5);
      const ran = await vastai(['show', 'api-key', '41']);
      expect(ran.status).toBe(5);
      expect(ran.stderr).toContain('Check the ID, or use a key of the account that owns it.');
      expect(ran.stderr).not.toContain('user_read');
    },
  );
});
