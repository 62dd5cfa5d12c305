import { appendFile, link, mkdir, open, symlink } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

interface Call {
  readonly operation: string | null;
  readonly method: string;
  readonly route: string | null;
  readonly ids: Readonly<Record<string, string>>;
  readonly verdict: string;
}
const call = (operation: string, method: string, route: string, id?: string, verdict = 'allow'): Call => ({
  operation,
  method,
  route,
  ids: id === undefined ? {} : { id },
  verdict,
});
const USER = call('user.show', 'GET', '/api/v0/users/current/');
const LIST = call('instance.list', 'GET', '/api/v1/instances/');
const destroy = (id: string, verdict?: string) =>
  call('instance.destroy', 'DELETE', '/api/v0/instances/{id}/', id, verdict);
const REFUSED = call('apikey.create', 'POST', '/api/v0/auth/apikeys/', undefined, 'deny');
const lines = (...calls: object[]) =>
  calls.map((one) => `${JSON.stringify({ time: 1, ...one, status: 200, ms: 1 })}\n`).join('');

const suggest = (...args: string[]) => ['permissions', 'suggest', '--from-recording', ...args];
const check = (...args: string[]) => ['permissions', 'check', 'perms.json', '--recording', ...args];
const ONE = { constraints: { id: { eq: 42 } } };

