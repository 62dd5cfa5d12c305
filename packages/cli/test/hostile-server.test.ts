import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

type Fault = Parameters<Harness['sandbox']['fault']>[1];

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
  ] as const)('%s: it is not printed', async ([, answer], { harness: { vastai, sandbox, saveKey } }) => {
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

  it.for([
    ['in upper case', (key: string) => key.toUpperCase()],
    ['in base64', (key: string) => Buffer.from(key).toString('base64')],
    ['in base64 of a header', (key: string) => Buffer.from(`Bearer ${key}`).toString('base64')],
    ['in base64url of JSON', (key: string) => Buffer.from(`{"k":"${key}"}`).toString('base64url')],
    ...(
      ['\0', '\u001b', '\u001b[1m', '\u200b', '\u00ad', '\u202e', '\ufe01', '\u{e0041}', '\u0301'] as const
    ).map(
      (hidden) =>
        [
          `with ${[...hidden].map((one) => `U+${one.codePointAt(0)?.toString(16)}`).join(' ')} inside`,
          (key: string) => [...key].join(hidden),
        ] as const,
    ),
  ] as const)('%s: it is not printed, by any command', async ([, write], { harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    const { key } = sandbox;
    const echo = write(key);
    const user: Fault = {
      kind: 'answer',
      status: 200,
      body: { id: 1, email: echo, username: echo, [echo]: 1 },
    };
    const bad: Fault = { kind: 'answer', status: 400, body: { success: false, msg: `No ${echo}` } };
    const apikeys = [
      { id: 42, name: echo, team_name: echo, created_at: echo, permissions: { api: { [echo]: {} } } },
    ];
    const outputs: string[] = [];
    const run = async (fault: Fault, route: string, ...lines: string[][]) => {
      sandbox.clearFaults();
      sandbox.fault(route, fault, Number.POSITIVE_INFINITY);
      for (const args of lines) {
        const { stdout, stderr } = await vastai(args);
        outputs.push(stdout, stderr);
      }
    };
    const commands = [
      ['show', 'user', '--explain'],
      ['show', 'user', '--raw'],
      ['auth', 'status'],
      ['doctor'],
    ];
    await run(user, USER, ...commands);
    await run(bad, USER, ...commands, ['show', 'user', '--json']);
    await run({ kind: 'answer', status: 403, body: `<p>${echo}` }, USER, ['show', 'user', '--explain']);
    await run(
      { kind: 'answer', status: 200, body: { apikeys } },
      LIST,
      ['show', 'api-keys'],
      ['show', 'api-keys', '--json'],
    );
    const bare = (text: string) =>
      text
        .replace(/\\u([0-9a-f]{4})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
        .replace(/\u001b\[[0-9;]*m|[^!-~]/gu, '')
        .toLowerCase();
    expect(bare(outputs.join(''))).not.toContain(bare(key));
    expect(bare(outputs.join(''))).not.toContain(bare(Buffer.from(key).toString('base64').slice(4, 40)));
    expect(bare(outputs.join(''))).not.toContain(bare(echo).slice(16, 60));
  });

  it('in the address of a redirect within the origin: --explain does not print it', async ({ harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    const { key } = sandbox;
    for (const to of [
      `/api/v0/users/current/?key=${key}`,
      `/api/v0/users/current/?key=${key.toUpperCase()}`,
      `/api/v0/users/current/?key=${[...key].map((one) => `%${one.charCodeAt(0).toString(16)}`).join('')}`,
      `/api/v0/users/current/?key=${Buffer.from(key).toString('base64url')}`,
      `/api/v0/users/current/?key=${[...key].join('%E2%80%8B')}`,
    ]) {
      sandbox.fault(USER, { kind: 'redirect', to });
      const ran = await vastai(['show', 'user', '--explain']);
      expect(ran.status).toBe(0);
      const shown = decodeURIComponent(ran.stderr.replace(/%E2%80%8B/g, '')).toLowerCase();
      expect(shown).toContain('/api/v0/users/current/?key=…');
      expect(shown).not.toContain(key.slice(0, 32));
      expect(shown).not.toContain(Buffer.from(key).toString('base64url').slice(0, 40).toLowerCase());
    }
    expect(asked()).toHaveLength(10);
  });

  it('as the answer to "show api-key": it is not printed', async ({ harness }) => {
    const { vastai, sandbox, saveKey, addKey } = harness;
    const { value } = await addKey({ name: 'other' });
    await saveKey();
    sandbox.quirks.showKey = 'value';
    const ran = await vastai(['show', 'api-key', '42', '--raw', '--explain']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({ id: 42, name: 'other', key: null });
    expect(ran.stdout + ran.stderr).not.toContain(value);
  });

  it('in a list of keys: none is printed', async ({ harness: { vastai, sandbox, saveKey, unknownKey } }) => {
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

describe.concurrent('a server that sends terminal sequences', () => {
  it('in an error', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault(USER, { kind: 'answer', status: 400, body: { success: false, msg: EVIL } }, 2);
    const shown = await vastai(['show', 'user']);
    expect(shown.stderr).not.toMatch(CONTROLS);
    expect(shown.stderr).not.toMatch(/^FAKE/m);
    expect((await vastai(['show', 'user', '--json'])).stdout).not.toMatch(CONTROLS);
  });

  it('that are invisible', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    const hidden = [...'run this'].map((one) => String.fromCodePoint(0xe0000 + one.charCodeAt(0))).join('');
    const email = `you${hidden}\u{e0000}\u{e007f}\u{e0101}\u00ad\u3164@example.com`;
    const apikeys = [{ id: 1, name: email, team_name: email }];
    sandbox.fault(USER, { kind: 'answer', status: 200, body: { id: 1, email } }, Number.POSITIVE_INFINITY);
    sandbox.fault(LIST, { kind: 'answer', status: 200, body: { apikeys } }, Number.POSITIVE_INFINITY);
    for (const args of [
      ['show', 'user'],
      ['show', 'user', '--json'],
      ['show', 'user', '--raw', '--explain'],
      ['show', 'api-keys'],
      ['show', 'api-keys', '--json'],
      ['auth', 'status'],
      ['auth', 'status', '--json'],
    ]) {
      const ran = await vastai(args);
      expect(ran.status).toBe(0);
      expect(ran.stdout + ran.stderr).not.toMatch(/[\u{e0000}-\u{e0fff}\u00ad\u3164]/u);
    }
    expect((await vastai(['show', 'user', '--json'])).json().email).toBe(email);
  });

  it('in the user, whose values do not change', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault(USER, { kind: 'answer', status: 200, body: { id: 1, email: EVIL } }, 3);
    for (const flags of [[], ['--json'], ['--raw']]) {
      const ran = await vastai(['show', 'user', ...flags]);
      expect(ran.stdout).not.toMatch(CONTROLS);
      expect(ran.json().email).toBe(EVIL);
    }
  });

  it('in a table and in --explain', async ({ harness: { vastai, sandbox, saveKey } }) => {
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

  it('in notes, warnings and places from a response', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
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
  it('cleans their names for the terminal', async ({ harness }) => {
    const { onTerminal, sandbox, saveKey } = harness;
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
