import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const AUDIT = ['permissions', 'audit'];
const LIST = 'GET /api/v0/auth/apikeys/';
const REQUESTS = [LIST, 'GET /api/v0/team/roles-full/', 'GET /api/v0/audit_logs/'];
const STEERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u;

const READER = { api: { billing_read: {} } };
const MINTER = { api: { user_write: {} } };
const WRITER = { api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } } };

/** Runs the command with the primary key. */
const run = ({ vastai, sandbox }: Harness, ...args: string[]) =>
  vastai([...AUDIT, ...args], { env: { VAST_API_KEY: sandbox.key } });

/** Adds keys: 42 reads, 43 mints, 44 may destroy one instance, 45 has full access. */
async function fill({ addKey }: Harness): Promise<void> {
  await addKey({ name: 'reader', permissions: READER });
  await addKey({ name: 'minter', permissions: MINTER });
  await addKey({ name: 'writer', permissions: WRITER });
  await addKey({ name: 'everything' });
}

async function addRole({ sandbox }: Harness, name: string, permissions: object): Promise<void> {
  await fetch(`${sandbox.url}/api/v0/team/roles/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.key}` },
    body: JSON.stringify({ name, permissions }),
  });
}

/** Responds to the list of keys with these records. */
function listing({ sandbox }: Harness, apikeys: readonly object[]): void {
  sandbox.fault(LIST, { kind: 'answer', status: 200, body: { apikeys } }, Number.POSITIVE_INFINITY);
}

const entryOf = (document: { entries: { reference: string }[] }, reference: string) =>
  document.entries.find((one) => one.reference === reference);

