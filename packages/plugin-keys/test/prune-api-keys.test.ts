import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { thisProcess } from '@vastai-cli/core/internal/files/lock-holder';
import { fingerprintOf } from '@vastai-cli/core/internal/secrets/fingerprint';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const DAY = 86_400;
const now = () => Math.floor(Date.now() / 1000);
const ago = (days: number) => now() - days * DAY;
const writes: object = { api: { instance_write: {} } };
const reads: object = { api: { instance_read: {} } };
/** May read its own account, which tells its id. */
const traceable: object = { api: { instance_write: {}, user_read: {} } };
const DELETE = 'DELETE /api/v0/auth/apikeys/{id}/';
const USER = 'GET /api/v0/users/current/';
const deletions = ({ asked }: Harness) => asked().filter((request) => request.startsWith('DELETE '));

/** Adds a key that was created 200 days ago, and its last call, if any. */
async function addOld(
  { addKey, sandbox }: Pick<Harness, 'addKey' | 'sandbox'>,
  { name = 'old', permissions = writes, usedDaysAgo = 100 as number | null } = {},
) {
  const added = await addKey({ name, permissions, createdAt: ago(200) });
  if (usedDaysAgo !== null) {
    const call = { ip_address: '192.0.2.1', api_route: '/api/v0/instances/5/', args: '{}' };
    sandbox.addAuditRows([{ ...call, api_key_id: added.id, created_at: ago(usedDaysAgo) }]);
  }
  return added;
}

/** Adds keys in each state: 42 unused, 43 in use, 44 never seen, 45 only reading. */
async function addStates(harness: Harness): Promise<void> {
  await harness.saveKey();
  await addOld(harness);
  await addOld(harness, { usedDaysAgo: 10 });
  await addOld(harness, { usedDaysAgo: null });
  await addOld(harness, { usedDaysAgo: null, permissions: reads });
}

const prune = ({ vastai }: Harness, ...args: string[]) => vastai(['prune', 'api-keys', ...args]);
const UNUSED = ['--unused-for', '90d'];

