import { spawnSync } from 'node:child_process';
import { OFFICIAL_COMMANDS } from '@vastai-cli/kit/official-commands';
import { it } from '@vastai-cli/testing/checkout/packed-cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe } from 'vitest';
import manifest from '../../oclif.manifest.json' with { type: 'json' };
import { OFFICIAL_TOPICS } from '../../src/runtime/help/first-screen.js';

const ours = new Set(Object.keys(manifest.commands).map((id) => id.replaceAll(':', ' ')));
const handedOver = OFFICIAL_COMMANDS.filter((command) => !ours.has(command));

/** Returns what a shell offers after these words. */
async function offered({ vastai, home }: Harness, shell: 'bash' | 'fish', words: string): Promise<string[]> {
  const { stdout } = await vastai(['autocomplete', 'script', shell]);
  await home.write('script', stdout);
  const typed = `vastai ${words}`.split(' ');
  const bash = `source ./script; COMP_WORDS=(${typed.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${typed.length - 1}
    _vastai_autocomplete; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const [program, ...args] =
    shell === 'bash'
      ? ['bash', '--norc', '--noprofile', '-c', bash]
      : ['fish', '--no-config', '-c', `source ./script; complete -C 'vastai ${words}'`];
  const ran = spawnSync(program as string, args, {
    env: home.env,
    cwd: home.path,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return ran.stdout.trim().split('\n');
}

const has = (shell: string) =>
  process.env.VASTAI_TEST_NO_SKIP === '1' || spawnSync(shell, ['-c', 'true']).status === 0;

describe.concurrent('commands of the official CLI', () => {
  it('are in help by their topics, except where we have all of one', async ({ harness, expect }) => {
    const topics = [...new Set(handedOver.map((command) => command.split(' ')[0]))];
    expect(OFFICIAL_TOPICS).toBe(topics.join(' '));
    for (const args of [['--help'], ['help']]) {
      const { stdout } = await harness.vastai(args);
      expect(stdout.replace(/\s+/gu, ' ')).toContain(`(see "vastai help official"): ${topics.join(', ')}`);
    }
  });

  it.runIf(has('bash'))('are offered by bash, with files behind them', async ({ harness, expect }) => {
    expect(await offered(harness, 'bash', 'search of')).toEqual(['offers']);
    expect(await offered(harness, 'bash', 'show instance')).toEqual([
      'instance',
      'instances',
      'instances-v1',
    ]);
    expect(await offered(harness, 'bash', 'sea')).toEqual(['search']);
    expect(await offered(harness, 'bash', '--profile work sea')).toEqual(['search']);
    expect(await offered(harness, 'bash', 'show us')).toEqual(['user']);
  });

  it.runIf(has('fish'))('are offered by fish, with files behind them', async ({ harness, expect }) => {
    await harness.home.write('perms.json', '');
    expect(await offered(harness, 'fish', 'search of')).toEqual(['offers\tA command of the official CLI.']);
    expect(await offered(harness, 'fish', 'copy pe')).toEqual(['perms.json']);
  });
});
