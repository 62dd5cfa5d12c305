import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/packed-cli';
import { createHome, type TestHome } from '@vastai-cli/testing/home';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ROOT } from '../support/repository-copy.js';
import { placePlugins } from '../support/user-plugins.js';
import { type Lies, type Packument, startLyingRegistry } from './support/lying-registry.js';
import { type Registry, startRegistry } from './support/registry.js';
import { run } from './support/run.js';
import { ACCOUNT, DATA, expectNothingCame, stranger, using } from './support/untrusted.js';

/** Fetching the registry, and packing, takes its time on a busy machine. */
const PATIENCE_MS = 300_000;

let own: string;
let folder: string;
let strangers: TestHome;
/** Somebody else has published under the names of the official plugins. */
let squatted: Registry;
/** Has the plugins of this checkout. */
let honest: Registry;
let impostor: string;

const folderOf = (name: string) => strangers.at(DATA, 'node_modules', name);
const packedFile = (name: string) => `vastai-cli-plugin-${name}-${own}.tgz`;
const integrityOf = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

beforeAll(async () => {
  own = JSON.parse(await readFile(join(ROOT, 'packages/cli/package.json'), 'utf8')).version;
  folder = await mkdtemp(join(tmpdir(), 'vastai-packed-'));
  await run(process.execPath, [join(ROOT, 'scripts/pack.mjs'), folder], { cwd: ROOT });
  squatted = await startRegistry();
  honest = await startRegistry();
  for (const name of ['account', 'keys', 'permissions']) await honest.publish(join(folder, packedFile(name)));

  strangers = await createHome();
  const scoped = [stranger(ACCOUNT, own), stranger('@vastai-cli/plugin-extra', '1.0.0')];
  const other = stranger('vastai-curious', '1.2.3');
  const hidden = stranger('@vastai-cli/plugin-vastai-curious', '1.0.0');
  await placePlugins(strangers, [...scoped, hidden, other]);
  for (const { name } of [...scoped, other]) await squatted.publish(folderOf(name));
  await honest.publish(folderOf('vastai-curious'));
  await honest.publish(folderOf(hidden.name));
  await run('npm', ['pack', '--pack-destination', strangers.path], {
    cwd: folderOf(ACCOUNT),
    env: strangers.env,
  });
  impostor = strangers.at(packedFile('account'));
  await placePlugins(strangers, [stranger(ACCOUNT, `${own}9`)]);
  await squatted.publish(folderOf(ACCOUNT));
}, PATIENCE_MS);

afterAll(async () => {
  await Promise.all([squatted?.close(), honest?.close(), strangers?.remove()]);
  await rm(folder, { recursive: true, force: true });
}, PATIENCE_MS);

describe('a package that somebody else published as an official plugin', { timeout: PATIENCE_MS }, () => {
  it.for([
    ['its short name', ['plugins', 'install', 'account']],
    ['its full name', ['plugins', 'install', ACCOUNT]],
    ['a range', ['plugins', 'install', `account@^0.1.0`]],
    ['--force and --yes', ['plugins', 'install', 'account', '--force', '--yes']],
    ['the first use of its command', ['show', 'user', '--yes']],
  ] as const)(
    'is not installed by %s: both hashes are named, with status 10',
    async ([, args], { harness }) => {
      const ran = await using(harness, squatted.url)(args, { VASTAI_AUTO_INSTALL: '1' });
      expect(ran.status).toBe(10);
      expect(ran.stdout).toBe('');
      const pins = JSON.parse(await readFile(join(ROOT, 'packages/cli/dist/plugin-integrity.json'), 'utf8'));
      expect(ran.stderr).toContain(`This is not the ${ACCOUNT} that was built with vastai-cli ${own}.`);
      expect(ran.stderr).toContain(`Expected: ${pins[ACCOUNT]}\nFound:    sha512-`);
      await expectNothingCame(harness);
    },
  );

  it('is reported in one JSON document after a first use with --json', async ({ harness }) => {
    const ran = await using(harness, squatted.url)(['show', 'user', '--yes', '--json']);
    expect(ran.status).toBe(10);
    expect(ran.json().error).toMatchObject({ code: 'findings', message: expect.stringContaining(ACCOUNT) });
  });

  it.for(['account@9.9.9', 'account@next', 'account@>=99', `${ACCOUNT}@npm:vastai-curious`])(
    'is not asked for in another version: %s',
    async (spec, { harness }) => {
      const ran = await using(harness, squatted.url)(['plugins', 'install', spec]);
      expect(ran.status).toBe(2);
      expect(ran.stderr).toContain(`installs only version ${own} of ${ACCOUNT}`);
      await expectNothingCame(harness);
    },
  );

  it('is not installed from a file, a folder, an address, a repository or under another name', async ({
    harness,
  }) => {
    const vastai = using(harness, squatted.url);
    const repository = harness.home.at('repository');
    await harness.home.write(
      'repository/package.json',
      await readFile(join(folderOf(ACCOUNT), 'package.json'), 'utf8'),
    );
    const git = (...args: string[]) =>
      run('git', args, { cwd: repository, env: { ...harness.home.env, ...AUTHOR } });
    await git('init', '--quiet');
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'Claim a name');
    for (const source of [
      `file:${impostor}`,
      `file:${folderOf(ACCOUNT)}`,
      `${squatted.url}${ACCOUNT}/-/plugin-account-${own}.tgz`,
      `git+file://${repository}`,
      `other@npm:${ACCOUNT}@${own}`,
    ]) {
      const ran = await vastai(['plugins', 'install', source, '--yes']);
      expect([source, ran.status]).toEqual([source, 10]);
      expect(ran.stderr).toContain(`This is not the ${ACCOUNT}`);
      await expectNothingCame(harness);
    }
  });

  it.for([['update'], ['reset', '--reinstall'], ['reset', '--hard', '--reinstall']])(
    'does not arrive with plugins %s, which leaves what is there',
    async (args, { harness }) => {
      await placePlugins(harness.home, [
        { name: ACCOUNT, version: '0.0.1', range: '0.0.1', commands: ['show:user'] },
      ]);
      const before = await harness.home.read(`${DATA}/package.json`);
      const ran = await using(harness, squatted.url)(['plugins', ...args]);
      expect(ran.status).toBe(10);
      expect(await harness.home.read('owned')).toBeUndefined();
      expect(await harness.home.read(`${DATA}/package.json`)).toBe(before);
      expect(await harness.home.read(`${DATA}/node_modules/${ACCOUNT}/package.json`)).toContain('0.0.1');
    },
  );

  it('is refused by every spelling of its name', async ({ harness }) => {
    const claimed = JSON.parse(await readFile(join(folderOf(ACCOUNT), 'package.json'), 'utf8'));
    for (const name of [
      '@Vastai-CLI/plugin-account',
      'keys',
      'vastai-cli',
      '@vastai-cli/plugin-constructor',
    ]) {
      await harness.home.write('claim/package.json', JSON.stringify({ ...claimed, name }));
      const source = `file:${harness.home.at('claim')}`;
      const ran = await using(harness, squatted.url)(['plugins', 'install', source, '--yes']);
      expect([name, ran.status, ran.stdout]).toEqual([name, 2, '']);
      expect(ran.stderr).toContain(`${name} is not a plugin of vastai-cli`);
      await expectNothingCame(harness);
    }
  });

  it('is refused without being asked for where this CLI has no such plugin', async ({ harness }) => {
    const ran = await using(
      harness,
      squatted.url,
    )(['plugins', 'install', '@vastai-cli/plugin-extra', '--yes']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('@vastai-cli/plugin-extra is not a plugin of vastai-cli');
    expect(ran.stderr).toContain('Its plugins: keys, account, permissions');
    await expectNothingCame(harness);
  });
});