describe.concurrent('prune api-keys', () => {
  it('deletes keys that were used, but not for so long', async ({ harness }) => {
    await addStates(harness);
    const ran = await prune(harness, ...UNUSED, '--yes');
    expect(ran).toMatchObject({ status: 0, stdout: 'Deleted API key 42\n', stderr: '' });
    expect(deletions(harness)).toEqual(['DELETE /api/v0/auth/apikeys/42/']);
    const again = await prune(harness, ...UNUSED, '--yes', '--json');
    expect(again.json()).toEqual({ deleted: [], absent: [], failed: [], kept: [] });
    expect(again.status).toBe(0);
  });

  it('deletes old keys that were never seen with --include-unseen, and none that only reads', async ({
    harness,
  }) => {
    await addStates(harness);
    const ran = await prune(harness, ...UNUSED, '--include-unseen', '--yes', '--json');
    expect(ran.status).toBe(0);
    // The key in use is 40, which is the primary key and was created now.
    expect(ran.json()).toEqual({ deleted: [42, 44], absent: [], failed: [], kept: [] });
  });

  it('shows with --dry-run what it would delete, without a terminal', async ({ harness }) => {
    await addStates(harness);
    await addOld(harness, { name: 'ci-1' });
    const ran = await prune(harness, ...UNUSED, '--dry-run');
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^ID +NAME +WHY\n42 +old +last used \d{4}-\d\d-\d\d\n46 +ci-1 +last used /u);
    expect(ran.stderr).toContain('2 keys to delete. Nothing was deleted.');
    const json = await prune(harness, ...UNUSED, '--dry-run', '--json', '--name', 'ci-*');
    expect(json.json()).toEqual({ deleted: [], absent: [], failed: [], kept: [], would_delete: [46] });
    expect(deletions(harness)).toEqual([]);
  });

  it.for([
    [['--yes'], 'needs --unused-for'],
    [['--include-unseen', '--yes'], '--unused-for'],
    [['--unused-for', '90', '--yes'], 'such as 90d'],
    [[...UNUSED], '--yes'],
  ] as const)('refuses %j before it asks the API', async ([args, said], { harness }) => {
    await harness.saveKey();
    const ran = await prune(harness, ...args);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(said);
    expect(harness.asked()).toEqual([]);
  });

  it('keeps the key in use and those of all profiles, asking once for each whose ID is not noted', async ({
    harness,
  }) => {
    const { vastai, home, asked } = harness;
    await harness.saveKey();
    const inUse = await addOld(harness);
    const noted = await addOld(harness, { permissions: traceable });
    const unnoted = await addOld(harness, { permissions: traceable });
    const victim = await addOld(harness);
    const save = ['set', 'api-key', '--storage', 'file', '-', '--profile'];
    expect((await vastai([...save, 'work'], { input: noted.value })).status).toBe(0);
    await home.write('.config/vastai/profiles/copied/vast_api_key', unnoted.value);
    // The same key again: asked once.
    await home.write('.config/vastai/profiles/twin/vast_api_key', unnoted.value);
    const before = asked().length;
    const env = { VAST_API_KEY: inUse.value };
    const args = ['prune', 'api-keys', ...UNUSED, '--yes'];
    const denied = await vastai([...args, '--json'], { env });
    // The key in use may not list keys.
    expect(denied.status).toBe(5);
    const ran = await vastai([...args, '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toEqual({
      deleted: [inUse.id, victim.id],
      absent: [],
      failed: [],
      kept: [
        { id: noted.id, reason: 'profile' },
        { id: unnoted.id, reason: 'profile' },
      ],
    });
    // The key of the default profile is the one in use; the copied one has to be asked for.
    expect(
      asked()
        .slice(before)
        .filter((request) => request === USER),
    ).toHaveLength(2);
  });

  it('keeps the key that a file has now, and the one that the note is about', async ({ harness }) => {
    const { vastai, home } = harness;
    await harness.saveKey();
    const before = await addOld(harness, { permissions: traceable });
    const after = await addOld(harness, { permissions: traceable });
    await vastai(['set', 'api-key', '--storage', 'file', '--profile', 'work', '-'], { input: before.value });
    await home.write('.config/vastai/profiles/work/vast_api_key', after.value);
    const ran = await prune(harness, ...UNUSED, '--yes', '--json');
    expect(ran.json().kept).toEqual([before, after].map(({ id }) => ({ id, reason: 'profile' })));
  });

  it.for(['rejected', 'forbidden', 'unreachable', 'unreadable'] as const)(
    'deletes nothing if the key of a profile cannot be traced: %s',
    async (how, { harness }) => {
      const { home, addKey, unknownKey, sandbox } = harness;
      await harness.saveKey();
      await addOld(harness);
      const narrow = await addKey({ name: 'narrow', permissions: { api: { misc: {} } } });
      const content = { rejected: await unknownKey(), forbidden: narrow.value }[how as 'rejected'];
      await home.write(
        '.config/vastai/profiles/work/vast_api_key',
        content ?? (how === 'unreadable' ? 'not a key' : narrow.value),
      );
      if (how === 'unreachable')
        sandbox.fault(USER, { kind: 'answer', status: 503 }, Number.POSITIVE_INFINITY);
      const ran = await prune(harness, ...UNUSED, '--yes', '--retry', '0');
      expect(ran.status).toBe({ rejected: 1, forbidden: 1, unreachable: 8, unreadable: 9 }[how]);
      expect(ran.stdout).toBe('');
      expect(ran.stderr).toContain('rofile "work"');
      expect(deletions(harness)).toEqual([]);
    },
  );

  it('does not read a keychain where the ID is noted, and deletes nothing where it is not', async ({
    harness,
  }) => {
    const { home, saveKey } = harness;
    await saveKey();
    await addOld(harness);
    await addOld(harness);
    const work = { storage: 'keychain', key_id: 42 };
    const write = (record: object) =>
      home.write('.config/vastai/config.json', JSON.stringify({ version: 1, profiles: { work: record } }));
    // This machine has no keychain that answers.
    await write({ storage: 'keychain' });
    const stopped = await prune(harness, ...UNUSED, '--yes');
    expect(stopped.status).toBe(9);
    expect(stopped.stderr).toContain('The key of profile "work" cannot be read.');
    expect(deletions(harness)).toEqual([]);
    await write(work);
    const ran = await prune(harness, ...UNUSED, '--yes', '--json');
    expect(ran.json()).toMatchObject({ deleted: [43], kept: [{ id: 42, reason: 'profile' }] });
  });

  it('deletes nothing inside a program of exec --broker, which reads no saved key', async ({ harness }) => {
    await harness.saveKey();
    await addOld(harness);
    const env = { VASTAI_BROKER: '1', VAST_API_KEY: harness.sandbox.key };
    const ran = await harness.vastai(['prune', 'api-keys', ...UNUSED, '--yes'], { env });
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('cannot see which keys are saved here');
    expect(deletions(harness)).toEqual([]);
  });

  it('keeps keys that the server does not delete, and ends well', async ({ harness }) => {
    const { addKey, sandbox } = harness;
    await harness.saveKey();
    await addOld(harness);
    await addKey({ name: 'system', kind: 'system', permissions: writes, createdAt: ago(200) });
    await addOld(harness);
    const body = { success: false, error: 'bad_request', msg: 'You cannot delete your primary key.' };
    sandbox.fault('DELETE /api/v0/auth/apikeys/42/', { kind: 'answer', status: 400, body });
    const ran = await prune(harness, ...UNUSED, '--include-unseen', '--yes', '--json');
    expect(ran.status).toBe(0);
    expect(ran.json()).toEqual({
      deleted: [44],
      absent: [],
      failed: [],
      kept: [
        { id: 43, reason: 'not_user_created' },
        { id: 42, reason: 'primary' },
      ],
    });
  });

  it('keeps the keys of rotations and of runs that are not over', async ({ harness }) => {
    const { home, sandbox } = harness;
    await harness.saveKey();
    for (const name of ['old', 'new ~ab', 'exec 1', 'exec 2', 'gone']) await addOld(harness, { name });
    const common = { origin: sandbox.url, started: ago(1), profile: null };
    const maker = `hmac-sha256:${'0'.repeat(32)}:${'0'.repeat(64)}`;
    const elsewhere = { pid: 7, host: 'another-machine' };
    const entries = [
      {
        ...common,
        entry: 'a',
        kind: 'rotation',
        storage: null,
        old: { id: 42, name: 'old' },
        new: { name: 'new ~ab' },
        next: 'store',
      },
      { ...common, entry: 'b', kind: 'ephemeral', name: 'exec 1', maker, process: elsewhere },
      { ...common, entry: 'c', kind: 'ephemeral', name: 'other', id: 45, maker, process: elsewhere },
    ];
    await home.write('.config/vastai/ledger.json', JSON.stringify({ version: 1, entries }));
    const ran = await prune(harness, ...UNUSED, '--yes', '--json');
    expect(ran.json()).toMatchObject({
      deleted: [46],
      kept: [
        { id: 42, reason: 'rotation' },
        { id: 43, reason: 'rotation' },
        { id: 44, reason: 'run' },
        { id: 45, reason: 'run' },
      ],
    });
  });

  it('deletes the keys of killed runs, which this key made, and says so', async ({ harness }) => {
    const { home, sandbox } = harness;
    await harness.saveKey();
    for (const name of ['exec 1', 'exec 2']) sandbox.addKey({ name });
    const common = { kind: 'ephemeral', origin: sandbox.url, started: ago(1), profile: null };
    const holder = { ...(await thisProcess()), since: 'before' };
    const maker = fingerprintOf(ApiKey.parse(sandbox.key) as ApiKey);
    const other = `hmac-sha256:${'0'.repeat(32)}:${'0'.repeat(64)}`;
    const entries = [
      { ...common, entry: 'a', name: 'exec 1', id: 42, maker, process: holder },
      { ...common, entry: 'b', name: 'exec 2', id: 43, maker: other, process: holder },
    ];
    await home.write('.config/vastai/ledger.json', JSON.stringify({ version: 1, entries }));
    expect(await prune(harness, '--expired', '--dry-run')).toMatchObject({ status: 0 });
    expect(deletions(harness)).toEqual([]);
    const ran = await prune(harness, '--expired', '--yes');
    expect(ran.stderr).toContain('Deleted the key “exec 1” of a run that was killed.');
    expect(ran.status).toBe(0);
    expect(deletions(harness)).toHaveLength(1);
    expect(JSON.parse((await home.read('.config/vastai/ledger.json')) ?? '').entries).toMatchObject([
      { name: 'exec 2' },
    ]);
  });

  it('deletes no key of which a call has no time', async ({ harness }) => {
    await harness.saveKey();
    const { id } = await addOld(harness);
    const call = { ip_address: '192.0.2.1', api_route: '/api/v0/instances/5/', args: '{}', api_key_id: id };
    harness.sandbox.addAuditRows([{ ...call, created_at: Number.NaN }]);
    expect(await prune(harness, ...UNUSED, '--yes')).toMatchObject({
      status: 0,
      stdout: 'No keys to delete.\n',
    });
    expect(deletions(harness)).toEqual([]);
  });

  it('deletes nothing if the audit log does not say which keys made its calls', async ({ harness }) => {
    await addStates(harness);
    const body = [{ created_at: ago(1), api_route: '/api/v0/instances/5/' }];
    harness.sandbox.fault('GET /api/v0/audit_logs/', { kind: 'answer', status: 200, body });
    const ran = await prune(harness, ...UNUSED, '--include-unseen', '--yes');
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toContain('does not say which keys');
    expect(deletions(harness)).toEqual([]);
  });

  it('deletes nothing if the audit log does not end, since the rest may have later calls', async ({
    harness,
  }) => {
    await harness.saveKey();
    const { id } = await addOld(harness);
    const call = { ip_address: '192.0.2.1', api_route: '/x/', args: '{}', api_key_id: id };
    harness.sandbox.addAuditRows(
      Array.from({ length: 150 }, (_, at) => ({ ...call, created_at: ago(200 - at) })),
    );
    harness.sandbox.quirks.auditLog = 'same_page';
    const ran = await prune(harness, ...UNUSED, '--yes');
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toContain('Nothing was deleted.');
    expect(deletions(harness)).toEqual([]);
    const listed = await harness.vastai(['show', 'api-keys', '--usage', '--json']);
    expect(listed).toMatchObject({ status: 0, stderr: expect.stringContaining('the same page') });
    // It does not need the log.
    expect(await prune(harness, '--expired', '--yes')).toMatchObject({ status: 0, stderr: '' });
  });

  it('deletes nothing if the ledger is broken', async ({ harness }) => {
    await addStates(harness);
    await harness.home.write('.config/vastai/ledger.json', '{');
    expect((await prune(harness, ...UNUSED, '--yes')).status).toBe(9);
    expect(deletions(harness)).toEqual([]);
  });

  it('reports a failure like delete api-key, and counts a key that is gone as done', async ({ harness }) => {
    const { sandbox } = harness;
    await harness.saveKey();
    await addOld(harness);
    await addOld(harness);
    sandbox.fault('DELETE /api/v0/auth/apikeys/42/', { kind: 'answer', status: 500 });
    const gone = { success: false, msg: 'API Key not found.' };
    sandbox.fault('DELETE /api/v0/auth/apikeys/43/', { kind: 'answer', status: 404, body: gone });
    const ran = await prune(harness, ...UNUSED, '--yes', '--json');
    expect(ran.status).toBe(8);
    expect(ran.json()).toMatchObject({
      error: { code: 'unreachable' },
      deleted: [],
      absent: [43],
      failed: [{ id: 42 }],
      kept: [],
    });
    const alone = await prune(harness, ...UNUSED, '--yes', '--name', 'old', '--json');
    expect(alone.json()).toMatchObject({ deleted: [42, 43] });
  });

  it.skipIf(process.platform === 'win32')('can be interrupted and run again', async ({ harness, expect }) => {
    const { sandbox, start } = harness;
    await harness.saveKey();
    for (let at = 0; at < 5; at += 1) await addOld(harness);
    const threshold = { kind: 'answer', status: 429, body: { detail: 'threshold=30' } } as const;
    sandbox.fault('DELETE /api/v0/auth/apikeys/44/', threshold);
    const run = start(['prune', 'api-keys', ...UNUSED, '--yes', '--json']);
    await expect.poll(() => deletions(harness), { timeout: 20_000 }).toHaveLength(3);
    run.kill('SIGINT');
    const ran = await run.ended;
    expect(ran.status).toBe(130);
    expect(ran.json()).toMatchObject({ deleted: [42, 43], not_tried: [44, 45, 46], kept: [] });
    const again = await prune(harness, ...UNUSED, '--yes', '--json');
    expect(again.json()).toEqual({ deleted: [44, 45, 46], absent: [], failed: [], kept: [] });
  });

  it('deletes 300 keys at the pace of the API, without a 429 for the person', async ({ onTestFinished }) => {
    const rateLimits = { [DELETE]: 0.03, 'GET /api/v0/auth/apikeys/': 0.03, 'GET /api/v0/audit_logs/': 0.03 };
    const harness = await createHarness(BIN, { rateLimits });
    onTestFinished(() => harness.close());
    await harness.saveKey();
    for (let at = 0; at < 300; at += 1) await addOld(harness);
    const ran = await prune(harness, ...UNUSED, '--yes', '--json');
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.json()).toMatchObject({ failed: [], absent: [], kept: [] });
    expect(ran.json().deleted).toHaveLength(300);
    expect(harness.sandbox.keys().filter(({ revoked }) => !revoked)).toHaveLength(2);
  });
});

