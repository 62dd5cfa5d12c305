import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { isRunning } from '@vastai-cli/testing/processes';
import { describe } from 'vitest';
import { entriesLeft, keysOfRuns, maker } from './ephemeral-runs.js';

const USER = '/api/v0/users/current/';
const FLAGS = ['exec', '--ephemeral', '--allow', 'user_read'];

/** A program that asks who it is, says what it may not do, and ends with 7. */
const ASK = `(async () => {
  const { VAST_URL: url, VAST_API_KEY: key, ...rest } = process.env;
  const ask = (method, path, body) =>
    fetch(url + path, { method, body, headers: { Authorization: 'Bearer ' + key } });
  const user = await (await ask('GET', '${USER}')).json();
  const made = await ask('POST', '/api/v0/auth/apikeys/', '{"name":"x"}');
  console.log(JSON.stringify({ id: user.key_id, making: made.status, names: Object.keys(rest) }));
  process.exitCode = 7;
})()`;
const asking = ['--', process.execPath, '-e', ASK];
const run = ({ vastai }: Harness, args: readonly string[], env: Record<string, string | undefined> = {}) =>
  vastai([...FLAGS, ...args], { env });

describe.concurrent('vastai exec --ephemeral', () => {
  it('creates a key for the program, and deletes it in the end', async ({ harness, expect }) => {
    const { id, value } = await maker(harness);
    const env = { OTHER: value, ENCODED: Buffer.from(`:${value}`).toString('base64') };
    const ran = await run(harness, asking, env);
    expect(ran).toMatchObject({ status: 7, stderr: '' });
    const told = ran.json();
    expect(told).toMatchObject({ id: expect.any(Number), making: 401 });
    expect(told.id).not.toBe(id);
    for (const name of Object.keys(env)) expect(told.names).not.toContain(name);
    expect(harness.sandbox.keys().find((key) => key.id === told.id)).toMatchObject({
      revoked: true,
      permissions: { api: { user_read: {} } },
    });
    expect(keysOfRuns(harness)).toEqual([]);
    expect(await entriesLeft(harness)).toEqual([]);
  });

  it('deletes it also if the program cannot start, or ends of a signal', async ({ harness, expect }) => {
    await maker(harness);
    expect(await run(harness, ['--', 'no-such-program'])).toMatchObject({ status: 127 });
    const killed = await run(harness, ['--', 'sh', '-c', 'kill -s KILL $$']);
    expect(killed).toMatchObject({ status: 137, stderr: '' });
    expect(keysOfRuns(harness)).toEqual([]);
    expect(harness.asked().filter((line) => line.startsWith('DELETE'))).toHaveLength(2);
  });

  it('gives a key that cannot read the account too', async ({ harness, expect }) => {
    await maker(harness);
    const ran = await harness.vastai([
      'exec',
      '--ephemeral',
      '--allow',
      'instance_read',
      '--',
      'sh',
      '-c',
      'exit 4',
    ]);
    expect(ran).toMatchObject({ status: 4, stderr: '' });
    expect(keysOfRuns(harness)).toEqual([]);
  });

  it('combines with --broker, which then holds it', async ({ harness, expect }) => {
    const { id } = await maker(harness);
    const ran = await run(harness, ['--broker', ...asking]);
    expect(ran.status).toBe(7);
    expect(ran.json()).toMatchObject({ making: 403, names: expect.arrayContaining(['VASTAI_BROKER']) });
    expect(ran.json().id).not.toBe(id);
    expect(keysOfRuns(harness)).toEqual([]);
  });

  it('ends the program after --ttl', async ({ harness, expect }) => {
    await maker(harness);
    const stubborn = 'exec 2> /dev/null; trap "echo asked" TERM; while :; do sleep 0.1; done';
    const ran = await run(harness, ['--ttl', '3s', '--', 'sh', '-c', stubborn]);
    const stderr = 'The program was stopped because the time limit of --ttl was up.\n';
    expect(ran).toMatchObject({ status: 124, stdout: 'asked\n', stderr });
    expect(keysOfRuns(harness)).toEqual([]);
    expect(await run(harness, ['--ttl', '10m', '--', process.execPath, '-e', ''])).toMatchObject({
      status: 0,
    });
  });

  it('ends what the program has started too, so that nothing holds the output open', async ({
    harness,
    expect,
  }) => {
    await maker(harness);
    const stubborn = '(trap "" TERM; exec sleep 300) & echo $!; exec sleep 300';
    const ran = await run(harness, ['--ttl', '3s', '--', 'sh', '-c', stubborn]);
    expect(ran).toMatchObject({ status: 124 });
    const pid = Number(ran.stdout);
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => isRunning(pid)).toBe(false);
    expect(keysOfRuns(harness)).toEqual([]);
  });

  it('starts nothing and makes nothing if a flag is wrong', async ({ harness, expect }) => {
    await maker(harness);
    await harness.home.write('bad.json', '{"api": {"instance_reed": 1}}');
    const cases: [status: number, args: string[]][] = [
      [2, ['--ephemeral']],
      [2, ['--ephemeral', '--only', 'instance.show']],
      [2, ['--ephemeral', '--preset', 'none']],
      [2, ['--ephemeral', '--preset', 'monitoring', '--max-creates', '1']],
      [2, ['--ephemeral', '--preset', 'monitoring', '--ttl', '5']],
      [2, ['--ephemeral', '--preset', 'monitoring', '--ttl', '0s']],
      [2, ['--ephemeral', '--preset', 'monitoring', '--ttl', '30d']],
      [2, ['--ttl', '5m']],
      [2, ['--preset', 'monitoring']],
      [2, ['--ephemeral', '--permission_file', 'none.json']],
      [2, ['--ephemeral', '--permission_file', '-']],
      [10, ['--ephemeral', '--permission_file', 'bad.json']],
    ];
    for (const [status, args] of cases) {
      const program = ['--', process.execPath, '-e', 'console.log("started")'];
      const ran = await harness.vastai(['exec', ...args, ...program]);
      expect({ args, status: ran.status, stdout: ran.stdout }).toEqual({ args, status, stdout: '' });
      expect(ran.stderr).not.toBe('');
    }
    const alone = await harness.vastai(['exec', '--preset', 'monitoring', '--', 'true']);
    expect(alone.stderr).toMatch(/--broker gives .*\. --ephemeral creates /su);
    expect(harness.asked().filter((line) => !line.includes(USER))).toEqual([]);
  });

  it('makes nothing with a key that may not', async ({ harness, expect }) => {
    const { value } = await harness.addKey({ name: 'reader', permissions: { api: { user_read: {} } } });
    const ran = await run(harness, asking, { VAST_API_KEY: value });
    expect(ran).toMatchObject({ status: 5, stdout: '' });
    expect(await entriesLeft(harness)).toEqual([]);
  });

  it('says how to delete a key that it could not delete, and changes a status of 0', async ({
    harness,
    expect,
  }) => {
    await maker(harness);
    for (const [status, program] of [
      [1, ''],
      [7, 'process.exit(7)'],
    ] as const) {
      harness.sandbox.fault(
        'DELETE /api/v0/auth/apikeys/{id}/',
        { kind: 'answer', status: 502, body: 'Bad' },
        9,
      );
      const ran = await run(harness, ['--', process.execPath, '-e', program]);
      await harness.sandbox.clearFaults();
      const [left] = keysOfRuns(harness);
      expect(ran).toMatchObject({ status, stdout: '' });
      expect(ran.stderr).toContain(`vastai delete api-key ${left?.id}`);
      expect(await entriesLeft(harness)).toMatchObject([{ kind: 'ephemeral', id: left?.id }]);
      const next = await harness.vastai(['exec', '--', process.execPath, '-e', 'console.log("runs")']);
      expect(next).toMatchObject({ status: 0, stdout: 'runs\n' });
      expect(next.stderr).toContain('earlier run');
      expect(keysOfRuns(harness)).toEqual([]);
      expect(await entriesLeft(harness)).toEqual([]);
    }
  });
});
