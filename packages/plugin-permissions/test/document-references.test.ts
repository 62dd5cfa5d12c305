import { execFileSync } from 'node:child_process';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

const DOCUMENT = { api: { instance_read: {} } };
const CASES = 'cases:\n  - { operation: instance.show, expect: allow }\n';
const ROLES = '/api/v0/team/roles';

/** Each command that takes a document, with the document's place in its arguments. */
const COMMANDS: readonly [name: string, argsFor: (reference: string) => readonly string[]][] = [
  ['validate', (reference) => [reference]],
  ['check', (reference) => [reference, '--operation', 'instance.show']],
  ['explain', (reference) => [reference]],
  ['test', (reference) => ['cases.yaml', '--document', reference]],
  ['diff', (reference) => [reference, 'perms.json', '--no-new-access']],
];

/** Writes the document to a file, a commit, a key and a role. Returns a reference to each. */
async function everyForm({ home, addKey, saveKey, sandbox }: Harness) {
  await home.write('perms.json', JSON.stringify(DOCUMENT));
  await home.write('cases.yaml', CASES);
  await home.write('key:1', JSON.stringify(DOCUMENT));
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
  for (const args of [
    ['init', '--quiet'],
    ['add', 'perms.json'],
    [...identity, 'commit', '--quiet', '--message=first'],
  ]) {
    execFileSync('git', args, { cwd: home.path, env: { ...home.env } });
  }
  await saveKey();
  const { id } = await addKey({ name: 'watch', permissions: DOCUMENT });
  await addRole(sandbox, 'dev ops/1');
  return {
    offline: ['perms.json', './key:1', 'git:HEAD:perms.json', 'preset:monitoring', 'monitoring'],
    api: [`key:${id}`, 'role:dev ops/1', 'role:1'],
  };
}

