import { existsSync } from 'node:fs';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import type { Ran } from '@vastai-cli/testing/run';
import { describe, expect } from 'vitest';

const COMMANDS: readonly (readonly string[])[] = [
  ['--help'],
  ['--version'],
  ['help', 'show', 'user'],
  ['version'],
  ['version', '--json'],
  ['show', 'user'],
  ['show', 'user', '--json'],
  ['show', 'user', '--explain'],
  ['show', 'api-keys'],
  ['auth', 'status'],
  ['auth', 'status', '--json'],
  ['doctor'],
  ['profile', 'list'],
  ['config', 'migrate'],
  ['plugins'],
  ['autocomplete', 'script', 'bash'],
  ['permissions', 'schema'],
  ['api', 'users/current'],
  ['api', 'users/current', '--jq', '.', '--json'],
];

const FAILING: readonly (readonly string[])[] = [
  ['nope'],
  ['show', 'usr'],
  ['show', 'user', '--no-such-flag'],
  ['show', 'api-key', 'x'],
  ['show', 'user', '--api-key', 'wrong'],
  ['unset', 'api-key'],
];

const through = (redirection: string) => ['sh', '-c', `exec "$@" ${redirection}`, 'sh'];
/** A pipe that nobody reads; the status is that of vastai. */
const unread = (redirection: string) => ['bash', '-c', `set -o pipefail; "$@" ${redirection} | :`, 'bash'];

const ways = describe.runIf(existsSync('/dev/full')).concurrent;

/** Runs a command with the saved key. */
async function run(harness: Harness, args: readonly string[], way?: readonly string[]): Promise<Ran> {
  await harness.saveKey();
  return harness.vastai(args, way === undefined ? {} : { through: way });
}

ways('standard error that takes nothing', () => {
  it.for([...COMMANDS, ...FAILING].map((args) => [args.join(' '), args] as const))(
    'changes neither the result nor the status: %s',
    async ([, args], { harness }) => {
      const usual = await run(harness, args);
      for (const redirection of ['2>&-', '2> /dev/full']) {
        const { status, stdout } = await run(harness, args, through(redirection));
        expect({ redirection, status, stdout }).toEqual({
          redirection,
          status: usual.status,
          stdout: usual.stdout,
        });
      }
      expect((await run(harness, args, unread('3>&1 >&2 2>&3'))).status).toBe(usual.status);
    },
  );

  it('does not keep a key from being saved', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    const env = { VAST_API_KEY: sandbox.key };
    for (const redirection of ['2>&-', '2> /dev/full']) {
      const ran = await vastai(['set', 'api-key'], {
        env,
        input: sandbox.key,
        through: through(redirection),
      });
      expect(ran.status).toBe(0);
      expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    }
  });
});

ways('standard output that takes nothing', () => {
  it.for(COMMANDS.map((args) => [args.join(' '), args] as const))(
    'is reported as an error if there is a result: %s',
    async ([, args], { harness }) => {
      const ran = await run(harness, args, through('> /dev/full'));
      expect(ran.status).toBe(1);
      expect(ran.stderr).toContain('The result could not be written to standard output (ENOSPC).');
      expect(ran.stderr).not.toMatch(/\n\s+at /);
      // Its reader has seen enough.
      const { status, stderr } = await run(harness, args, unread(''));
      expect([status, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
    },
  );

  it.for(FAILING.map((args) => [args.join(' '), args] as const))(
    'is not a failure if there is no result: %s',
    async ([, args], { harness }) => {
      const usual = await run(harness, args);
      for (const redirection of ['>&-', '> /dev/full']) {
        const { status, stderr } = await run(harness, args, through(redirection));
        expect({ status, stderr }).toEqual({ status: usual.status, stderr: usual.stderr });
      }
    },
  );

  it('moves the JSON of a failure to standard error', async ({ harness }) => {
    const full = through('> /dev/full');
    for (const flag of ['--json', '--raw']) {
      const args = ['show', 'user', '--api-key', 'wrong', flag];
      const { status, stderr } = await run(harness, args, full);
      expect([status, stderr]).toEqual([4, expect.stringMatching(/^Error: .*rejected the key/)]);
    }
    const report = await run(harness, ['auth', 'status', '--api-key', 'wrong', '--json'], full);
    expect([report.status, report.stderr]).toEqual([4, expect.stringContaining('could not be written')]);
  });

  it.for([
    ['> /dev/full', 1],
    ['>&-', 0],
    ['1<> /dev/null', 0],
  ] as const)('does not interrupt the work: %s', async ([full, status], { harness }) => {
    const { addKey, sandbox } = harness;
    const ids = [(await addKey({ name: 'one' })).id, (await addKey({ name: 'two' })).id];
    const ran = await run(harness, ['delete', 'api-key', ...ids.map(String), '--yes'], through(full));
    expect(ran.status).toBe(status);
    expect(sandbox.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
  });
});

ways('standard output that is discarded', () => {
  // Python's subprocess.DEVNULL and Node's 'ignore' open the null device for reading and writing.
  it.for([...COMMANDS, ...FAILING].map((args) => [args.join(' '), args] as const))(
    'changes neither the messages nor the status: %s',
    async ([, args], { harness }) => {
      const usual = await run(harness, args, through('> /dev/null'));
      for (const redirection of ['1<> /dev/null', '>&-']) {
        const { status, stderr } = await run(harness, args, through(redirection));
        expect([redirection, status]).toEqual([redirection, usual.status]);
        // Some have times in them.
        expect(stderr.replaceAll(/\d+/gu, 'N')).toBe(usual.stderr.replaceAll(/\d+/gu, 'N'));
      }
    },
  );
});
