import { chmod, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';
import { commandsInHelp, commandsInMarkdown, type PrintedCommand } from './support/printed-commands.js';
import { shellOf } from './support/shell.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Commands that other tests run, or that stand for a whole group. */
const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  [/vastai (?:permissions|plugins)(?: …|$)/u, 'stands for every command below it'],
  [
    /vastai plugins (?:install|update|uninstall|link|unlink|reset)\b/u,
    'test/registry runs these against a registry',
  ],
  [/vastai show machines|vastai-machines/u, 'test/registry runs the page on plugins'],
  [/^vastai permissions validate$/u, 'docs/performance.md names what it measures'],
  [/127\.0\.0\.1:41234|^VAST_URL=/u, 'the page of the sandbox, which its own tests start'],
  [
    /autocomplete script (?:fish|powershell) \|/u,
    'no line for sh: completion.test.ts runs the scripts of both',
  ],
  [/…(?: |$)/u, 'leaves something out'],
  [/vastai scan .*(?:PATH|A\.\.B)/u, 'has a placeholder'],
];

/** The commands that end with something else than 0, as the page says beside them. */
const STATUSES: readonly (readonly [RegExp, number])[] = [
  [/^VAST_API_KEY=0123456789abcdef /u, 4],
  [/--fail-level security/u, 10],
  // The key of the test has full access.
  [/--require-scoped/u, 10],
  // The files of the test let a key do what these gates stop.
  [/--fail-on /u, 10],
  // Key 42 of the test has made no call.
  [/suggest --key 42/u, 6],
  [/vastai delete api-key (?!42 43 44)\d+$/u, 2],
  // These ask on a terminal, which a test has none of.
  [/^vastai (?:unset api-key|reset api-key|set api-key|prune api-keys --unused-for 90d)$/u, 2],
  [/^vastai api instances\/5\/ -X PUT -f label=train$/u, 2],
  // The command itself, and one with a word for any route.
  [/^vastai api$/u, 2],
  [/^vastai api PATH$/u, 6],
  // The key of the test is the primary one, which cannot be rotated.
  [/^vastai rotate api-key(?: --grace 7d)?$/u, 2],
  // It asks for the key, and whether to delete it.
  [/^vastai revoke api-key$/u, 2],
  // These ask on a terminal for a code, or whether to go on.
  [/^vastai tfa (?:login|add .*|delete .*|regen-codes.*|activate .*)$/u, 2],
  // These ask too.
  [/^vastai (?:delete session \d+|remove member \d+|remove team-role \w+)$/u, 2],
  // Both files of the test allow it.
  [/--not-granting instance\.destroy/u, 10],
  [/config migrate --to keychain/u, 9],
  // A key is saved in a file of the home.
  [/^vastai scan(?! --(?:write-baseline|staged|git)| - )/u, 10],
  // The keys of the test are not what its folder says.
  [/audit --expect/u, 10],
];

async function pages(): Promise<PrintedCommand[]> {
  const packages = (await readdir(join(ROOT, 'packages'))).map((name) =>
    join(ROOT, 'packages', name, 'README.md'),
  );
  const folders = [join(ROOT, 'docs'), join(ROOT, 'docs', 'recipes')];
  const docs = (await Promise.all(folders.map(pagesIn))).flat();
  const files = [join(ROOT, 'README.md'), ...docs, ...packages];
  const found = files.map(async (file) => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return commandsInMarkdown(relative(ROOT, file), text);
  });
  return (await Promise.all(found)).flat();
}

async function pagesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
}