describe.concurrent('prune api-keys at the pace of the API', () => {
  it('waits for its turn as long as other programs delete keys too', async ({ onTestFinished }) => {
    const harness = await createHarness(BIN, { rateLimits: { [DELETE]: 0.2 } });
    onTestFinished(() => harness.close());
    await harness.saveKey();
    const ids: number[] = [];
    for (let at = 0; at < 12; at += 1) ids.push((await addOld(harness)).id);
    const all = await Promise.all([
      prune(harness, ...UNUSED, '--yes', '--json'),
      prune(harness, ...UNUSED, '--yes', '--json'),
      harness.vastai(['delete', 'api-key', ...ids.map(String), '--yes', '--json']),
    ]);
    for (const ran of all) {
      expect(ran).toMatchObject({ status: 0, stderr: '' });
      expect(ran.json().failed).toEqual([]);
    }
    expect(all.flatMap((ran) => ran.json().deleted).sort()).toEqual(ids);
    // Whoever wants one attempt gets one.
    const { id } = await addOld(harness);
    const fault = { kind: 'answer', status: 429, body: 'endpoint threshold=0.01' } as const;
    harness.sandbox.fault(DELETE, fault);
    expect(await prune(harness, ...UNUSED, '--yes', '--retry', '0')).toMatchObject({ status: 7, stdout: '' });
    harness.sandbox.fault(DELETE, fault, 5);
    expect(await prune(harness, ...UNUSED, '--yes')).toMatchObject({
      status: 0,
      stdout: `Deleted API key ${id}\n`,
    });
  });
});

