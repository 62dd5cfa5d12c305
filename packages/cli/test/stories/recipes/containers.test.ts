import { chmod, chown, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import { it as itPacked } from '@vastai-cli/testing/checkout/packed-cli';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { parse } from 'yaml';
import { AS_NAMELESS, canBeOthers, giveHome, NAMELESS } from '../../support/as-user.js';
import { type PluginRegistry, startPluginRegistry } from '../../support/plugin-registry.js';
import {
  IN_ITS_VARIABLE,
  MONITORING,
  newestKey,
  recipe,
  recipeShell,
  standIn,
  whereIs,
} from '../../support/recipe.js';

/** What `docker run` does with flags: the container gets the variables that are named, and no others. */
const DOCKER_RUN = `const words = argv.slice(1);
const env = { PATH: process.env.PATH };
while (words[0].startsWith('--')) {
  if (words.shift() !== '--env') continue;
  const [, name, , value] = /^([^=]+)(=(.*))?$/su.exec(words.shift());
  if ((value ?? process.env[name]) !== undefined) env[name] = value ?? process.env[name];
}
const [, program, ...rest] = words;
process.exit(require('node:child_process').spawnSync(program, rest, { env, stdio: 'inherit' }).status);`;

describe.runIf(process.platform !== 'win32').concurrent('the recipe for', () => {
  it('Docker: passes the key by the name of its variable', async ({ harness }) => {
    const { saveKey, sandbox, unknownKey, home } = harness;
    const [line = ''] = recipe('docker').commands;
    const run = await recipeShell(harness);
    const docker = await standIn(harness, 'docker', DOCKER_RUN);
    const python = await standIn(harness, 'python', 'console.log(process.env.VAST_API_KEY);');
    await saveKey();
    await run(line.replace('IMAGE', 'registry.example/image'));
    expect(whereIs(sandbox.key, (await docker())[0])).toEqual(IN_ITS_VARIABLE);
    const [inside] = await python();
    expect(inside).toMatchObject({ argv: ['train.py'], env: { VAST_URL: sandbox.url } });
    expect(whereIs(sandbox.key, inside)).toEqual(IN_ITS_VARIABLE);

    // Only a variable that is named gets in. Without another API, there is no VAST_URL to pass.
    const key = await unknownKey();
    await home.write('.config/vastai/vast_api_key', key);
    await run(line.replace('--env VAST_API_KEY', ''), { env: { VAST_URL: undefined } });
    expect(whereIs(key, (await docker())[1])).toEqual(IN_ITS_VARIABLE);
    expect(Object.keys((await python())[1]?.env ?? {})).toEqual(['PATH']);
  });

  it('Kubernetes: reads the key from a mounted secret', async ({ harness }) => {
    const { home, saveKey } = harness;
    const { commands, block } = recipe('kubernetes');
    const run = await recipeShell(harness);
    const kubectl = await standIn(harness, 'kubectl', '', { reads: true });
    const report = await standIn(harness, 'report.sh', 'console.log(process.env.VAST_API_KEY);', {
      path: 'report.sh',
    });
    await saveKey();
    for (const line of commands) await run(line);
    const [created] = await kubectl();
    const [, , , name, from = ''] = created?.argv ?? [];
    const [, file = ''] = /^--from-file=(\w+)=\/dev\/stdin$/u.exec(from) ?? [];
    expect(newestKey(harness)).toEqual({ name: 'report', categories: MONITORING });

    const { spec } = parse(block('yaml'), { version: '1.1' }).spec.template;
    const [container] = spec.containers;
    const [volume] = spec.volumes;
    const [mount] = container.volumeMounts;
    expect([volume.name, volume.secret.secretName]).toEqual([mount.name, name]);
    expect(container.env).toEqual([{ name: 'VAST_API_KEY_FILE', value: `${mount.mountPath}/${file}` }]);

    // The files of a secret are links to a folder that changes as a whole.
    await home.write(`secret/..1/${file}`, created?.input ?? '');
    await chmod(home.at(`secret/..1/${file}`), volume.secret.defaultMode);
    await symlink('..1', home.at('secret/..data'));
    await symlink(`..data/${file}`, home.at(`secret/${file}`));
    await rm(home.at('.config'), { recursive: true });
    const env = { VAST_API_KEY_FILE: home.at(`secret/${file}`) };
    const { runAsUser, fsGroup } = spec.securityContext;
    expect(runAsUser).toBeGreaterThan(0);
    expect(volume.secret.defaultMode & 0o007).toBe(0);
    // The secret belongs to root and the group of the pod, which the program is in.
    const user = `--reuid ${runAsUser} --regid ${runAsUser} --groups ${fsGroup}`;
    if (canBeOthers) {
      await giveHome(harness, runAsUser);
      await chown(home.at(`secret/..1/${file}`), 0, fsGroup);
    }
    const start = [...(canBeOthers ? ['setpriv', user] : []), ...container.command].join(' ');
    expect(await run(start, { env })).toMatch(/^[0-9a-f]{3}…\n$/u);
    const key = created?.input.trim() ?? '';
    expect(key).toMatch(/^[0-9a-f]{64}$/u);
    expect(whereIs(key, (await report())[0])).toEqual(IN_ITS_VARIABLE);
  });
});

describe.runIf(canBeOthers)('the recipe for container images', () => {
  let registry: PluginRegistry;
  beforeAll(async () => {
    registry = await startPluginRegistry();
  }, 120_000);
  afterAll(() => registry?.close());

  itPacked(
    'installs plugins that another user runs',
    { timeout: 300_000 },
    async ({ harness, onTestFinished }) => {
      const { home, vastai, sandbox } = harness;
      const image = recipe('container-images')
        .block('dockerfile')
        .replace(/ *\\\n/gu, '');
      const [, name = '', place = ''] = /^ENV (\w+)=(\S+)$/mu.exec(image) ?? [];
      const [, install = ''] = /^RUN .* && vastai (.+)$/mu.exec(image) ?? [];
      expect([name, place]).toEqual(['VASTAI_DATA_DIR', '/opt/vastai']);
      expect(image.indexOf('USER')).toBeGreaterThan(image.indexOf('RUN'));
      expect(image).toMatch(/^ENTRYPOINT \["vastai"\]$/mu);
      const folder = await mkdtemp(join(tmpdir(), 'vastai-opt-'));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      await chmod(folder, 0o755);
      const env = { [name]: join(folder, 'vastai'), VASTAI_NPM_REGISTRY: registry.url };

      await mkdir(home.at('root'));
      const built = await vastai(install.split(' '), { env: { ...env, HOME: home.at('root') } });
      expect([built.status, built.stderr]).toEqual([0, built.stderr]);

      await giveHome(harness, NAMELESS);
      const key = { VAST_API_KEY: sandbox.key };
      for (const words of [
        ['show', 'user'],
        ['show', 'api-keys'],
        ['permissions', 'operations', 'renting'],
      ]) {
        // Nothing has to be written, neither to the folder nor to a home.
        for (const more of [{}, { HOME: '/nonexistent' }]) {
          const ran = await vastai(words, { env: { ...key, ...env, ...more }, through: AS_NAMELESS });
          expect([words, more, ran.status, ran.stderr]).toEqual([words, more, 0, '']);
        }
      }
      const without = await vastai(['show', 'user'], { env: key, through: AS_NAMELESS });
      expect(without.stderr).toContain('vastai plugins install account');
    },
  );
});