async function addRole({ url, key }: Harness['sandbox'], name: string): Promise<void> {
  await fetch(`${url}${ROLES}/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ name, permissions: DOCUMENT }),
  });
}

describe.concurrent('a reference to a document', () => {
  it.for(COMMANDS)('is taken by "permissions %s" in every form', async ([command, argsFor], { harness }) => {
    const { offline, api } = await everyForm(harness);
    const before = harness.asked().length;
    for (const reference of offline) {
      const ran = await harness.vastai(['permissions', command, ...argsFor(reference)]);
      expect(ran, reference).toMatchObject({ status: 0, stderr: '' });
    }
    expect(harness.asked()).toHaveLength(before);
    for (const reference of api) {
      const ran = await harness.vastai(['permissions', command, ...argsFor(reference), '--json']);
      expect(ran, reference).toMatchObject({ status: 0, stderr: '' });
    }
    expect(harness.asked().slice(before)).toEqual([
      `GET /api/v0/auth/apikeys/${api[0]?.slice('key:'.length)}/`,
      `GET ${ROLES}/dev%20ops%2F1/`,
      `GET ${ROLES}/1/`,
    ]);
  });

  it('is standard input if it is "-"', async ({ harness: { vastai, home } }) => {
    await home.write('cases.yaml', CASES);
    await home.write('perms.json', JSON.stringify(DOCUMENT));
    for (const [command, argsFor] of COMMANDS) {
      const ran = await vastai(['permissions', command, ...argsFor('-')], {
        input: JSON.stringify(DOCUMENT),
      });
      expect(ran, command).toMatchObject({ status: 0, stderr: '' });
    }
  });

  it.for([
    ['test', '-', '--document', '-'],
    ['check', '-', '--from-audit-log', '-'],
    ['diff', '-', '-'],
  ])('can be standard input only once: %j', async (args, { harness: { vastai } }) => {
    const input = JSON.stringify({ ...DOCUMENT, cases: [{ operation: 'instance.show', expect: 'allow' }] });
    const ran = await vastai(['permissions', ...args], {
      input: args[0] === 'test' ? input : JSON.stringify(DOCUMENT),
    });
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('Standard input can be used for only one argument.');
  });

  it('in a file of cases is read like that too, and is otherwise a path next to the file', async ({
    harness,
  }) => {
    const { offline, api } = await everyForm(harness);
    for (const reference of [...offline.filter((one) => one.includes(':')), ...api, '../perms.json']) {
      await harness.home.write(
        'keys/cases.json',
        JSON.stringify({ document: reference, cases: [{ operation: 'instance.show', expect: 'allow' }] }),
      );
      await harness.home.write('keys/key:1', JSON.stringify(DOCUMENT));
      const ran = await harness.vastai(['permissions', 'test', 'keys/cases.json']);
      expect(ran, reference).toMatchObject({ status: 0, stderr: '' });
    }
  });

  it('to a role that does not exist ends with 6, with the closest names', async ({ harness }) => {
    await harness.saveKey();
    const missing = ['permissions', 'explain', 'role:opz', '--json'];
    const none = await harness.vastai(missing);
    expect(none).toMatchObject({ status: 6 });
    expect(none.json().error).toMatchObject({ code: 'not_found', hint: 'The team has no roles.' });
    await addRole(harness.sandbox, 'billing');
    await addRole(harness.sandbox, 'ops');
    expect((await harness.vastai(missing)).json().error).toMatchObject({
      message: 'The team has no role “opz”.',
      hint: 'Did you mean “ops”?',
    });
    expect((await harness.vastai(['permissions', 'explain', 'role:x'])).stderr).toContain(
      'The roles are “billing”, “ops”.',
    );
  });

  it.for<[status: number, reference: string, said: string]>([
    [2, 'role:', 'needs the name'],
    [2, 'role:..', 'cannot be a name'],
    [2, 'key:ci', 'must be a whole number'],
    [2, 'preset:nope', 'Unknown preset "nope"'],
    [2, 'git:HEAD', 'form git:REV:path'],
    [2, 'nowhere.json', 'no such file'],
    [3, 'key:42', 'No API key'],
    [3, 'role:ops', 'No API key'],
  ])('ends with %i for %s, without a request', async ([status, reference, said], { harness }) => {
    await harness.home.write('cases.yaml', CASES);
    await harness.home.write('perms.json', JSON.stringify(DOCUMENT));
    for (const [command, argsFor] of COMMANDS) {
      const ran = await harness.vastai(['permissions', command, ...argsFor(reference), '--json']);
      expect([ran.status, ran.json().error.message], command).toEqual([
        status,
        expect.stringContaining(said),
      ]);
    }
    expect(harness.asked()).toEqual([]);
  });

  it.for(['key:9', 'role:odd'])(
    'to %s says so if the permissions are unknown',
    async (reference, { harness }) => {
      await harness.saveKey();
      harness.sandbox.fault('GET /api/v0/auth/apikeys/9/', {
        kind: 'answer',
        status: 200,
        body: { id: 9, name: 'old' },
      });
      harness.sandbox.fault(`GET ${ROLES}/odd/`, {
        kind: 'answer',
        status: 200,
        body: { id: 3, name: 'odd' },
      });
      const ran = await harness.vastai([
        'permissions',
        'check',
        reference,
        '--operation',
        'instance.show',
        '--json',
      ]);
      expect(ran.status).toBe(1);
      expect(ran.json().error.message).toMatch(/^The API did not return the permissions of /);
    },
  );

  it('to a key with full access has no document to validate', async ({ harness }) => {
    await harness.saveKey();
    const { id } = await harness.addKey({ name: 'full' });
    const ran = await harness.vastai(['permissions', 'validate', `key:${id}`, '--json']);
    expect(ran.status).toBe(10);
    expect(ran.json().error).toMatchObject({
      code: 'findings',
      message: `key:${id} has full access: it has no permission document.`,
    });
    const args = ['permissions', 'check', `key:${id}`, '--operation', 'apikey.create', '--json'];
    expect((await harness.vastai(args)).json()).toMatchObject({ verdict: 'allow', line: null });
  });

  it('to a key points into its document, indented by two spaces', async ({ harness }) => {
    await harness.saveKey();
    const { id } = await harness.addKey({ name: 'ci', permissions: DOCUMENT });
    const args = ['permissions', 'check', `key:${id}`, '--operation', 'instance.show'];
    expect((await harness.vastai(args)).stdout).toContain(`\nkey:${id}:3:5: "instance_read": {}\n`);
  });
});
