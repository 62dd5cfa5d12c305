import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { promisify } from 'node:util';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

const READER = { api: { billing_read: {} } };
const WRITER = { api: { billing_read: {}, billing_write: {} } };
const ONE = { api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } } };
const OTHER = { api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 6 } } } } } };

const run = ({ vastai, sandbox }: Harness, ...args: string[]) =>
  vastai(['permissions', 'audit', '--expect', 'keys', ...args], { env: { VAST_API_KEY: sandbox.key } });
const expectFile = ({ home }: Harness, name: string, document: object) =>
  home.write(`keys/${name}.json`, JSON.stringify(document));
const statesIn = (document: {
  differences: { reference: string | null; file: string | null; state: string }[];
}) => document.differences.map(({ reference, file, state }) => [reference, file, state]);

async function addRole({ sandbox }: Harness, name: string, permissions: object): Promise<void> {
  await fetch(`${sandbox.url}/api/v0/team/roles/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.key}` },
    body: JSON.stringify({ name, permissions }),
  });
}

/** One key and one file for each kind of difference. */
async function fill(harness: Harness): Promise<void> {
  const keys: [string, object | undefined, object | undefined][] = [
    ['same', READER, READER],
    ['more', WRITER, READER],
    ['less', READER, WRITER],
    ['both', ONE, OTHER],
    ['full', undefined, READER],
    ['unknown', READER, undefined],
  ];
  for (const [name, live, expected] of keys) {
    await harness.addKey({ name, ...(live === undefined ? {} : { permissions: live }) });
    if (expected !== undefined) await expectFile(harness, name, expected);
  }
  await expectFile(harness, 'missing', READER);
  await addRole(harness, 'dev', WRITER);
  await expectFile(harness, 'roles/dev', READER);
  await addRole(harness, 'ops', READER);
  await expectFile(harness, 'roles/gone', READER);
}

