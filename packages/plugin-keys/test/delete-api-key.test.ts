import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const route = (id: number) => `DELETE /api/v0/auth/apikeys/${id}/`;

describe.concurrent('delete api-key', () => {
  it('deletes a key', async ({ harness: { vastai, sandbox, saveKey, addKey, asked } }) => {
    const { id } = await addKey({ name: 'old' });
    await saveKey();
    const ran = await vastai(['delete', 'api-key', '42', '--yes']);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toBe('Deleted API key 42\n');
    expect(sandbox.keys().find((key) => key.id === id)?.revoked).toBe(true);
    expect(asked()).toEqual([route(42)]);
  });

  it('tries all ids and reports each', async ({ harness: { vastai, saveKey, addKey, asked } }) => {
    await addKey({ name: 'old' });
    await saveKey();
    // Another user's key, a missing key, the primary key, and a key to delete.
    const ran = await vastai(['delete', 'api-key', '41', '999', '40', '42', '--yes', '--json']);
    expect(ran.status).toBe(5);
    expect(ran.json()).toMatchObject({
      error: { code: 'forbidden', status: 403 },
      deleted: [42],
      absent: [999],
      failed: [
        { id: 41, error: { code: 'forbidden' } },
        { id: 40, error: { code: 'api_error', status: 400 } },
      ],
    });
    expect(asked()).toEqual([41, 999, 40, 42].map(route));
  });

  it('reports each id to a person, too', async ({ harness: { vastai, saveKey, addKey } }) => {
    await addKey({ name: 'old' });
    await saveKey();
    const ran = await vastai(['delete', 'api-key', '41', '999', '40', '42', '--yes']);
    expect(ran.status).toBe(5);
    expect(ran.stdout).toBe('Deleted API key 42\n');
    for (const id of [41, 40]) expect(ran.stderr).toContain(`API key ${id} was not deleted. `);
    expect(ran.stderr).toContain('API key 999 does not exist.');
    expect(ran.stderr).toContain('You cannot delete your primary key.');
  });

  it('reports each id only in the document with --json', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    const ran = await vastai(['delete', 'api-key', '999', '41', '40', '--yes', '--json']);
    expect(ran).toMatchObject({ status: 5, stderr: '' });
  });

  it('counts a missing key as deleted among several ids, and as not found alone', async ({ harness }) => {
    const { vastai, saveKey, addKey } = harness;
    await addKey({ name: 'old' });
    await saveKey();
    const several = await vastai(['delete', 'api-key', '42', '999', '--yes', '--json']);
    expect(several.status).toBe(0);
    expect(several.json()).toEqual({ deleted: [42], absent: [999], failed: [] });
    const again = await vastai(['delete', 'api-key', '42', '999', '--yes', '--json']);
    expect(again.status).toBe(0);
    expect(again.json()).toEqual({ deleted: [], absent: [42, 999], failed: [] });
    const alone = await vastai(['delete', 'api-key', '42', '--yes', '--json']);
    expect(alone.status).toBe(6);
    expect(alone.json()).toMatchObject({
      error: { code: 'not_found' },
      deleted: [],
      absent: [42],
      failed: [],
    });
  });

  it('says once that a key does not exist, in the error or before it', async ({ harness }) => {
    await harness.saveKey();
    const alone = await harness.vastai(['delete', 'api-key', '999', '--yes']);
    expect(alone).toMatchObject({
      status: 6,
      stdout: '',
      stderr: 'Error: API key 999 does not exist.\nList the keys of the account: vastai show api-keys\n',
    });
    const several = await harness.vastai(['delete', 'api-key', '999', '998', '--yes']);
    expect(several).toMatchObject({
      status: 0,
      stdout: '',
      stderr: 'API key 999 does not exist.\nAPI key 998 does not exist.\n',
    });
  });

  it('gives a script the HTTP status for a key that does not exist', async ({ harness }) => {
    await harness.saveKey();
    const ran = await harness.vastai(['delete', 'api-key', '999', '--yes', '--json']);
    expect(ran.json().error).toMatchObject({
      code: 'not_found',
      message: 'API key 999 does not exist.',
      status: 404,
    });
  });

  it('names the key that could not be deleted among several, the first failure last', async ({ harness }) => {
    const { vastai, saveKey } = harness;
    await saveKey();
    const alone = await vastai(['delete', 'api-key', '40', '--yes']);
    expect(alone).toMatchObject({ status: 1, stdout: '' });
    expect(alone.stderr).toMatch(/^Error: .*You cannot delete your primary key\./u);
    expect(alone.stderr).not.toContain('API key 40 was not deleted.');
    const several = await vastai(['delete', 'api-key', '40', '999', '--yes']);
    expect(several).toMatchObject({ status: 1, stdout: '' });
    expect(several.stderr).toMatch(
      /^API key 999 does not exist\.\nError: API key 40 was not deleted\. .*You cannot delete your primary key\./u,
    );
    expect(several.stderr).not.toContain('Warning');
  });

  it('prints the API response for one key with --raw, and a list for several', async ({ harness }) => {
    const { vastai, saveKey, addKey } = harness;
    for (const name of ['a', 'b', 'c']) await addKey({ name });
    await saveKey();
    const raw = async (...ids: string[]) =>
      (await vastai(['delete', 'api-key', ...ids, '--yes', '--raw'])).json();
    const answer = 'Successfully Deleted API Key';
    expect(await raw('42')).toBe(answer);
    expect(await raw('43', '999', '44')).toEqual([answer, answer]);
    expect(await raw('999')).toMatchObject({ error: { code: 'not_found' }, absent: [999] });
  });

  it('does nothing without a terminal unless --yes is given', async ({ harness }) => {
    const { vastai, saveKey, asked } = harness;
    await saveKey();
    const ran = await vastai(['delete', 'api-key', '42'], { input: 'y\n' });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('--yes');
    expect(asked()).toEqual([]);
  });

  it('waits as long as the rate limit requires, then goes on', async ({ harness }) => {
    const { vastai, sandbox, saveKey, addKey, asked } = harness;
    for (const name of ['a', 'b', 'c']) await addKey({ name });
    await saveKey();
    const busy = { kind: 'answer', status: 429, body: { detail: 'threshold=0.2' } } as const;
    sandbox.fault(route(43), busy);
    const ran = await vastai(['delete', 'api-key', '42', '43', '44', '--yes', '--json']);
    expect(ran.json()).toEqual({ deleted: [42, 43, 44], absent: [], failed: [] });
    expect(asked()).toEqual([42, 43, 43, 44].map(route));
  });
});

