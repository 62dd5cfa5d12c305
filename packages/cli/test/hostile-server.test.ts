import type { Stage } from '@vastai-cli/kit/testing/stage';
import { canOpenTerminal } from '@vastai-cli/kit/testing/terminal-session';
import { describe, expect } from 'vitest';
import { it } from './support/it.js';

type Fault = Parameters<Stage['sandbox']['fault']>[1];

const USER = 'GET /api/v0/users/current/';
const LIST = 'GET /api/v0/auth/apikeys/';
/** Clears the screen, sets the title, hides in C1, turns the direction of writing. */
const EVIL = '\u001b[2J\u001b]0;owned\u0007\u009b31mred\u202eder\u0008\u007f\r\nFAKE: all is well';
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe.concurrent('a server that repeats the key', () => {
  it.for([
    [
      'in the message of an error',
      (key: string) => ({ status: 400, body: { success: false, msg: `No ${key}` } }),
    ],
    ['in an error that is no JSON', (key: string) => ({ status: 400, body: `Bearer ${key} refused` })],
    ['in a server error', (key: string) => ({ status: 500, body: { msg: `${key} crashed` } })],
    [
      'in the fields of the user',
      (key: string) => ({ status: 200, body: { id: 1, email: key, username: `x${key}x`, [key]: 'name' } }),
    ],
    [
      'in api_key, at any depth',
      (key: string) => ({
        status: 200,
        body: { id: 1, api_key: key, more: [{ api_key: key, apiKey: key }] },
      }),
    ],
    [
      'in a redirect',
      (key: string) => ({ status: 302, headers: { location: `https://${key}.example/${key}` } }),
    ],
    ['in a header', (key: string) => ({ status: 200, body: { id: 1 }, headers: { 'x-echo': key } })],
  ] as const)('%s: it is not printed', async ([, answer], { stage: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    const fault: Fault = { kind: 'answer', ...answer(sandbox.key) };
    sandbox.fault(USER, fault, Number.POSITIVE_INFINITY);
    const all = [];
    for (const flags of [['--explain'], ['--raw', '--explain']]) {
      const { stdout, stderr } = await vastai(['show', 'user', '--retry', '0', ...flags]);
      all.push(stdout, stderr);
    }
    expect(all.join('\n').toLowerCase()).not.toContain(sandbox.key);
  });

  it('as the answer to "show api-key": it is not printed', async ({ stage }) => {
    const { vastai, sandbox, saveKey, addKey } = stage;
    const { value } = await addKey({ name: 'other' });
    await saveKey();
    sandbox.answers.showKey = 'value';
    const ran = await vastai(['show', 'api-key', '42', '--raw', '--explain']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({ id: 42, name: 'other', key: null });
    expect(ran.stdout + ran.stderr).not.toContain(value);
  });

  it('in a list of keys: none is printed', async ({ stage: { vastai, sandbox, saveKey, unknownKey } }) => {
    await saveKey();
    const other = await unknownKey();
    const body = {
      apikeys: [
        { id: 1, name: 'a', key: other },
        { id: 2, name: 'b', api_key: sandbox.key },
      ],
    };
    sandbox.fault(LIST, { kind: 'answer', status: 200, body }, Number.POSITIVE_INFINITY);
    for (const flags of [['--explain'], ['--json'], ['--raw']]) {
      const ran = await vastai(['show', 'api-keys', ...flags]);
      expect(ran.status).toBe(0);
      expect(ran.stdout + ran.stderr).not.toContain(other);
      expect(ran.stdout + ran.stderr).not.toContain(sandbox.key);
    }
  });
});

describe.concurrent('a server that steers the terminal', () => {
  it('in an error', async ({ stage: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault(USER, { kind: 'answer', status: 400, body: { success: false, msg: EVIL } }, 2);
    const shown = await vastai(['show', 'user']);
    expect(shown.stderr).not.toMatch(CONTROLS);
    expect(shown.stderr).not.toMatch(/^FAKE/m);
    expect((await vastai(['show', 'user', '--json'])).stdout).not.toMatch(CONTROLS);
  });

  it('in the user, whose values stay what they are', async ({ stage: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault(USER, { kind: 'answer', status: 200, body: { id: 1, email: EVIL } }, 3);
    for (const flags of [[], ['--json'], ['--raw']]) {
      const ran = await vastai(['show', 'user', ...flags]);
      expect(ran.stdout).not.toMatch(CONTROLS);
      expect(ran.json().email).toBe(EVIL);
    }
  });

  it('in a table and in --explain', async ({ stage: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    const body = {
      apikeys: [
        { id: 1, name: EVIL, team_name: EVIL, created_at: EVIL, permissions: { api: { [EVIL]: {} } } },
      ],
    };
    sandbox.fault(LIST, { kind: 'answer', status: 200, body, headers: { 'x-evil': '\u009b2J' } });
    const ran = await vastai(['show', 'api-keys', '--explain']);
    expect(ran.status).toBe(0);
    expect(ran.stdout + ran.stderr).not.toMatch(CONTROLS);
    expect(ran.stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  it('in what follows from an answer: notes, warnings, places', async ({ stage }) => {
    const { vastai, sandbox, saveKey } = stage;
    await saveKey();
    const user = { id: 1, email: EVIL, username: EVIL };
    sandbox.fault(USER, { kind: 'answer', status: 200, body: user }, Number.POSITIVE_INFINITY);
    for (const args of [
      ['auth', 'status'],
      ['set', 'api-key', sandbox.key],
    ]) {
      const ran = await vastai(args);
      expect(ran.status).toBe(0);
      expect(ran.stdout + ran.stderr).not.toMatch(CONTROLS);
    }
  });
});

describe.skipIf(!canOpenTerminal())('a question that names keys', { concurrent: true }, () => {
  it('does not let their names steer the terminal', async ({ stage }) => {
    const { onTerminal, sandbox, saveKey } = stage;
    await saveKey();
    const body = { apikeys: [{ id: 42, name: `${EVIL} tail` }] };
    sandbox.fault(LIST, { kind: 'answer', status: 200, body });
    const terminal = onTerminal(['delete', 'api-key', '42']);
    await terminal.see('Delete API key 42');
    terminal.type('n\r');
    const { screen } = await terminal.ended;
    expect(screen).not.toContain('\u001b[2J');
    expect(screen).not.toContain('owned\u0007');
    expect(screen).not.toContain('\u202e');
  });
});
