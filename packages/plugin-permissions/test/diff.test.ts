import { execFileSync } from 'node:child_process';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

const OLD = {
  api: { billing_read: {}, instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } },
};
const NEW = { api: { instance_write: { 'api.instance.destroy': {}, 'api.instance.reboot': {} } } };
const diff = (...args: string[]) => ['permissions', 'diff', ...args];

async function writeBoth({ home }: Harness): Promise<void> {
  await home.write('old.json', JSON.stringify(OLD));
  await home.write('new.json', JSON.stringify(NEW, null, 4));
}

/** A repository in the home, whose first commit has a file with the old document. */
async function commitOld({ home }: Harness, file = 'perms.json'): Promise<void> {
  await home.write(file, JSON.stringify(OLD));
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '.'],
    [...identity, 'commit', '--quiet', '--message=first'],
  ]) {
    execFileSync('git', args, { cwd: home.path, env: { ...home.env } });
  }
}

describe.concurrent('permissions diff', () => {
  it('shows which access changes', async ({ harness }) => {
    await writeBoth(harness);
    const ran = await harness.vastai(diff('old.json', 'new.json'));
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toMatch(
      /^old\.json → new\.json\ngranted\n {2}instance\.reboot \(instance_write\): nothing → everything\n {4}new: PUT \/api\/v0\/instances\/reboot\/1\/, decided by line 5\nwidened\n {2}instance\.destroy \(instance_write\): id is 5 → everything\n {4}new: DELETE \/api\/v0\/instances\/6\/, decided by line 4\nremoved\n {2}charge\./,
    );
    expect(harness.asked()).toEqual([]);
  });

  it('prints the changes and the failed gates as JSON', async ({ harness }) => {
    await writeBoth(harness);
    const gates = [
      '--no-new-access',
      '--not-granting',
      'instance.reboot',
      '--not-granting',
      'instance.create',
    ];
    const ran = await harness.vastai(diff('old.json', 'new.json', ...gates, '--json'));
    expect(ran.status).toBe(10);
    expect(ran.json()).toMatchObject({
      before: 'old.json',
      after: 'new.json',
      violations: [
        { gate: 'no-new-access', name: 'instance.destroy' },
        { gate: 'no-new-access', name: 'instance.reboot' },
        { gate: 'not-granting', name: 'instance.reboot' },
      ],
    });
    expect(ran.json().changes).toContainEqual({
      change: 'widened',
      certain: true,
      subject: 'operation',
      name: 'instance.destroy',
      category: 'instance_write',
      before: 'id is 5',
      after: 'everything',
      request: { method: 'DELETE', path: '/api/v0/instances/6/' },
      path: "$.api.instance_write['api.instance.destroy']",
      line: 4,
    });
  });

  it('fails if a category grows next to a part whose effect is unknown', async ({ harness }) => {
    const { home, vastai } = harness;
    const named = { user_write: { 'api.sshkeys.create': {} }, constraints: {} };
    await home.write('a.json', JSON.stringify({ api: named }));
    await home.write('b.json', JSON.stringify({ api: { ...named, user_write: {} } }));
    const ran = await vastai(diff('a.json', 'b.json', '--no-new-access'));
    expect(ran.status).toBe(10);
    expect(ran.stdout).toContain('    may be new: POST /api/v0/auth/apikeys/, decided by line 1\n');
  });

  it('compares 10 MB', async ({ harness }) => {
    const { home, vastai } = harness;
    const leaf = { constraints: { id: { eq: 1 } } };
    const names = Array.from({ length: 40_000 }, (_, index) => [
      `api.volume.${'x'.repeat(190)}${index}`,
      leaf,
    ]);
    const misc = Object.fromEntries(names);
    await home.write('a.json', JSON.stringify({ api: { misc } }));
    await home.write('b.json', JSON.stringify({ api: { misc: { ...misc, 'api.x.y': {} } } }));
    const ran = await vastai(diff('a.json', 'b.json', '--json'));
    expect(ran.json().changes).toMatchObject([{ change: 'granted', name: 'api.x.y' }]);
  });

  it.for<[args: string[], status: number]>([
    [['new.json', 'old.json', '--no-new-access'], 10],
    [['old.json', 'old.json', '--no-new-access', '--not-granting', 'instance.reboot'], 0],
    [['old.json', 'preset:billing-viewer', '--no-new-access'], 0],
    [['old.json', 'billing-viewer', '--not-granting', 'api.instance.destroy'], 0],
    [['old.json', 'monitoring', '--no-new-access'], 10],
    [['old.json', 'new.json', '--not-granting', 'instance.destory'], 2],
    [['old.json', 'nowhere.json'], 2],
    [['old.json', 'preset:nope'], 2],
    [['old.json'], 2],
    [['old.json', 'key:42'], 3],
  ])('%j ends with %i', async ([args, status], { harness }) => {
    await writeBoth(harness);
    expect((await harness.vastai(diff(...args))).status).toBe(status);
    expect(harness.asked()).toEqual([]);
  });

  it('compares the document of a key', async ({ harness }) => {
    const { vastai, addKey, saveKey, asked } = harness;
    await writeBoth(harness);
    await saveKey();
    const { id } = await addKey({ name: 'scoped', permissions: OLD });
    expect((await vastai(diff('old.json', `key:${id}`))).stdout).toContain('No difference in access.');
    expect(asked()).toEqual([`GET /api/v0/auth/apikeys/${id}/`]);
    const full = await vastai(diff('old.json', 'key:40', '--no-new-access'));
    expect(full.status).toBe(10);
  });

  it('compares a document from a git commit', async ({ harness }) => {
    await commitOld(harness, 'a folder/$(touch made); perms.json');
    await harness.home.write('new.json', JSON.stringify(NEW));
    const name = 'git:HEAD:a folder/$(touch made); perms.json';
    const ran = await harness.vastai(diff(name, 'new.json', '--json'));
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.json()).toMatchObject({ before: name, after: 'new.json' });
    expect(await harness.home.read('made')).toBeUndefined();
  });

  it.for(['git:HEAD:nowhere.json', 'git:--help:perms.json', 'git:HEAD', 'git::perms.json'])(
    'ends with 2 for %s',
    async (name, { harness }) => {
      await commitOld(harness);
      const ran = await harness.vastai(diff(name, 'perms.json', '--json'));
      expect(ran.status).toBe(2);
      expect(ran.json().error).toMatchObject({ code: 'usage', message: expect.stringMatching(/ git|^git/) });
    },
  );

  it('names a folder in git as what it is', async ({ harness }) => {
    await commitOld(harness, 'folder/perms.json');
    const ran = await harness.vastai(diff('git:HEAD:folder', 'perms.json'));
    expect(ran).toMatchObject({ status: 2, stderr: 'Error: git:HEAD:folder is not a file.\n' });
  });

  it('ends with 2 outside a repository, and without git', async ({ harness }) => {
    await writeBoth(harness);
    const args = diff('git:HEAD:old.json', 'old.json');
    const [outside, without] = await Promise.all([
      harness.vastai(args, { env: { GIT_CEILING_DIRECTORIES: harness.home.path } }),
      harness.vastai(args, { env: { PATH: harness.home.path } }),
    ]);
    expect(outside).toMatchObject({ status: 2, stderr: expect.stringContaining('not a git repository') });
    expect(without).toMatchObject({ status: 2, stderr: 'Error: git is not installed.\n' });
  });

  it('does not pass the key to git', async ({ harness }) => {
    await writeBoth(harness);
    const spy = '#!/bin/sh\nenv > "$HOME/seen"\nexit 1\n';
    const path = await harness.home.write('bin/git', spy);
    execFileSync('chmod', ['+x', path]);
    const env = {
      PATH: `${harness.home.at('bin')}:${harness.home.env.PATH}`,
      VAST_API_KEY: harness.sandbox.key,
    };
    await harness.vastai(diff('git:HEAD:old.json', 'old.json'), { env });
    const seen = await harness.home.read('seen');
    expect(seen).toContain('GIT_NO_LAZY_FETCH=1');
    expect(seen).not.toContain(harness.sandbox.key);
  });
});
