import { execFileSync } from 'node:child_process';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect, vi } from 'vitest';

const named = (words: readonly string[]) => ({ words, line: words.join(' ') });

/** Puts a key where the words have `KEY`. */
const withKey = (words: readonly string[], key: string) => words.map((word) => word.replace('KEY', key));

describe.concurrent('a key typed in the wrong place', () => {
  it.for(
    [
      ['KEY'],
      ['help', 'KEY'],
      ['set', 'KEY'],
      ['set', 'api-key', '--profile', 'KEY', '-'],
      ['set:api-key', '--profile', 'KEY', '-'],
      ['set', 'api-key', '--storage=KEY', '-'],
      ['set', 'api-key', 'first', 'KEY'],
      ['show', 'user', 'KEY'],
      ['show', 'user', '--KEY'],
      ['show', 'user', '--apikey=KEY'],
      ['show', 'user', '--url', 'KEY'],
      ['show', 'user', '--url', 'https://example.org/KEY'],
      ['show', 'user', '--retry', 'KEY'],
      ['--timeout=KEY', 'show', 'user'],
      ['--profile', 'KEY', 'show', 'user'],
      ['show', '--profile=KEY', 'user'],
      ['profile', 'use', 'KEY'],
      ['profile', 'remove', 'KEY', '--yes'],
      ['show', 'api-key', 'KEY'],
      ['delete', 'api-key', 'KEY', '--yes'],
      ['create', 'api-key', '--name', 'KEY'],
      ['create', 'api-key', '--name', 'ci', '--permission_file', 'KEY'],
      ['create', 'api-key', '--name', 'ci', '--permission-file', 'missing/KEY'],
      ['create', 'api-key', '--name', 'ci', '--preset', 'KEY'],
      ['create', 'api-key', '--name', 'ci', '--allow', 'KEY'],
      ['create', 'api-key', '--name', 'ci', '--key_params', 'KEY'],
      ['config', 'migrate', '--to', 'KEY'],
      ['permissions', 'validate', 'KEY'],
      ['permissions', 'validate', './KEY'],
      ['permissions', 'check', 'perms.json', '--operation', 'KEY'],
      ['permissions', 'check', 'perms.json', '--request', 'GET /api/v0/instances/?api_key=KEY'],
      ['permissions', 'init', 'KEY'],
      ['plugins', 'install', 'KEY'],
      ['plugins', 'install', 'keys@KEY'],
      ['plugins', 'add', 'KEY'],
      ['plugins', 'uninstall', 'KEY'],
      ['plugins', 'link', 'KEY'],
      ['plugins', 'inspect', 'KEY'],
      ['autocomplete', 'KEY'],
    ].map(named),
  )('is not repeated: $line', async ({ words }, { harness }) => {
    const { vastai, unknownKey, saveKey, asked, home } = harness;
    await saveKey();
    const key = await unknownKey();
    // A registry that is asked makes the command end with another status.
    const env = { VASTAI_NPM_REGISTRY: 'http://127.0.0.1:1/' };
    for (const more of [[], ['--json']]) {
      const ran = await vastai([...withKey(words, key), ...more], { env, input: 'a-key-of-mine' });
      expect(ran.status).toBe(2);
      expect(ran.stdout + ran.stderr).not.toContain(key);
      expect(ran.stdout === '').toBe(more.length === 0);
    }
    expect(asked()).toEqual([]);
    expect(await home.read(`.config/vastai/profiles/${key}/vast_api_key`)).toBeUndefined();
  });

  it.for(['VAST_PROFILE', 'VAST_URL', 'VASTAI_STORAGE', 'VAST_API_KEY_FILE', 'VASTAI_KEYCHAIN_TIMEOUT'])(
    'is not repeated when it is in %s',
    async (name, { harness: { vastai, unknownKey } }) => {
      const key = await unknownKey();
      for (const args of [
        ['show', 'user'],
        ['auth', 'status'],
        ['doctor'],
        ['set', 'api-key', '-', '--no-verify'],
      ]) {
        const ran = await vastai(args, { env: { [name]: key }, input: 'a-key-of-mine' });
        expect(ran.stdout + ran.stderr, args.join(' ')).not.toContain(key);
      }
    },
  );

  it('is not repeated when it is in .vastai-profile', async ({ harness: { vastai, unknownKey, home } }) => {
    const key = await unknownKey();
    await home.write('.vastai-profile', key);
    for (const args of [['show', 'user'], ['auth', 'status'], ['doctor']]) {
      const ran = await vastai(args);
      expect(ran.status).not.toBe(0);
      expect(ran.stdout + ran.stderr).not.toContain(key);
    }
  });

  it('is recognized by its value, in any form', async ({ harness: { vastai, asked } }) => {
    const env = { VAST_API_KEY: '5ecret-of-mine' };
    const ran = await vastai(['create', 'api-key', '--name', '5ecret-of-mine'], { env });
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).not.toContain('5ecret-of-mine');
    const flag = await vastai(['show', 'user', '--api-key', '5ecret-of-mine', '--profile', '5ecret-of-mine']);
    expect(flag).toMatchObject({ status: 2, stdout: '' });
    expect(flag.stderr).not.toContain('5ecret-of-mine');
    expect(asked()).toEqual([]);
  });

  it('does not treat invalid names as keys', async ({ harness: { vastai } }) => {
    const ran = await vastai(['show', 'user', '--profile', 'ci-deploy-2026']);
    expect(ran.stderr).toContain('"ci-deploy-2026"');
    const file = await vastai(['permissions', 'validate', 'perms-of-3f2a9c.json']);
    expect(file.stderr).toContain('perms-of-3f2a9c.json');
  });
});

describe.skipIf(process.platform === 'win32')('a key typed as an argument', () => {
  it.for(
    [
      ['set', 'api-key', 'KEY'],
      ['set', '--retry', '0', 'api_key', 'KEY'],
      ['set:api-key', 'KEY'],
      ['set', 'api-key', '--api-key=KEY'],
      ['show', 'user', '--api-key', 'KEY'],
      ['--api_key=KEY', 'show', 'user'],
    ].map(named),
  )('does not appear in the list of processes during a request: $line', async ({ words }, { harness }) => {
    const key = await harness.unknownKey();
    expect(await listedDuring(harness, withKey(words, key))).toBe('vastai');
  });

  it('leaves other processes visible', async ({ harness }) => {
    await harness.saveKey();
    expect(await listedDuring(harness, ['show', 'user'])).toMatch(/dev\.js show user$/u);
  });
});

/** Returns what `ps` shows of a command that waits for a response. */
async function listedDuring({ start, sandbox, asked }: Harness, words: readonly string[]): Promise<string> {
  sandbox.fault('GET /api/v0/users/current/', { kind: 'stall' }, Number.POSITIVE_INFINITY);
  const running = start(words);
  try {
    await vi.waitUntil(() => asked().length > 0, { timeout: 20_000 });
    return execFileSync('ps', ['-o', 'args=', '-ww', '-p', String(running.pid)], { encoding: 'utf8' }).trim();
  } finally {
    running.kill('SIGKILL');
    await running.ended;
  }
}
