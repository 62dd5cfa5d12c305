import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const LIST = 'GET /api/v0/auth/apikeys/';
const ONE = 'GET /api/v0/auth/apikeys/42/';

const COUNT = 10_000;
/** The width of the longest name: 58 letters after `key 9999 `. */
const WIDEST = 'key 9999 '.length + 58;
const MANY_KEYS = Array.from({ length: COUNT }, (_, at) => ({
  id: at + 1,
  name: `key ${at + 1} ${at % 2 === 0 ? 'x'.repeat(58) : '漢'.repeat(at % 29)}`.trimEnd(),
  key: null,
  permissions: false,
  created_at: 1_700_000_000,
}));

function offerManyKeys({ sandbox }: Harness): void {
  sandbox.fault(LIST, { kind: 'answer', status: 200, body: { apikeys: MANY_KEYS } }, 3);
}

describe.concurrent('show api-keys', () => {
  it('lists the keys as a table', async ({ harness: { vastai, saveKey, addKey, asked } }) => {
    await addKey({ name: 'scoped', permissions: { api: { misc: {}, user_read: {} } } });
    await addKey({ name: 'grants nothing', permissions: { api: {} } });
    await saveKey();
    const ran = await vastai(['show', 'api-keys']);
    expect(ran.status).toBe(0);
    const [head, ...rows] = ran.stdout.trimEnd().split('\n');
    expect(head).toMatch(/^ID +NAME +PERMISSIONS +TEAM +CREATED$/);
    expect(rows[0]).toMatch(/^40 +full access +- +\d{4}-\d\d-\d\d$/);
    expect(rows[1]).toMatch(/^42 +scoped +misc, user_read +- +\d{4}-\d\d-\d\d$/);
    expect(rows[2]).toMatch(/^43 +grants nothing +none +- +\d{4}-\d\d-\d\d$/);
    expect(asked()).toEqual([LIST]);
  });

  it('prints an array of keys with all fields with --json', async ({ harness }) => {
    const { vastai, saveKey, addKey } = harness;
    await addKey({ name: 'scoped', permissions: { api: { misc: {} } } });
    await saveKey();
    const keys = (await vastai(['show', 'api-keys', '--json'])).json();
    const created_at = expect.any(Number);
    const rest = { team_id: null, team_name: null, created_at };
    expect(keys).toEqual([
      { id: 40, name: null, permissions: null, full_access: true, key_type: 'primary', ...rest },
      {
        id: 42,
        name: 'scoped',
        permissions: { api: { misc: {} } },
        full_access: false,
        key_type: 'user',
        ...rest,
      },
    ]);
    expect(Object.keys(keys[0])).toEqual(Object.keys(keys[1]));
  });

  it('lists 10,000 keys in order, to a pipe and as JSON', async ({ harness }) => {
    const { vastai, saveKey } = harness;
    await saveKey();
    offerManyKeys(harness);
    const lines = (await vastai(['show', 'api-keys'])).stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(COUNT + 1);
    const start = lines[0]?.indexOf('PERMISSIONS') ?? 0;
    expect(start).toBe('10001  '.length + WIDEST + 2);
    for (const [at, line] of lines.slice(1).entries()) {
      expect(line).toMatch(new RegExp(`^${at + 1} +key ${at + 1}\\b`));
      // A wide character is one character in the text, and two columns on the screen.
      expect(line.indexOf('full access')).toBe(start - (line.match(/\p{Script=Han}/gu)?.length ?? 0));
    }
    const ids = (keys: readonly { id: number }[]) => keys.map(({ id }) => id);
    expect(ids((await vastai(['show', 'api-keys', '--json'])).json())).toEqual(ids(MANY_KEYS));
    const raw = await vastai(['show', 'api-keys', '--raw']);
    expect(ids(raw.json().apikeys)).toEqual(ids(MANY_KEYS));
  });

  it.skipIf(!canOpenTerminal())('fits 10,000 keys into a terminal of 80 columns', async ({ harness }) => {
    const { onTerminal, saveKey } = harness;
    await saveKey();
    offerManyKeys(harness);
    const { status, screen } = await onTerminal(['show', 'api-keys'], {
      columns: 80,
      env: { NO_COLOR: '1' },
    }).ended;
    expect(status).toBe(0);
    const lines = screen.trimEnd().split('\r\n');
    expect(lines).toHaveLength(COUNT + 2);
    expect(lines.pop()).toBe('10000 keys.');
    for (const [at, line] of lines.slice(1).entries()) {
      expect(line).toMatch(new RegExp(`^${at + 1} +key ${at + 1}\\b.* 2023-11-14$`));
      const wide = line.match(/\p{Script=Han}/gu)?.length ?? 0;
      expect(line.length + wide).toBe(80);
    }
  });

  it('prints an empty list', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault(LIST, { kind: 'answer', status: 200, body: { apikeys: [] } }, 2);
    expect((await vastai(['show', 'api-keys', '--json'])).json()).toEqual([]);
    expect((await vastai(['show', 'api-keys'])).stdout).toMatch(/^ID +NAME/);
  });
});

describe.concurrent('show api-key', () => {
  it('prints one key as JSON, in one request', async ({ harness: { vastai, saveKey, addKey, asked } }) => {
    await addKey({ name: 'old' });
    await saveKey();
    const ran = await vastai(['show', 'api-key', '42']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({ id: 42, name: 'old', permissions: null, full_access: true });
    expect(ran.json()).not.toHaveProperty('key');
    expect((await vastai(['show', 'api-key', '42', '--json'])).stdout).toBe(ran.stdout);
    expect(asked()).toEqual([ONE, ONE]);
  });

  it.for([404, 405, 410, 'value'] as const)(
    'falls back to the list if the route of the key returns no record (%s)',
    async (how, { harness }) => {
      const { vastai, sandbox, saveKey, addKey, asked } = harness;
      const { value } = await addKey({ name: 'old' });
      await saveKey();
      sandbox.quirks.showKey = how;
      const ran = await vastai(['show', 'api-key', '42']);
      expect(ran.status).toBe(0);
      expect(ran.json()).toMatchObject({ id: 42, name: 'old' });
      expect(ran.stdout).not.toContain(value);
      expect(asked()).toEqual([ONE, LIST]);
    },
  );

  it('exits with 6 if the key does not exist', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    const ran = await vastai(['show', 'api-key', '999', '--json']);
    expect(ran.status).toBe(6);
    expect(ran.json().error).toMatchObject({ code: 'not_found', status: 404 });
  });

  it.for(['0', '1e3', '42/../43', ''])(
    'rejects %j as an id',
    async (id, { harness: { vastai, saveKey, asked } }) => {
      await saveKey();
      for (const args of [
        ['show', 'api-key', '--', id],
        ['delete', 'api-key', '--yes', '--', '42', id],
      ]) {
        const ran = await vastai([...args]);
        expect(ran.status).toBe(2);
        expect(ran.stdout).toBe('');
        expect(ran.stderr).not.toMatch(/\n\s+at /);
      }
      expect(asked()).toEqual([]);
    },
  );

  it('rejects -1 as an id', async ({ harness: { vastai, saveKey, asked } }) => {
    await saveKey();
    expect((await vastai(['show', 'api-key', '-1'])).status).toBe(2);
    expect((await vastai(['delete', 'api-key', '-1', '--yes'])).status).toBe(2);
    expect(asked()).toEqual([]);
  });
});
