import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { runNode } from '@vastai-cli/testing/run';
import { expect, it } from 'vitest';
import { useHome } from './support/home.js';

const home = useHome();
const program = fileURLToPath(new URL('programs/save-key.mjs', import.meta.url));
const WAITING =
  /^(?:Waiting for another vastai that is changing keys or settings|Reading the key from standard input, .*)\.\n/gmu;
const PROFILES = ['default', 'a', 'b', 'c', 'd'];

const profileOf = (index: number) => PROFILES[index % PROFILES.length] ?? 'default';
/** Keys of different lengths, so that a mixture of two is not one of them. */
const keyOf = (index: number) => `key-${index}-${'0123456789'.repeat(1 + index)}`;
const environment = (index: number) => ({
  HOME: home.path,
  VASTAI_STORAGE: 'file',
  VAST_PROFILE: profileOf(index),
});

/** Expects one whole key in each profile, its record in the settings, and no other file. */
async function expectOneKeyEach(indexes: readonly number[]): Promise<void> {
  const { '.config/vastai/config.json': settings = '', ...keys } = await home.files();
  const { profiles } = JSON.parse(settings);
  for (const profile of PROFILES) {
    const path = home.paths
      .keyFile(profile)
      .slice(home.path.length + 1)
      .replaceAll('\\', '/');
    expect(indexes.filter((index) => profileOf(index) === profile).map(keyOf)).toContain(keys[path]);
    expect(profiles[profile]).toEqual({
      storage: 'file',
      url: 'https://console.vast.ai',
      key_hash: expect.stringMatching(/^hmac-sha256:/u),
    });
    delete keys[path];
  }
  expect(keys).toEqual({});
}

/** Starts a process that saves a key as soon as it receives one. */
async function startSaving(index: number) {
  const child = spawn(process.execPath, [program], { env: environment(index), stdio: 'pipe' });
  child.stdin.on('error', () => {});
  const ended = Promise.all([once(child, 'close'), text(child.stderr)]);
  await once(child.stdout, 'data');
  return { child, ended };
}

const indexes = (count: number) => Array.from({ length: count }, (_, index) => index);

it('50 saves at once all work, and leave one whole key for each profile', async () => {
  const all = await Promise.all(indexes(50).map(startSaving));
  for (const [index, { child }] of all.entries()) child.stdin.end(keyOf(index));
  for (const { ended } of all) expect(await ended).toEqual([[0, null], '']);
  await expectOneKeyEach(indexes(50));
});

it('saves work although others are killed at any moment', async () => {
  const [killed, others] = [indexes(15), indexes(25).slice(15)];
  const all = await Promise.all([...killed, ...others].map(startSaving));
  for (const [index, { child }] of all.entries()) child.stdin.end(keyOf(index));
  for (const index of killed) {
    const one = all[index];
    setTimeout(() => one?.child.kill('SIGKILL'), index * 10);
  }
  for (const index of others) expect(await all[index]?.ended).toEqual([[0, null], '']);
  for (const index of killed) await all[index]?.ended;
  // One more, since the last process may have been killed.
  for (const index of others.slice(0, PROFILES.length)) {
    const last = await startSaving(index);
    last.child.stdin.end(keyOf(index));
    expect(await last.ended).toEqual([[0, null], '']);
  }
  await expectOneKeyEach(others);
});

it('20 times "vastai set api-key" at once all work, and leave one whole key for each profile', async () => {
  const command = [join(cliRoot, 'bin', 'dev.js'), 'set', 'api-key', '--no-verify', '--json'];
  const all = indexes(20).map((index) => runNode(command, environment(index), keyOf(index)));
  for (const [index, ran] of (await Promise.all(all)).entries()) {
    expect(ran.status).toBe(0);
    // On a busy machine, some wait so long that they report it.
    expect(ran.stderr.replace(WAITING, '')).toBe('');
    expect(JSON.parse(ran.stdout)).toMatchObject({
      profile: profileOf(index),
      suffix: '6789',
      verified: 'skipped',
    });
    expect(ran.stdout).not.toContain('0123456789');
  }
  await expectOneKeyEach(indexes(20));
});