describe.concurrent('prune api-keys --expired', () => {
  const expiring = ['create', 'api-key', '--permissions', JSON.stringify(reads), '--expires'];

  it('deletes keys after the date that create api-key noted, and forgets the date', async ({ harness }) => {
    const { vastai, home } = harness;
    await harness.saveKey();
    const made = await vastai([...expiring, '1s', '--name', 'short'], { printsKey: true });
    expect(made.status).toBe(0);
    expect((await vastai([...expiring, '30d', '--name', 'long'], { printsKey: true })).status).toBe(0);
    await expect
      .poll(async () => (await prune(harness, '--expired', '--dry-run', '--json')).json().would_delete, {
        timeout: 20_000,
      })
      .toEqual([42]);
    const ran = await prune(harness, '--expired', '--yes');
    expect(ran).toMatchObject({ status: 0, stdout: 'Deleted API key 42\n' });
    const { entries } = JSON.parse((await home.read('.config/vastai/ledger.json')) ?? '');
    expect(entries).toMatchObject([{ kind: 'expiry', id: 43, name: 'long' }]);
    expect(harness.asked().some((request) => request.includes('audit_logs'))).toBe(false);
  });

  it('forgets the date of a key that was deleted elsewhere', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await harness.saveKey();
    await vastai([...expiring, '1s', '--name', 'short'], { printsKey: true });
    sandbox.revoke(42);
    expect(await prune(harness, '--expired', '--yes')).toMatchObject({
      status: 0,
      stdout: 'No keys to delete.\n',
    });
    // It goes with its last entry.
    expect(await home.read('.config/vastai/ledger.json')).toBeUndefined();
  });
});

describe.skipIf(!canOpenTerminal())('prune api-keys on a terminal', { concurrent: true }, () => {
  it('asks one question with the list', async ({ harness }) => {
    const { onTerminal } = harness;
    await harness.saveKey();
    await addOld(harness, { name: 'ci-1' });
    await addOld(harness, { name: 'ci-2' });
    const terminal = onTerminal(['prune', 'api-keys', ...UNUSED], { columns: 200 });
    await terminal.see('Delete 2 API keys: 42 "ci-1" (last used ');
    terminal.type('n\r');
    expect((await terminal.ended).status).toBe(2);
    expect(deletions(harness)).toEqual([]);
    const second = onTerminal(['prune', 'api-keys', ...UNUSED], { columns: 200 });
    await second.see('43 "ci-2" (last used ');
    second.type('y\r');
    expect((await second.ended).status).toBe(0);
    expect(deletions(harness)).toHaveLength(2);
  });
});
