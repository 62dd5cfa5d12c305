import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { describeIf, it } from '@vastai-cli/testing/checkout/keychain';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { installOfficialCli } from '@vastai-cli/testing/official-cli';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { installed } from '@vastai-cli/testing/programs';
import { type RunOptions, startNode } from '@vastai-cli/testing/run';
import { recordKey } from '@vastai-cli/testing/transcript';

/** Types `vastai …` into a shell, which finds ours in `npm/bin`, or else the official one in `python/bin`. */
function typing({ home, sandbox, keychain }: KeychainHarness) {
  const PATH = [home.at('npm/bin'), home.at('python/bin'), home.env.PATH].join(':');
  const { VASTAI_STORAGE: _, ...rest } = home.env;
  const env = { ...rest, ...keychain.env, PATH, VAST_URL: sandbox.url, VASTAI_KEYCHAIN_TIMEOUT: '30' };
  return (args: readonly string[], options: Partial<RunOptions> = {}) =>
    startNode('-c', ['exec vastai "$@"', 'sh', ...args], { node: '/bin/sh', env, cwd: home.path, ...options })
      .ended;
}

/** What somebody who uses the official CLI does on the day that they install this one, and when they remove it again. */
describeIf(process.platform !== 'win32' && installed('python3'))('the first day', () => {
  it('keeps every command, moves the key to the keychain, and ends as it began', async ({
    harness,
    expect,
  }) => {
    const { home, sandbox } = harness;
    const vastai = typing(harness);
    const official = installOfficialCli(home.at('python'));
    const search = ['search', 'offers', 'gpu_name=RTX_4090', '-o', 'dph'];
    await vastai(['set', 'api-key', sandbox.key]);
    const before = await vastai(search);
    expect(before).toMatchObject({ status: 0, stderr: '' });

    // npm install -g vastai-cli
    mkdirSync(home.at('npm/bin'), { recursive: true });
    symlinkSync(BIN, home.at('npm/bin/vastai'));
    expect((await vastai(['--version'])).stdout).toContain('vastai-cli/');
    const handedOver = await vastai(search);
    expect(handedOver.status).toBe(0);
    // The official CLI leaves the file as its user's settings make it.
    expect(handedOver.stderr).toMatch(/^Warning: Other users can open .*\nvastai config migrate\n$/);
    expect(handedOver.json()).toEqual({ ...before.json(), source: 'variable' });

    const saved = await vastai(['set', 'api-key'], { input: sandbox.key });
    expect(saved.status).toBe(0);
    expect(saved.stderr).toContain('The official CLI and SDK no longer find the key.');
    expect(await home.read(KEY_FILE)).toBeUndefined();
    const created = await vastai(['create', 'api-key', '--name', 'ci'], { printsKey: true });
    expect(created.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    await recordKey(created.stdout.trim());
    expect(await vastai(['show', 'instances'])).toMatchObject({ status: 0, stderr: '' });
    expect(harness.asked().at(-1)).toBe('GET /api/v1/instances/');
    expect(sandbox.requests.at(-1)?.authorization).toBeDefined();
    // The official CLI alone finds no key, but with it in the environment.
    const calls = await official.calls();
    expect(calls.at(-1)).toMatchObject({ source: 'variable', key: sandbox.key.slice(-4) });

    expect((await vastai(['config', 'migrate', '--to', 'file'])).status).toBe(0);

    // npm uninstall -g vastai-cli
    rmSync(home.at('npm'), { recursive: true });
    const after = await vastai(search);
    expect(after).toMatchObject({ status: 0, stdout: before.stdout, stderr: '' });
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });
});