describe('a registry that lies', { timeout: PATIENCE_MS }, () => {
  const everyVersion = (
    document: Packument,
    change: (dist: Packument['versions'][string]['dist']) => void,
  ) => {
    for (const { dist } of Object.values(document.versions)) change(dist);
    return document;
  };
  const evil = () => readFile(impostor);

  const cases: [string, (bytes: Buffer) => Lies][] = [
    ['sends another tarball than it announces', (bytes) => ({ tarball: () => bytes })],
    [
      'announces no hash',
      (bytes) => ({
        tarball: () => bytes,
        packument: (document) =>
          everyVersion(document, (dist) => {
            delete dist.integrity;
            delete dist.shasum;
          }),
      }),
    ],
    [
      'announces the hash of the other tarball',
      (bytes) => ({
        tarball: () => bytes,
        packument: (document) =>
          everyVersion(document, (dist) => {
            dist.integrity = integrityOf(bytes);
            delete dist.shasum;
          }),
      }),
    ],
  ];
  it.for(cases)('and %s gets nothing installed', async ([, liesWith], { harness, onTestFinished }) => {
    const registry = await startLyingRegistry(honest, liesWith(await evil()));
    onTestFinished(() => registry.close());
    const ran = await using(harness, registry.url)(['plugins', 'install', 'account']);
    expect(ran.status).toBe(10);
    await expectNothingCame(harness);
  });

  it('after it was looked at does not change what is installed', async ({ harness, onTestFinished }) => {
    const bytes = await evil();
    let hasSent = false;
    const registry = await startLyingRegistry(honest, {
      tarball(truth) {
        const answer = hasSent ? bytes : truth;
        hasSent = true;
        return answer;
      },
      packument: (document) =>
        hasSent
          ? everyVersion(document, (dist) => {
              dist.integrity = integrityOf(bytes);
              delete dist.shasum;
            })
          : document,
    });
    onTestFinished(() => registry.close());
    const vastai = using(harness, registry.url);
    expect((await vastai(['plugins', 'install', 'account'])).status).toBe(0);
    expect((await vastai(['show', 'user'])).status).toBe(3);
    expect((await vastai(['plugins', 'install', 'vastai-curious', '--yes'])).status).toBe(0);
    expect(registry.asked.filter((path) => path.includes('plugin-vastai-curious'))).toEqual([]);
    const installed = await harness.home.read(`${DATA}/node_modules/${ACCOUNT}/oclif.manifest.json`);
    expect(installed).toBe(await readFile(join(ROOT, 'packages/plugin-account/oclif.manifest.json'), 'utf8'));
  });

  it('is not needed for a plugin that comes from a file and is the right one', async ({ harness }) => {
    const file = `file:${join(folder, packedFile('account'))}`;
    expect((await using(harness, squatted.url)(['plugins', 'install', file])).status).toBe(0);
    expect((await harness.vastai(['show', 'user'])).status).toBe(3);
    expect((await using(harness, honest.url)(['plugins', 'update'])).status).toBe(0);
    expect((await harness.vastai(['show', 'user'])).status).toBe(3);
  });
});

const AUTHOR = {
  GIT_AUTHOR_NAME: 'A test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'A test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
};