describe.concurrent('permissions audit', () => {
  it('shows every key and role in a table, with three requests', async ({ harness }) => {
    await fill(harness);
    await addRole(harness, 'dev', MINTER);
    const before = harness.asked().length;
    const ran = await run(harness);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(harness.asked().slice(before)).toEqual(REQUESTS);
    const [title, ...rows] = ran.stdout.split('\n');
    expect(title).toMatch(/^ID +NAME +KIND +AGE +LAST USE +FINDINGS +AT WORST$/u);
    expect(rows).toEqual([
      expect.stringMatching(/^40 +primary +0d +today +- +everything$/u),
      expect.stringMatching(/^42 +reader +key +0d +not observable +- +read$/u),
      expect.stringMatching(
        /^43 +minter +key +0d +not seen +\d security +everything, through new keys or roles$/u,
      ),
      expect.stringMatching(/^44 +writer +key +0d +not seen +- +destroy \(limited\)$/u),
      expect.stringMatching(/^45 +everything +key +0d +not seen +1 security +everything$/u),
      expect.stringMatching(/^1 +dev +role +- +- +\d security +everything, through new keys or roles$/u),
      expect.stringMatching(
        /^5 keys, 1 role: 0 errors, \d+ security findings, 0 warnings\. To see .* --format pretty\.$/u,
      ),
      '',
    ]);
  });

  it('prints the same as JSON', async ({ harness }) => {
    await fill(harness);
    const { status, ...ran } = await run(harness, '--json');
    expect(status).toBe(0);
    const document = ran.json();
    expect(entryOf(document, 'key:43')).toMatchObject({
      kind: 'key',
      id: 43,
      name: 'minter',
      access: 'limited',
      atWorst: 'everything, through new keys or roles',
      explanation: [
        expect.stringMatching(/^This key can /u),
        expect.stringMatching(/^At worst, it has full access/u),
      ],
      can: expect.arrayContaining(['mint-keys', 'change-access']),
      findings: { error: 0, security: expect.any(Number), warning: 0 },
      createdAt: expect.any(Number),
      usage: 'never_seen',
      lastUsed: null,
    });
    expect(entryOf(document, 'key:45')).toMatchObject({ access: 'full' });
    expect(entryOf(document, 'key:40')).toMatchObject({ kind: 'primary', findings: { security: 0 } });
    expect(document.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'VP301', severity: 'security', file: 'key:45' }),
    );
  });

  it('knows the last use from the audit log', async ({ harness }) => {
    const { value } = await harness.addKey({ name: 'writer', permissions: { api: { user_write: {} } } });
    await fetch(`${harness.sandbox.url}/api/v0/users/`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${value}` },
      body: '{"fullname":"x"}',
    });
    const document = (await run(harness, '--json')).json();
    expect(entryOf(document, 'key:42')).toMatchObject({ usage: 'used', lastUsed: expect.any(Number) });
  });

  it.for(['mint-keys', 'destroy'])(
    'lists with --can only keys that can or may: %s',
    async (can, { harness }) => {
      await fill(harness);
      await harness.addKey({
        name: 'perhaps',
        permissions: { api: { user_write: { 'api.ssh.create': {} }, instance_write: { 'api.x.y': {} } } },
      });
      const { entries, files } = (await run(harness, '--json', '--can', can)).json();
      const names =
        can === 'mint-keys'
          ? ['minter', 'everything', 'perhaps']
          : ['minter', 'writer', 'everything', 'perhaps'];
      expect(entries.map(({ name }: { name: string }) => name)).toEqual([null, ...names]);
      expect(files).toHaveLength(entries.length);
    },
  );

  it('fails by severity, number, age, and not for the primary key', async ({ harness }) => {
    expect(
      (await run(harness, '--fail-level', 'warning', '--max-warnings', '0', '--max-age', '0s')).status,
    ).toBe(0);
    await harness.addKey({ name: 'everything' });
    expect((await run(harness, '--fail-level', 'security')).status).toBe(10);
    expect((await run(harness, '--fail-level', 'security', '--ignore', 'VP301')).status).toBe(0);
    expect((await run(harness, '--max-age', '1d')).status).toBe(0);
    const old = await run(harness, '--max-age', '0s', '--format', 'compact');
    expect(old.status).toBe(10);
    expect(old.stdout).toContain('key:42:1:1: warning VP303 It is older than --max-age allows.\n');
    expect((await run(harness, '--max-age', '0s')).stdout).toContain(
      '\nOlder than --max-age, or of unknown age: key:42.\n',
    );
    expect((await run(harness, '--max-age', '90')).status).toBe(2);
  });

  it('fails on what a key can, or may, do, but not for the primary key', async ({ harness }) => {
    expect((await run(harness, '--fail-on', 'mint-keys,destroy')).status).toBe(0);
    await harness.addKey({ name: 'reader', permissions: READER });
    expect((await run(harness, '--fail-on', 'mint-keys,destroy')).status).toBe(0);
    await harness.addKey({ name: 'perhaps', permissions: { api: { user_write: { 'api.ssh.create': {} } } } });
    const ran = await run(harness, '--fail-on', 'mint-keys,spend-money');
    expect(ran.status).toBe(10);
    expect(ran.stderr).toMatch(/^Gate failed: key:43 lets a key .* \(mint-keys\), as far as is known: /u);
    const { violations } = (await run(harness, '--fail-on', 'mint-keys', '--json')).json();
    expect(violations).toEqual([
      expect.objectContaining({ gate: 'mint-keys', file: 'key:43', certain: false }),
    ]);
    expect((await run(harness, '--fail-on', 'minting')).status).toBe(2);
  });

  it('is never sure of a key with unknown permissions, and fails every gate for it', async ({ harness }) => {
    listing(harness, [
      { id: 1, name: 'a', permissions: null },
      { id: 2, name: 'b', permissions: false },
    ]);
    const { violations } = (await run(harness, '--fail-on', 'destroy', '--json')).json();
    expect(
      violations.map(({ file, certain }: { file: string; certain: boolean }) => [file, certain]),
    ).toEqual([
      ['key:1', false],
      ['key:2', true],
    ]);
  });

  it('applies the policy of the working folder', async ({ harness }) => {
    await harness.addKey({ name: 'everything' });
    const allow = [
      { finding: 'VP301', files: ['key:42'], reason: 'For emergencies.' },
      { finding: 'mint-keys', files: ['key:42'], reason: 'For emergencies.' },
    ];
    const policy = { failLevel: 'security', failOn: ['mint-keys'], allow };
    await harness.home.write('.vastai-permissions.json', JSON.stringify(policy));
    expect(await run(harness)).toMatchObject({
      status: 0,
      stderr: '2 findings are allowed by .vastai-permissions.json.\n',
    });
    await harness.addKey({ name: 'another' });
    expect((await run(harness)).status).toBe(10);
  });

  it('accepts findings in a baseline', async ({ harness }) => {
    await fill(harness);
    expect((await run(harness, '--write-baseline', 'known.json')).status).toBe(0);
    expect((await run(harness, '--baseline', 'known.json', '--fail-level', 'warning')).status).toBe(0);
    await harness.addKey({ name: 'new' });
    expect((await run(harness, '--baseline', 'known.json', '--fail-level', 'warning')).status).toBe(10);
  });

  it.for(['pretty', 'compact', 'json', 'sarif', 'github', 'junit'])(
    'has the format %s, with the key as the file',
    async (format, { harness }) => {
      await fill(harness);
      const ran = await run(harness, '--format', format, '--fail-level', 'security');
      expect(ran).toMatchObject({ status: 10, stderr: '' });
      expect(ran.stdout).toMatch(/key(?::|%3A)45/u);
      if (['json', 'sarif'].includes(format)) expect(() => ran.json()).not.toThrow();
      expect(await run(harness, '--json', '--format', format)).toMatchObject({
        status: format === 'json' ? 0 : 2,
      });
    },
  );

  it('does not guess permissions that the API does not return', async ({ harness }) => {
    listing(harness, [
      { id: 1, name: null, permissions: false },
      { id: 2, name: 'told-nothing', permissions: null },
      { id: 3, name: 'absent' },
    ]);
    const ran = await run(harness, '--fail-level', 'security');
    expect(ran.status).toBe(10);
    expect(ran.stdout).toMatch(/^1 +primary +- +not seen +- +everything$/mu);
    expect(ran.stdout).toMatch(/^2 +told-nothing +key +- +not observable +1 security +unknown$/mu);
    expect(ran.stdout).toMatch(/^3 +absent +key +- +not observable +1 security +unknown$/mu);
    const { entries } = (await run(harness, '--json', '--can', 'mint-keys')).json();
    expect(entries.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3]);
  });

  it('exempts no key if the primary one is not certain', async ({ harness }) => {
    listing(harness, [
      { id: 1, permissions: false },
      { id: 2, permissions: false },
    ]);
    const { entries } = (await run(harness, '--json')).json();
    expect(entries.map(({ kind }: { kind: string }) => kind)).toEqual(['key', 'key']);
  });

  it.for([
    [403, { success: false, error: 'auth_error', msg: 'You are not in a team.' }],
    [404, { success: false, error: 'not_found', msg: 'No team.' }],
  ] as const)('leaves out roles after %i, with a note', async ([status, body], { harness }) => {
    await fill(harness);
    harness.sandbox.fault('GET /api/v0/team/roles-full/', { kind: 'answer', status, body }, 2);
    const ran = await run(harness);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^45 +everything/mu);
    expect(ran.stderr).toMatch(/^Team roles are not included\. An account without a team has none\. .*\n$/u);
    expect((await run(harness, '--json')).json().notes).toHaveLength(1);
  });

  it('says if the audit log cannot be read', async ({ harness }) => {
    const { value } = await harness.addKey({
      name: 'auditor',
      permissions: { api: { user_read: {}, team_read: {} } },
    });
    const ran = await harness.vastai([...AUDIT, '--json'], { env: { VAST_API_KEY: value } });
    expect(ran.status).toBe(0);
    const document = ran.json();
    expect(document.entries.map(({ usage }: { usage: string }) => usage)).toEqual(['unknown', 'unknown']);
    expect(document.notes).toEqual([expect.stringMatching(/^The last use of the keys is unknown/u)]);
  });

  it('fails as other commands do if the keys cannot be listed', async ({ harness }) => {
    const { value } = await harness.addKey({ name: 'reader', permissions: READER });
    expect(await harness.vastai(AUDIT, { env: { VAST_API_KEY: value } })).toMatchObject({
      status: 5,
      stdout: '',
    });
    expect(await harness.vastai(AUDIT, { env: { VAST_API_KEY: await harness.unknownKey() } })).toMatchObject({
      status: 4,
    });
    expect((await harness.vastai(AUDIT)).status).toBe(3);
  });

  it('judges 1,000 keys with three requests', async ({ harness }) => {
    for (let nth = 0; nth < 1000; nth += 1) {
      const permissions = {
        api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: nth } } } } },
      };
      harness.sandbox.addKey({ name: `key ${nth}`, permissions });
    }
    const ran = await run(harness, '--json');
    expect(ran.status).toBe(0);
    expect(ran.json().entries).toHaveLength(1001);
    expect(harness.asked()).toEqual(REQUESTS);
  });

  it('prints hostile names without their control characters, in every format', async ({ harness }) => {
    const name = '\u001b[2Jx\u001b]0;t\u0007\u009b31m::error::\r\n\u202e';
    listing(harness, [{ id: 7, name, permissions: false, created_at: name, key_type: name }]);
    const roles = [{ id: 1, name, permissions: { api: { [name]: {} } } }];
    harness.sandbox.fault('GET /api/v0/team/roles-full/', { kind: 'answer', status: 200, body: roles }, 20);
    await harness.home.write('keys/a.json', '{"api":{"billing_read":{}}}');
    for (const format of ['table', 'pretty', 'compact', 'json', 'sarif', 'github', 'junit']) {
      const ran = await run(harness, '--format', format, '--expect', 'keys', '--plan');
      expect(ran.status).toBe(10);
      expect(ran.stdout).not.toMatch(STEERS);
      expect(ran.stdout).not.toMatch(/^::error::/mu);
      expect(ran.stderr).not.toMatch(STEERS);
    }
  });

  it.skipIf(!canOpenTerminal()).for([80, 50])(
    'fits a terminal of %i columns',
    async (columns, { harness }) => {
      await fill(harness);
      await harness.addKey({
        name: 'a key with a name that is very long indeed',
        permissions: { api: { misc: {} } },
      });
      const env = { VAST_API_KEY: harness.sandbox.key, NO_COLOR: '1' };
      const { screen } = await harness.onTerminal(AUDIT, { env, columns }).ended;
      const lines = screen.split('\r\n').map((line) => line.trimEnd());
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      expect(screen.replaceAll(/\s+/gu, ' ')).toContain('everything, through new keys or roles');
    },
  );
});