describe.concurrent('permissions suggest --from-recording', () => {
  it('writes what the run was allowed, and says what that opens and what it left out', async ({
    harness,
  }) => {
    const { vastai, home, asked } = harness;
    await home.write('calls.jsonl', lines(USER, LIST, destroy('42'), destroy('42'), REFUSED));
    const ran = await vastai(suggest('calls.jsonl'));
    expect(ran.status).toBe(0);
    expect(JSON.parse(ran.stdout)).toEqual({
      api: { user_read: {}, instance_read: {}, instance_write: { 'api.instance.destroy': ONE } },
    });
    expect(ran.stderr.split('\n')).toEqual([
      expect.stringMatching(/^The key can also change who has access, read secrets and destroy things: /),
      'user_read cannot be narrowed: the endpoint name of user.show is not published.',
      expect.stringMatching(/^user_read also opens what can .*read secrets \(env_var\.list\)/),
      expect.stringMatching(/^instance_read cannot be narrowed: the endpoint name of instance\.list /),
      'Left out 1 call that the run refused: apikey.create. To include such calls, add --include-refused.',
      expect.stringMatching(
        /: vastai exec --broker --only instance\.destroy instance\.list user\.show -- COMMAND$/,
      ),
      '',
    ]);
    const json = (await vastai([...suggest('calls.jsonl'), '--json'])).json();
    expect(json).toMatchObject({ only: ['instance.destroy', 'instance.list', 'user.show'] });
    expect(json.notes).toHaveLength(5);
    const all = await vastai([...suggest('calls.jsonl'), '--include-refused']);
    expect(JSON.parse(all.stdout).api).toHaveProperty('user_write');
    expect(asked()).toEqual([]);
  });

  it('names no operations if the document is as narrow as they are, or only a log is known', async ({
    harness,
  }) => {
    const { vastai, home } = harness;
    await home.write('calls.jsonl', lines(destroy('42')));
    expect(await vastai(suggest('calls.jsonl'))).toMatchObject({ status: 0, stderr: '' });
    await home.write('log.json', '[{"api_route":"PUT /api/v0/users/"}]');
    const log = await vastai(['permissions', 'suggest', '--from-audit-log', 'log.json', '--json']);
    expect(log.json()).not.toHaveProperty('only');
  });

  it('carries the profile into the command that it advises', async ({ harness }) => {
    await harness.home.write('calls.jsonl', lines(USER));
    const ran = await harness.vastai(['--profile', 'work', ...suggest('calls.jsonl')]);
    expect(ran.stderr).toContain('vastai exec --broker --profile work --only user.show -- COMMAND\n');
  });

  it('takes several recordings, standard input, and each file once', async ({
    harness: { vastai, home },
  }) => {
    await home.write('a.jsonl', lines(destroy('42')));
    await home.write('b.jsonl', lines(destroy('44')));
    await symlink('a.jsonl', home.at('link'));
    await link(home.at('a.jsonl'), home.at('hard'));
    const range = { constraints: { id: { gte: 42, lte: 44 } } };
    for (const args of [
      ['a.jsonl', 'b.jsonl', 'a.jsonl', 'link', './hard'],
      ['a.jsonl', '--from-recording', 'b.jsonl'],
      ['-', 'b.jsonl', '-'],
    ]) {
      const ran = await vastai(suggest(...args), { input: lines(destroy('42')) });
      expect(JSON.parse(ran.stdout).api.instance_write).toEqual({ 'api.instance.destroy': range });
    }
    await home.write('perms.json', '{"api":{"instance_write":{}}}');
    const counted = await vastai([
      ...check('a.jsonl', '--recording', 'link', '--recording', 'hard'),
      '--json',
    ]);
    expect(counted.json().total).toBe(1);
  });

  it('says what no document covers, and ends with 10', async ({ harness: { vastai, home } }) => {
    const odd = { ...call('moon\u001b[2J\u202e', 'PUT', '/api/v9/\u001b]0;x\u0007/'), ids: {} };
    const logs = call('serverless.endpoint_logs', 'POST', '/get_endpoint_logs/');
    const names = call('gpu.names', 'GET', '/api/v0/gpu_names/unique/');
    await home.write('calls.jsonl', lines(odd, logs, names, destroy('42')));
    for (const more of [[], ['--json']]) {
      const ran = await vastai([...suggest('calls.jsonl'), ...more]);
      expect(ran.status).toBe(10);
      expect(ran.stdout + ran.stderr).not.toMatch(/[\u001b\u0007\u202e]/u);
      expect(ran.stdout + ran.stderr).toContain('serverless.endpoint_logs');
      expect(ran.stdout + ran.stderr).not.toContain('gpu.names');
    }
  });

  it('says that a scheduled job carries a request that a recording does not hold', async ({ harness }) => {
    const job = call('scheduled_job.create', 'POST', '/api/v0/commands/schedule_job/');
    await harness.home.write('calls.jsonl', lines(job));
    const { stderr } = await harness.vastai(suggest('calls.jsonl'));
    expect(stderr).toContain('scheduled_job.create contains another request');
  });

  it('reads what a killed run left, and skips junk', async ({ harness: { vastai, home } }) => {
    const text = `\uFEFF${lines(destroy('42'))}\r\n\u0000\u001b[2J junk\n{}\n${lines(destroy('43')).slice(0, 70)}`;
    await home.write('calls.jsonl', text);
    const ran = await vastai(suggest('calls.jsonl'));
    expect(ran).toMatchObject({
      status: 0,
      stderr:
        'Skipped 2 lines of calls.jsonl that are not calls.\nSkipped the last line of calls.jsonl, which is cut off.\n',
    });
    expect(JSON.parse(ran.stdout).api.instance_write).toEqual({ 'api.instance.destroy': ONE });
  });

  it.for<[what: string, args: string[], input: string]>([
    ['a file that is missing', ['none.jsonl'], ''],
    ['a folder', ['folder'], ''],
    ['an empty name', [''], ''],
    ['a permission document', ['perms.json'], ''],
    ['an audit log', ['-'], '[{"api_key_id":42,"api_route":"/api/v0/users/"}]'],
    ['a recording without calls', ['-'], ''],
    ['a recording with refused calls only', ['-'], lines(REFUSED)],
    ['half a line', ['-'], lines(USER).slice(0, 40)],
    ['binary data', ['-'], '\u0000\u0001\u0002\n'.repeat(1000)],
    ['one long line', ['-'], 'x'.repeat(1_000_000)],
  ])('ends with 2 for %s', async ([_, args, input], { harness: { vastai, home } }) => {
    await mkdir(home.at('folder'));
    await home.write('perms.json', '{"api":{"misc":{}}}');
    const ran = await vastai([...suggest(...args), '--json'], { input });
    expect(ran.status).toBe(2);
    expect(ran.json().error.code).toBe('usage');
  });

  it('ends with 2 for more different calls than it can keep', async ({ harness: { vastai } }) => {
    const input = lines(...Array.from({ length: 100_100 }, (_, index) => destroy(String(index + 1))));
    const ran = await vastai(suggest('-'), { input });
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('more than 100000 different calls');
  });

  it('ends with 2 for --include-refused without a recording', async ({ harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'suggest', '--operation', 'user.show', '--include-refused']);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
  });

  it('reads 100 MB with the memory of a small file', async ({ harness: { vastai, home } }) => {
    const part = lines(...Array.from({ length: 5000 }, (_, index) => destroy(String(1 + (index % 1000)))));
    const file = await open(home.at('calls.jsonl'), 'w');
    let size = 0;
    while (size < 100_000_000) size += (await file.write(part)).bytesWritten;
    await file.close();
    await appendFile(home.at('calls.jsonl'), `${'x'.repeat(10_000_000)}\n`);
    const env = { NODE_OPTIONS: '--max-old-space-size=64' };
    const ran = await vastai(suggest('calls.jsonl'), { env });
    expect(ran.status).toBe(0);
    const range = { constraints: { id: { gte: 1, lte: 1000 } } };
    expect(JSON.parse(ran.stdout).api.instance_write).toEqual({ 'api.instance.destroy': range });
    expect(ran.stderr).toBe('Skipped 1 line of calls.jsonl that is not a call.\n');
  }, 120_000);
});