describe.skipIf(!canOpenTerminal())('delete api-key on a terminal', { concurrent: true }, () => {
  it('names the keys with exactly two more requests, and deletes them after a yes', async ({ harness }) => {
    const { onTerminal, sandbox, home, saveKey, addKey, asked } = harness;
    await addKey({ name: 'old laptop' });
    await saveKey();
    const terminal = onTerminal(['delete', 'api-key', '42', '999'], { stdoutTo: home.at('stdout') });
    await terminal.see('"old laptop"');
    terminal.type('y\r');
    const { status, screen } = await terminal.ended;
    expect(status).toBe(0);
    expect(screen).toContain('Delete 2 API keys: 42 "old laptop", 999 (no such key)?');
    expect(screen).not.toContain('Warning');
    expect(await home.read('stdout')).toBe('Deleted API key 42\n');
    expect(asked()).toEqual([
      'GET /api/v0/auth/apikeys/',
      'GET /api/v0/users/current/',
      route(42),
      route(999),
    ]);
    expect(sandbox.keys().find(({ id }) => id === 42)?.revoked).toBe(true);
  });

  it('does not call a key missing if a record of the list cannot be read', async ({ harness }) => {
    const { onTerminal, sandbox, saveKey } = harness;
    await saveKey();
    const body = { apikeys: [{ id: 41, name: 'a' }, { id: '42' }] };
    sandbox.fault('GET /api/v0/auth/apikeys/', { kind: 'answer', status: 200, body });
    const terminal = onTerminal(['delete', 'api-key', '42']);
    await terminal.see('Delete API key 42?');
    terminal.type('n\r');
    expect((await terminal.ended).screen).not.toContain('no such key');
  });

  it('lists many keys above the question', async ({ harness }) => {
    const { onTerminal, saveKey, addKey } = harness;
    await addKey({ name: 'old laptop' });
    await saveKey();
    const ids = Array.from({ length: 11 }, (_, at) => String(42 + at));
    const terminal = onTerminal(['delete', 'api-key', ...ids]);
    await terminal.see('Delete these 11 API keys?');
    terminal.type('n\r');
    const { screen } = await terminal.ended;
    const listed = screen.slice(0, screen.indexOf('Delete these'));
    expect(listed).toContain('42 "old laptop"');
    expect(listed).toContain('52 (no such key)');
  });

  it.for([
    ['n\r', 2],
    ['\r', 2],
    ['\x03', 130],
  ] as const)('deletes nothing after %j', async ([answer, status], { harness }) => {
    const { onTerminal, saveKey, addKey, asked } = harness;
    await addKey({ name: 'old laptop' });
    await saveKey();
    const terminal = onTerminal(['delete', 'api-key', '42']);
    await terminal.see('Delete API key 42 "old laptop"?');
    terminal.type(answer);
    expect((await terminal.ended).status).toBe(status);
    expect(asked().filter((line) => line.startsWith('DELETE'))).toEqual([]);
  });

  it('warns if the key is the key in use', async ({ harness: { onTerminal, saveKey, addKey } }) => {
    const { value } = await addKey({ name: 'mine' });
    await saveKey(value);
    const terminal = onTerminal(['delete', 'api-key', '42']);
    await terminal.see('Delete API key 42 "mine"?');
    terminal.type('n\r');
    expect((await terminal.ended).screen).toMatch(/Warning:.* API key 42 is the key in use/);
  });

  it('asks without names if the key may not list keys', async ({
    harness: { onTerminal, saveKey, addKey, asked },
  }) => {
    const { value } = await addKey({ name: 'writer', permissions: { api: { user_write: {} } } });
    await addKey({ name: 'old' });
    await saveKey(value);
    const terminal = onTerminal(['delete', 'api-key', '43']);
    await terminal.see('Delete API key 43?');
    terminal.type('y\r');
    expect((await terminal.ended).status).toBe(0);
    expect(asked().at(-1)).toBe(route(43));
  });
});