describe.concurrent('permissions audit --expect', () => {
  it('passes if the account is what the folder says', async ({ harness }) => {
    await harness.addKey({ name: 'ci/main', permissions: READER });
    await expectFile(harness, 'ci%2Fmain', { $schema: 'x.schema.json', ...READER });
    await addRole(harness, 'dev', ONE);
    await expectFile(harness, 'roles/dev', ONE);
    await harness.home.write('keys/vast-permissions.schema.json', '{}');
    await harness.home.write('keys/README.md', 'text');
    const ran = await run(harness, '--plan', '--json');
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({ differences: [], plan: [], diagnostics: [] });
  });

  it('finds every kind of difference, in both directions', async ({ harness }) => {
    await fill(harness);
    const ran = await run(harness, '--json');
    expect(ran.status).toBe(10);
    const document = ran.json();
    expect(statesIn(document)).toEqual([
      ['key:43', 'keys/more.json', 'more'],
      ['key:44', 'keys/less.json', 'less'],
      ['key:45', 'keys/both.json', 'both'],
      ['key:46', 'keys/full.json', 'more'],
      ['key:47', null, 'no_file'],
      ['role:dev', 'keys/roles/dev.json', 'more'],
      ['role:ops', null, 'no_file'],
      [null, 'keys/missing.json', 'no_key'],
      [null, 'keys/roles/gone.json', 'no_key'],
    ]);
    const found = document.diagnostics
      .filter(({ code }: { code: string }) => /^VP30[4-7]$/u.test(code))
      .map(({ code, file }: { code: string; file: string }) => `${file} ${code}`);
    expect(found).toEqual([
      'key:43 VP304',
      'key:44 VP305',
      'key:45 VP304',
      'key:45 VP305',
      'key:46 VP304',
      'key:47 VP306',
      'role:dev VP304',
      'role:ops VP306',
      'keys/missing.json VP307',
      'keys/roles/gone.json VP307',
    ]);
    const more = document.differences[0];
    expect(more.changes).toContainEqual(
      expect.objectContaining({ change: 'granted', category: 'billing_write' }),
    );
  });

  it('shows differences and the plan to a person', async ({ harness }) => {
    await fill(harness);
    const ran = await run(harness, '--plan');
    expect(ran.status).toBe(10);
    expect(ran.stdout).toContain('\nkey:43 "more" allows more than keys/more.json:\n  granted\n    ');
    expect(ran.stdout).toMatch(
      /^key:46 "full" allows more than keys\/full\.json:\n(?: .*\n)+ {2}and \d+ more$/mu,
    );
    expect(ran.stdout).toContain(
      [
        'Plan: Replace key:43 ("more") with a key from keys/more.json. Put the new key wherever the old one is used before you delete the old one.',
        '  vastai create api-key --name more --permission_file keys/more.json',
        '  vastai delete api-key 43',
      ].join('\n'),
    );
    expect(ran.stdout).toContain(
      'Plan: Change role:dev in the Vast.ai console to match keys/roles/dev.json.\n',
    );
    expect(ran.stdout).toContain('Plan: Create the role of keys/roles/gone.json in the Vast.ai console.\n');
  });

  it('keeps the flags of the run in planned commands', async ({ harness }) => {
    await harness.home.write('.config/vastai/profiles/work/vast_api_key', harness.sandbox.key);
    await expectFile(harness, 'ci', READER);
    const args = ['permissions', 'audit', '--expect', 'keys', '--plan', '--profile', 'work', '--json'];
    const { plan } = (await harness.vastai(args)).json();
    expect(plan[0].commands).toEqual([
      'vastai create api-key --name ci --permission_file keys/ci.json --profile work',
    ]);
  });

  it.skipIf(process.platform === 'win32')(
    'plans commands that make the keys what the folder says',
    async ({ harness }) => {
      await fill(harness);
      await harness.addKey({ name: 'more', permissions: READER });
      const odd = ["it's", '-x', 'a b', '$(id)', 'ü"`'];
      for (const name of odd) await expectFile(harness, name, READER);
      const { plan } = (await run(harness, '--plan', '--json')).json();
      const commands: string[] = plan.flatMap((step: { commands: string[] }) => step.commands);
      const bin = await harness.home.write(
        'bin/vastai',
        `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`,
      );
      await chmod(bin, 0o755);
      const env = {
        ...harness.home.env,
        VAST_URL: harness.sandbox.url,
        VAST_API_KEY: harness.sandbox.key,
        PATH: `${harness.home.at('bin')}:${process.env.PATH}`,
      };
      for (const command of commands) {
        await promisify(execFile)('sh', ['-c', `${command} --yes`], { cwd: harness.home.path, env });
      }
      const after = (await run(harness, '--json')).json();
      expect(statesIn(after).filter(([reference, file]) => !`${reference}${file}`.includes('role'))).toEqual(
        [],
      );
    },
  );

  it('offers no command for a name that cannot be typed, or a key of Vast.ai', async ({ harness }) => {
    const body = { apikeys: [{ id: 9, name: 'box', key_type: 'system', permissions: READER }] };
    harness.sandbox.fault('GET /api/v0/auth/apikeys/', { kind: 'answer', status: 200, body });
    await expectFile(harness, 'a\u001b[31m\u202eb', READER);
    const ran = await run(harness, '--plan', '--json');
    expect(ran.json().plan.map(({ commands }: { commands: string[] }) => commands)).toEqual([[], []]);
  });

  it('keeps the match among keys of one name', async ({ harness }) => {
    await harness.addKey({ name: 'ci', permissions: WRITER });
    await harness.addKey({ name: 'ci', permissions: READER });
    await expectFile(harness, 'ci', READER);
    const { plan } = (await run(harness, '--plan', '--json')).json();
    expect(plan.map(({ commands }: { commands: string[] }) => commands)).toEqual([
      ['vastai delete api-key 42'],
    ]);
  });

  it('plans one new key for several that differ from one file', async ({ harness }) => {
    await harness.addKey({ name: 'ci', permissions: WRITER });
    await harness.addKey({ name: 'ci', permissions: ONE });
    await expectFile(harness, 'ci', READER);
    const { plan } = (await run(harness, '--plan', '--json')).json();
    expect(plan).toMatchObject([
      {
        commands: [
          'vastai create api-key --name ci --permission_file keys/ci.json',
          'vastai delete api-key 42',
        ],
      },
      {
        text: 'Replace key:43 ("ci") with the new key from keys/ci.json, too, then delete it.',
        commands: ['vastai delete api-key 43'],
      },
    ]);
  });

  it('plans a command that works for a file whose effect is unknown', async ({ harness }) => {
    await expectFile(harness, 'odd', { api: {} });
    const { plan } = (await run(harness, '--plan', '--json')).json();
    expect(plan).toMatchObject([
      {
        text: 'Create the key "odd". What the file grants is not documented.',
        commands: ['vastai create api-key --name odd --permission_file keys/odd.json --allow-unknown'],
      },
    ]);
  });

  it('takes no two files for one key', async ({ harness }) => {
    await expectFile(harness, 'ci', READER);
    await expectFile(harness, 'c%69', WRITER);
    const ran = await run(harness);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('keys/c%69.json and keys/ci.json are for the same key.');
    expect(harness.asked()).toEqual([]);
  });

  it('shows in a test report why it failed', async ({ harness }) => {
    await fill(harness);
    await expectFile(harness, 'roles/dev', READER);
    const xml = (await run(harness, '--format', 'junit')).stdout;
    expect(xml).toContain('<property name="tool" value="vastai permissions audit"/>');
    for (const code of ['VP304', 'VP305', 'VP306', 'VP307']) {
      expect(xml).toMatch(new RegExp(`<testcase [^>]*name="${code} \\$"[^>]*><failure `, 'u'));
    }
    const body = { success: false, error: 'not_found', msg: 'No team.' };
    harness.sandbox.fault('GET /api/v0/team/roles-full/', { kind: 'answer', status: 404, body });
    expect((await run(harness, '--format', 'junit')).stdout).toMatch(
      /<testcase classname="keys\/roles\/dev\.json" name="VP302 \$" time="0"><failure /u,
    );
  });

  it('compares nothing with a file that has errors, or a key with unknown permissions', async ({
    harness,
  }) => {
    const body = {
      apikeys: [
        { id: 1, name: 'a' },
        { id: 2, name: 'b', permissions: READER },
      ],
    };
    harness.sandbox.fault('GET /api/v0/auth/apikeys/', { kind: 'answer', status: 200, body }, 2);
    await expectFile(harness, 'a', READER);
    await harness.home.write('keys/b.json', '{"api":{"billing_raed":{}}}');
    const ran = await run(harness, '--json');
    expect(ran.status).toBe(10);
    expect(statesIn(ran.json())).toEqual([
      ['key:1', 'keys/a.json', 'unknown'],
      ['key:2', 'keys/b.json', 'invalid_file'],
    ]);
    expect(ran.json().diagnostics).toContainEqual(
      expect.objectContaining({ code: 'VP014', file: 'keys/b.json', line: 1 }),
    );
    expect((await run(harness)).stdout).toContain(
      'key:2 "b" cannot be compared with keys/b.json, which has errors.',
    );
  });

  it('does not miss roles that the API does not list', async ({ harness }) => {
    await expectFile(harness, 'roles/dev', READER);
    const body = { success: false, error: 'not_found', msg: 'No team.' };
    harness.sandbox.fault('GET /api/v0/team/roles-full/', { kind: 'answer', status: 404, body }, 2);
    const ran = await run(harness, '--json', '--plan');
    expect(ran.status).toBe(10);
    expect(statesIn(ran.json())).toEqual([[null, 'keys/roles/dev.json', 'unknown']]);
    expect((await run(harness)).stdout).toContain(
      'keys/roles/dev.json cannot be compared: the API did not list the roles.\n',
    );
  });

  it('passes with a difference that a policy allows', async ({ harness }) => {
    await harness.addKey({ name: 'laptop', permissions: READER });
    await harness.home.write('keys/.keep', '');
    expect((await run(harness)).status).toBe(10);
    const allow = [{ finding: 'VP306', files: ['key:42'], reason: 'Made by hand.' }];
    await harness.home.write('.vastai-permissions.json', JSON.stringify({ allow }));
    const ran = await run(harness, '--json');
    expect(ran.status).toBe(0);
    expect(statesIn(ran.json())).toEqual([['key:42', null, 'no_file']]);
  });

  it('needs a folder that can be read, before it sends anything', async ({ harness }) => {
    expect(await run(harness)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('keys: no such folder'),
    });
    await harness.home.write('keys', 'a file');
    expect((await run(harness)).status).toBe(2);
    expect((await harness.vastai(['permissions', 'audit', '--plan'])).status).toBe(2);
    expect((await run(harness, '--can', 'destroy')).status).toBe(2);
    expect(harness.asked()).toEqual([]);
  });
});
