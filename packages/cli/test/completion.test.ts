import { spawnSync } from 'node:child_process';
import type { Stage } from '@vastai-cli/kit/testing/stage';
import { describe, expect } from 'vitest';
import { it } from './support/packed-it.js';
import { placePlugins } from './support/user-plugins.js';

/** Whether a shell is here; its tests are skipped where it is not, and fail with VASTAI_TEST_NO_SKIP=1. */
function has(shell: string): boolean {
  return process.env.VASTAI_TEST_NO_SKIP === '1' || spawnSync(shell, ['-c', 'true']).status === 0;
}

/** Runs a script of a shell in the home of a stage. */
function inShell({ home }: Stage, shell: readonly string[], script: string): string {
  const [program = '', ...args] = shell;
  const ran = spawnSync(program, [...args, script], {
    env: { ...home.env, TERM: 'vt100' },
    cwd: home.path,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return ran.stdout + ran.stderr;
}

const FUNCTIONS = '.cache/vastai/autocomplete/functions';
const PLUGIN = { name: 'vastai-machines', commands: ['show:machines'] };

describe.skipIf(!has('bash'))('completion in bash', () => {
  const complete = (stage: Stage, ...words: string[]) =>
    inShell(
      stage,
      ['bash', '--norc', '--noprofile', '-c'],
      `source "$HOME/${FUNCTIONS}/bash/vastai.bash"
       complete -p vastai >/dev/null || exit 1
       COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
       _vastai_autocomplete; printf '%s\\n' "\${COMPREPLY[@]}"`,
    )
      .trim()
      .split('\n');

  it('knows commands, those of plugins, and flags', async ({ stage }) => {
    await placePlugins(stage.home, [PLUGIN]);
    expect((await stage.vastai(['autocomplete', 'bash'])).status).toBe(0);
    expect(complete(stage, 'vastai', 'doc')).toEqual(['doctor']);
    expect(new Set(complete(stage, 'vastai', 'show', ''))).toEqual(
      new Set(['api-key', 'api-keys', 'machines', 'user']),
    );
    expect(complete(stage, 'vastai', 'permissions', 'v')).toEqual(['validate']);
    expect(complete(stage, 'vastai', 'set', 'api-key', '--no-v')).toEqual(['--no-verify']);
  });
});

describe.skipIf(!has('zsh'))('completion in zsh', () => {
  // A shell on a terminal, in which Tab is pressed.
  const complete = (stage: Stage, typed: string, awaited: string) =>
    inShell(
      stage,
      ['zsh', '-f', '-c'],
      `zmodload zsh/zpty
       zpty z 'zsh -f -i'
       zpty -w z "source $HOME/.cache/vastai/autocomplete/zsh_setup; print rea''dy"
       zpty -r -m z out '*ready*'
       zpty -w -n z $'${typed}\\t'
       zpty -r -m z out '*${awaited}*'
       print -r -- "$out"`,
    );

  it('knows commands, those of plugins, and flags', async ({ stage }) => {
    await placePlugins(stage.home, [PLUGIN]);
    expect((await stage.vastai(['autocomplete', 'zsh'])).status).toBe(0);
    const shown = complete(stage, 'vastai show ', 'user');
    for (const word of ['api-keys', 'machines', 'user']) expect(shown).toContain(word);
    expect(shown).toContain('List the API keys of the account.');
    expect(complete(stage, 'vastai set api-key --no-ver', '--no-verify')).toContain('--no-verify');
  });
});

describe.skipIf(!has('fish'))('completion in fish', () => {
  const complete = (stage: Stage, ...lines: string[]) =>
    inShell(
      stage,
      ['fish', '--no-config', '-c'],
      `source vastai.fish; ${lines.map((line) => `complete -C '${line}'`).join('; ')}`,
    )
      .trim()
      .split('\n');

  it('knows commands, those of plugins, flags and their values', async ({ stage }) => {
    await placePlugins(stage.home, [PLUGIN]);
    const script = await stage.vastai(['autocomplete', 'fish']);
    expect(script.status).toBe(0);
    await stage.home.write('vastai.fish', script.stdout);
    expect(complete(stage, 'vastai doc', 'vastai show ', 'vastai --no-color permissions v')).toEqual([
      'doctor\tLook for what is wrong: keys, files, keychain, network, plugins.',
      'api-key\tShow one API key of the account by its id.',
      'api-keys\tList the API keys of the account.',
      'machines',
      'user\tShow the account that the API key belongs to.',
      'validate\tCheck permission files: grammar, names, and what they let a key do.',
    ]);
    expect(complete(stage, 'vastai set api-key --no-v')).toEqual([expect.stringMatching(/^--no-verify\t/)]);
    expect(complete(stage, 'vastai set api-key --storage k')).toEqual([expect.stringMatching(/^keychain\t/)]);
    await stage.home.write('perms.json', '{}');
    expect(complete(stage, 'vastai permissions validate pe')).toEqual(['perms.json']);
  });

  it('says nothing that fish does not understand', async ({ stage }) => {
    const { stdout } = await stage.vastai(['autocomplete', 'fish']);
    await stage.home.write('vastai.fish', stdout);
    expect(complete(stage, 'vastai show user --jso')).toEqual([
      '--json\tPrint one JSON document, also for an error.',
    ]);
    expect(stdout).not.toMatch(/<%|undefined/);
  });
});

describe('autocomplete', () => {
  it.for(['bash', 'zsh', 'powershell'])(
    'says how to switch it on in %s',
    async (shell, { stage: { vastai } }) => {
      const ran = await vastai(['autocomplete', shell]);
      expect(ran.status).toBe(0);
      expect(ran.stdout).toContain(`vastai autocomplete script ${shell}`);
    },
  );

  it('does not know other shells', async ({ stage: { vastai } }) => {
    const ran = await vastai(['autocomplete', 'tcsh']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('fish');
  });
});