describe.concurrent('permissions check --recording', () => {
  const DOCUMENT = JSON.stringify({ api: { misc: {}, instance_write: { 'api.instance.destroy': ONE } } });

  it.for<[status: number, verdict: string, calls: object[], args: string[]]>([
    [0, 'allow', [destroy('42')], []],
    [0, 'allow', [destroy('42'), REFUSED], []],
    [0, 'allow', [], []],
    [10, 'allow', [destroy('42')], ['--no-unused']],
    [10, 'deny', [destroy('42'), REFUSED], ['--include-refused']],
    [10, 'deny', [destroy('42'), destroy('43')], []],
    [10, 'deny', [USER], []],
    [10, 'unknown', [call('moon.fly', 'PUT', '/api/v9/moon/')], []],
    [10, 'unknown', [destroy('42'), {}], []],
    [10, 'unknown', [destroy('042')], []],
  ])('ends with %i and %s', async ([status, verdict, calls, args], { harness: { vastai, home } }) => {
    await home.write('perms.json', DOCUMENT);
    const ran = await vastai([...check('-'), ...args, '--json'], { input: lines(...calls) });
    expect(ran.status).toBe(status);
    expect(ran.json().verdict).toBe(verdict);
  });

  it('shows each call, and what no call used', async ({ harness: { vastai, home, asked } }) => {
    await home.write('perms.json', '{\n  "api": {\n    "misc": {},\n    "user_read": {}\n  }\n}\n');
    await home.write('calls.jsonl', lines(USER, USER, destroy('42'), destroy('42'), REFUSED));
    const ran = await vastai([...check('calls.jsonl'), '--no-unused']);
    expect(ran.status).toBe(10);
    expect(ran.stdout).toBe(
      [
        'deny: The document would deny 2 of 4 recorded calls.',
        '  deny    DELETE /api/v0/instances/42/ (instance.destroy), 2 times: The document does not grant instance_write.',
        '  allow   GET /api/v0/users/current/ (user.show), 2 times',
        '  unused  misc (line 3): No recorded call used it.',
        'Gate failed: 1 grant of perms.json was never used.',
        '',
      ].join('\n'),
    );
    const json = await vastai([...check('calls.jsonl'), '--json']);
    expect(json.json()).toMatchObject({
      total: 4,
      refused: 2,
      leftOut: 1,
      unused: [{ grant: 'misc', line: 3 }],
      failsUnused: false,
    });
    expect(asked()).toEqual([]);
  });

  it('passes the document that suggest wrote, with all of it used', async ({ harness: { vastai, home } }) => {
    await home.write('calls.jsonl', lines(USER, LIST, destroy('42'), destroy('44')));
    await home.write('perms.json', (await vastai(suggest('calls.jsonl'))).stdout);
    const ran = await vastai([...check('calls.jsonl'), '--no-unused']);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
  });

  it('takes a key for the document', async ({ harness: { vastai, addKey, saveKey } }) => {
    await saveKey();
    const { id } = await addKey({ name: 'ci', permissions: { api: { user_read: {}, misc: {} } } });
    const args = (key: number) => ['permissions', 'check', `key:${key}`, '--recording', '-', '--json'];
    const ran = await vastai([...args(id), '--no-unused'], { input: lines(USER) });
    expect(ran).toMatchObject({ status: 10 });
    expect(ran.json().unused).toEqual([{ grant: 'misc', line: 4 }]);
    const full = (await vastai(args(40), { input: lines(USER) })).json();
    expect(full.verdict).toBe('allow');
    expect(full.unused).toContainEqual({ grant: 'misc', line: null });
  });

  it.for<[args: string[]]>([
    [['--recording', 'calls.jsonl', '--key', '42']],
    [['--recording', 'calls.jsonl', '--operation', 'user.show']],
    [['--recording', 'calls.jsonl', '--param', 'id=5']],
    [['--operation', 'user.show', '--no-unused']],
    [['--operation', 'user.show', '--include-refused']],
    [['--recording', 'perms.json']],
    [['--recording', 'none.jsonl']],
    [[]],
  ])('ends with 2 for %j', async ([args], { harness: { vastai, home, asked } }) => {
    await home.write('perms.json', DOCUMENT);
    await home.write('calls.jsonl', lines(USER));
    const ran = await vastai(['permissions', 'check', 'perms.json', ...args]);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).not.toBe('');
    expect(asked()).toEqual([]);
  });
});