/** Makes a home in which everything is that the pages speak of. */
async function prepare({ home, saveKey, sandbox, addKey, vastai }: Harness): Promise<void> {
  await saveKey();
  const permissions = { api: { user_read: {}, instance_read: {}, instance_write: {} } };
  for (const name of [
    'perms.json',
    'old.json',
    'new.json',
    'staging.json',
    'reader.json',
    'keys/ci.json',
    'keys/perms.json',
  ])
    await home.write(name, JSON.stringify(permissions));
  await home.write('README.md', '```json\n{"api": {"instance_read": {}}}\n```\n');
  await home.write('deploy.py', 'PERMISSIONS = {}\n');
  await chmod(await home.write('agent.sh', '#!/bin/sh\n'), 0o755);
  await home.write('infra/key.tf', 'permissions = jsonencode({ api = { instance_read = {} } })\n');
  await home.write('rows.json', JSON.stringify([{ api_route: 'GET /api/v0/users/current/', args: {} }]));
  const recorded = [
    ['user.show', 'GET', '/api/v0/users/current/'],
    ['instance.list', 'GET', '/api/v1/instances/'],
    ['instance.destroy', 'DELETE', '/api/v0/instances/{id}/'],
  ].map(([operation, method, route]) => ({
    time: 1,
    operation,
    method,
    route,
    ids: { id: '42' },
    verdict: 'allow',
  }));
  await home.write('calls.jsonl', recorded.map((call) => `${JSON.stringify(call)}\n`).join(''));
  await home.write('build.log', 'ok\n');
  await home.write('.vastai-scan.json', '{"version": 1, "findings": []}\n');
  const cases = 'document: perms.json\ncases:\n  - command: show user\n    expect: allow\n';
  for (const name of ['permissions.cases.yaml', 'cases.yaml', 'reads.yaml', 'keys/cases.yaml'])
    await home.write(name, cases);
  await mkdir(home.at('.config/fish/completions'), { recursive: true });
  await mkdir(home.at('my-plugin'), { recursive: true });
  await mkdir(home.at('.dstack/server'), { recursive: true });
  for (const name of ['me', 'notebooks', 'serverless'])
    await home.write(`.config/vastai/profiles/${name}/vast_api_key`, sandbox.key);
  for (const name of ['ci', 'b', 'c']) await addKey({ name });
  for (const name of ['owner', 'manager', 'member', 'billing', 'developer'])
    sandbox.addRole(name, permissions);
  sandbox.addMember({ id: 123, email: 'ana@example.com', roles: ['member'] });
  sandbox.twoFactor.beginSession(40);
  await home.write('found.key', (await addKey({ name: 'found' })).value);
  const work = {
    storage: 'command',
    command: ['op', 'read', 'op://Engineering/vast.ai/credential'],
    url: sandbox.url,
  };
  await home.write('.config/vastai/config.json', JSON.stringify({ version: 1, profiles: { work } }));
  for (const [name, script] of [
    ['op', 'cat "$HOME/.config/vastai/vast_api_key"'],
    ['pass', 'cat "$HOME/.config/vastai/vast_api_key"'],
    ...['gh', 'glab', 'kubectl', 'sudo'].map((name) => [name, 'cat >/dev/null'] as const),
    ...['docker', 'jupyter', 'make', 'python', 'server'].map((name) => [name, ':'] as const),
    // Runs the command as on the machine that it connects to.
    ['ssh', 'for command; do :; done; exec sh -c "$command"'],
    ['official-vastai', 'exit 0'],
  ] as const)
    await chmod(await home.write(`bin/${name}`, `#!/bin/sh\n${script}\n`), 0o755);
  await vastai(['profile', 'list']);
}

/** Gives the account an authenticator app and a phone, and makes the files that the pages on them speak of. */
async function prepareTwoFactor({ home, sandbox, vastai }: Harness, command: string): Promise<void> {
  // The codes of the example before are over.
  sandbox.clock.advance(600);
  if (sandbox.twoFactor.methods().length === 0) {
    sandbox.twoFactor.add({ method: 'totp' });
    sandbox.twoFactor.add({ method: 'sms', phoneNumber: '+12025550199' });
  }
  sandbox.twoFactor.authorize();
  await home.write('backup-code.txt', sandbox.twoFactor.backupCodes()[0] ?? '');
  if (/resend-sms/u.test(command)) await home.write('sms.secret', (await vastai(['tfa', 'send-sms'])).stdout);
}

function expectedOf(command: string): number {
  return STATUSES.find(([pattern]) => pattern.test(command))?.[1] ?? 0;
}

async function expectWorks(harness: Harness, { from, command }: PrintedCommand): Promise<void> {
  await prepare(harness);
  if (/vastai tfa /u.test(command)) await prepareTwoFactor(harness, command);
  if (/permissions init/u.test(command)) await rm(harness.home.at('perms.json'));
  if (command.includes('/api/v1/instances/'))
    harness.sandbox.fault('GET /api/v1/instances/', { kind: 'answer', status: 200, body: { instances: [] } });
  const shell = await shellOf(harness);
  const git =
    'git init -q . && git add *.json keys && git -c user.name=a -c user.email=a@b commit -qm x && git update-ref refs/remotes/origin/main HEAD';
  const before = /git:|--staged|--git /u.test(command) ? `{ ${git}; } >/dev/null 2>&1\n` : '';
  const official = harness.home.at('bin/official-vastai');
  const env = { TEST_KEY: harness.sandbox.key, VASTAI_OFFICIAL_CLI: official };
  const ran = await shell(before + command, { env });
  expect([from, command, ran.status, ran.output]).toEqual([from, command, expectedOf(command), ran.output]);
}

describe.skipIf(process.platform === 'win32').concurrent('a command that a page shows', async () => {
  const shown = (await pages()).filter(({ command }) => !LEFT_OUT.some(([pattern]) => pattern.test(command)));
  const cases = [...new Map(shown.map((one) => [one.command, one])).values()];
  it.for(cases)('works as printed: $from, $command', async (one, { harness }) => {
    await expectWorks(harness, one);
  });
});

describe.skipIf(process.platform === 'win32').concurrent('an example of --help', async () => {
  const manifests = ['cli', 'plugin-keys', 'plugin-account', 'plugin-permissions', 'plugin-scan'].map(
    (name) => readFile(join(ROOT, 'packages', name, 'oclif.manifest.json'), 'utf8'),
  );
  const ids = new Set(
    (await Promise.all(manifests)).flatMap((text) => Object.keys(JSON.parse(text).commands)),
  );
  it.for([...[...ids].map((id) => id.split(':')), ['plugins', 'inspect'], ['plugins', 'link']])(
    'of %s %s works as printed',
    async (words, { harness }) => {
      const { stdout } = await harness.vastai([...words, '--help']);
      for (const one of commandsInHelp(words.join(' '), stdout)) {
        if (LEFT_OUT.some(([pattern]) => pattern.test(one.command))) continue;
        await expectWorks(harness, one);
      }
    },
  );
});
