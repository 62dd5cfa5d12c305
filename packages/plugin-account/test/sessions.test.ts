import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const SESSIONS = '/api/v0/auth/sessions/';
const KEY = 'c3'.repeat(32);
const CREATED = 1_800_000_000;
const FIRST = {
  id: 7,
  session_key: KEY,
  created_at: CREATED,
  expires_at: CREATED + 604_800,
  ip_address: '192.0.2.1',
};
const NOT_DOCUMENTED = 'Vast.ai does not document this request';

async function withSessions({ saveKey, sandbox }: Harness, list: unknown = [FIRST, { id: 8 }]) {
  await saveKey();
  sandbox.fault(`GET ${SESSIONS}`, { kind: 'answer', status: 200, body: list }, Number.POSITIVE_INFINITY);
}

describe.concurrent('show sessions', () => {
  it.runIf(canOpenTerminal())('fits a narrow terminal', async ({ harness }) => {
    await withSessions(harness);
    const { screen } = await harness.onTerminal(['show', 'sessions', '--no-color'], { columns: 50 }).ended;
    expect(screen).toContain('ID  CREATED            EXPIRES\r\n');
    expect(screen).toMatch(/^7 .*\r\n {4}address 192\.0\.2\.1\r\n/mu);
  });

  it('lists them without their keys', async ({ harness }) => {
    await withSessions(harness);
    const { vastai, asked } = harness;
    const lines = (await vastai(['show', 'sessions'])).stdout.trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^ID +CREATED +EXPIRES +LAST USED +ADDRESS +CLIENT$/u),
      expect.stringMatching(/^7 +2027-01-15T08:00Z +2027-01-22T08:00Z +- +192\.0\.2\.1 +-$/u),
      expect.stringMatching(/^8 +- +- +- +- +-$/u),
    ]);
    const document = await vastai(['show', 'sessions', '--json']);
    expect(document.json()).toMatchObject([{ id: 7, last_used: null, user_agent: null }, { id: 8 }]);
    const raw = await vastai(['show', 'sessions', '--raw']);
    expect(raw.json()).toEqual([
      { id: 7, created_at: CREATED, expires_at: CREATED + 604_800, ip_address: '192.0.2.1' },
      { id: 8 },
    ]);
    expect(lines.join() + document.stdout + raw.stdout).not.toContain(KEY);
    expect(new Set(asked())).toEqual(new Set([`GET ${SESSIONS}`]));
  });

  it('never prints a key that is alone in the list', async ({ harness }) => {
    await withSessions(harness, { sessions: [KEY, { id: KEY }] });
    for (const flag of ['--json', '--raw', '--no-color']) {
      const ran = await harness.vastai(['show', 'sessions', flag]);
      expect(ran.status).toBe(0);
      expect(ran.stdout + ran.stderr).not.toContain(KEY);
    }
  });
});

describe.concurrent('a session of the account', () => {
  it('is listed until it is ended', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    const values = [40, 40].map((key) => sandbox.twoFactor.beginSession(key));
    const [first, second] = (await vastai(['show', 'sessions', '--json'])).json();
    expect(first).toMatchObject({ id: expect.any(Number), expires_at: first.created_at + 604_800 });
    expect((await vastai(['delete', 'session', String(first.id), '--yes'])).status).toBe(0);
    const left = await vastai(['show', 'sessions', '--json']);
    expect(left.json()).toEqual([second]);
    for (const value of values) expect(left.stdout).not.toContain(value);
    const again = await vastai(['delete', 'session', String(first.id), '--yes']);
    expect([again.status, again.stdout]).toEqual([6, '']);
  });
});

describe.concurrent('delete session', () => {
  it('sends the ID, and says that the request is not documented', async ({ harness }) => {
    const { vastai, sandbox, asked } = harness;
    await withSessions(harness);
    const done = { kind: 'answer', status: 200, body: { success: true } } as const;
    sandbox.fault(`DELETE ${SESSIONS}`, done, 2);
    const ran = await vastai(['delete', 'session', '7', '--yes']);
    expect(ran).toMatchObject({ status: 0, stdout: 'Ended session 7\n' });
    expect(ran.stderr).toContain(NOT_DOCUMENTED);
    expect(asked()).toEqual([`DELETE ${SESSIONS}`]);
    expect(sandbox.requests.at(-1)?.body).toEqual({ id: 7 });
    expect((await vastai(['delete', 'session', 'f3-2', '--yes', '--json'])).json()).toEqual({
      deleted: 'f3-2',
    });
    expect(sandbox.requests.at(-1)?.body).toEqual({ id: 'f3-2' });
  });

  it('needs --yes without a terminal', async ({ harness }) => {
    await withSessions(harness);
    expect(await harness.vastai(['delete', 'session', '7'])).toMatchObject({ status: 2, stdout: '' });
    expect(harness.asked()).toEqual([]);
  });

  it('never repeats what may be a session key', async ({ harness }) => {
    await withSessions(harness);
    for (const id of [KEY, `${KEY} `, 'a b', '../x', '']) {
      const ran = await harness.vastai(['delete', 'session', id, '--yes']);
      expect([ran.status, ran.stdout]).toEqual([2, '']);
      expect(ran.stderr).not.toContain(KEY);
    }
    expect(harness.asked()).toEqual([]);
  });

  it('ends with 6 if there is no such session', async ({ harness }) => {
    await withSessions(harness);
    const body = { success: false, error: 'not_found', msg: 'Session not found.' };
    harness.sandbox.fault(`DELETE ${SESSIONS}`, { kind: 'answer', status: 404, body });
    const ran = await harness.vastai(['delete', 'session', '9', '--yes']);
    expect(ran.status).toBe(6);
    expect(ran.stderr).toContain('The account has no login session 9.');
    expect(ran.stderr).toContain('vastai show sessions');
  });

  it('says how to check if the response was lost, and does not repeat the request', async ({ harness }) => {
    await withSessions(harness);
    harness.sandbox.fault(`DELETE ${SESSIONS}`, { kind: 'drop', acts: true });
    const ran = await harness.vastai(['delete', 'session', '7', '--yes']);
    expect(ran.status).toBe(8);
    expect(ran.stderr).toContain('The session may have ended. Check it with: vastai show sessions');
    expect(harness.asked()).toEqual([`DELETE ${SESSIONS}`]);
  });

  it.runIf(canOpenTerminal())('describes the session before it asks', async ({ harness }) => {
    await withSessions(harness);
    const { onTerminal, asked } = harness;
    const kept = onTerminal(['delete', 'session', '7'], { columns: 120 });
    await kept.see('End session 7 (of 2027-01-15, from 192.0.2.1)?');
    kept.type('n\r');
    const { status, screen } = await kept.ended;
    expect(status).toBe(2);
    expect(screen).toContain(NOT_DOCUMENTED);
    expect((await onTerminal(['delete', 'session', '9']).ended).status).toBe(6);
    expect(asked()).toEqual([`GET ${SESSIONS}`, `GET ${SESSIONS}`]);
  });
});
