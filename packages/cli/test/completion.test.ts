import { spawnSync } from 'node:child_process';
import { it } from '@vastai-cli/testing/checkout/packed-cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';
import { placePlugins } from './support/user-plugins.js';

/** Returns true if a shell is installed. Without it, its tests are skipped, or fail with VASTAI_TEST_NO_SKIP=1. */
function has(shell: string): boolean {
  return process.env.VASTAI_TEST_NO_SKIP === '1' || spawnSync(shell, ['-c', 'true']).status === 0;
}

/** Runs a script of a shell in the home of a stage. */
function inShell({ home }: Harness, shell: readonly string[], script: string): string {
  const [program = '', ...args] = shell;
  const ran = spawnSync(program, [...args, script], {
    env: { ...home.env, TERM: 'vt100' },
    cwd: home.path,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return ran.stdout + ran.stderr;
}

const FUNCTIONS = '.cache/vastai-cli/autocomplete/functions';
const PLUGIN = { name: 'vastai-machines', commands: ['show:machines'] };

describe.skipIf(!has('bash'))('completion in bash', () => {
  const complete = (harness: Harness, ...words: string[]) =>
    inShell(
      harness,
      ['bash', '--norc', '--noprofile', '-c'],
      `source "$HOME/${FUNCTIONS}/bash/vastai.bash"
       complete -p vastai >/dev/null || exit 1
       COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
       _vastai_autocomplete; printf '%s\\n' "\${COMPREPLY[@]}"`,
    )
      .trim()
      .split('\n');

  it('knows commands, those of plugins, and flags', async ({ harness }) => {
    await placePlugins(harness.home, [PLUGIN]);
    expect((await harness.vastai(['autocomplete', 'bash'])).status).toBe(0);
    expect(complete(harness, 'vastai', 'doc')).toEqual(['doctor']);
    expect(complete(harness, 'vastai', 'show', '')).toEqual(
      expect.arrayContaining(['api-key', 'api-keys', 'machines', 'user']),
    );
    expect(complete(harness, 'vastai', 'permissions', 'v')).toEqual(['validate']);
    expect(complete(harness, 'vastai', 'set', 'api-key', '--no-v')).toEqual(['--no-verify']);
    expect(complete(harness, 'vastai', 'api', 'instances/reb')).toEqual(['instances/reboot/{id}/']);
  });

  it('has the commands in the order of their names, however plugins load', async ({ harness }) => {
    const { stdout } = await harness.vastai(['autocomplete', 'script', 'bash']);
    const [, first = ''] = /^ +''\) lines='(.*?)' ;;$/msu.exec(stdout) ?? [];
    const words = first.split('\n').map((line) => line.split('\t')[0] as string);
    const ours = words.slice(0, words.indexOf('version') + 1);
    expect(ours.length).toBeGreaterThan(10);
    expect(ours).toEqual(ours.toSorted());
  });
});

describe.skipIf(!has('zsh'))('completion in zsh', () => {
  const complete = tabIn(`"source $HOME/.cache/vastai-cli/autocomplete/zsh_setup; print rea''dy"`);

  it('knows commands, those of plugins, and flags', async ({ harness }) => {
    await placePlugins(harness.home, [PLUGIN]);
    expect((await harness.vastai(['autocomplete', 'zsh'])).status).toBe(0);
    const shown = complete(harness, 'vastai show ', 'user');
    for (const word of ['api-keys', 'machines', 'user']) expect(shown).toContain(word);
    expect(shown).toContain('List the API keys of the account.');
    expect(complete(harness, 'vastai set api-key --no-ver', '--no-verify')).toContain('--no-verify');
  });
});

describe.skipIf(!has('fish'))('completion in fish', () => {
  const complete = (harness: Harness, ...lines: string[]) =>
    inShell(
      harness,
      ['fish', '--no-config', '-c'],
      `source vastai.fish; ${lines.map((line) => `complete -C '${line}'`).join('; ')}`,
    )
      .trim()
      .split('\n');

  it('knows commands, those of plugins, flags and their values', async ({ harness }) => {
    await placePlugins(harness.home, [PLUGIN]);
    const script = await harness.vastai(['autocomplete', 'fish']);
    expect(script.status).toBe(0);
    await harness.home.write('vastai.fish', script.stdout);
    const lines = ['doc', 'show api', 'show machines', 'show us', '--no-color permissions v'];
    expect(complete(harness, ...lines.map((line) => `vastai ${line}`))).toEqual([
      'doctor\tCheck keys, files, keychain, network and plugins for problems.',
      'api-key\tShow one API key of the account by ID.',
      'api-keys\tList the API keys of the account.',
      'machines',
      'user\tShow the account that the API key belongs to.',
      'validate\tCheck permission files for errors and risky access.',
    ]);
    expect(complete(harness, 'vastai set api-key --no-v')).toEqual([expect.stringMatching(/^--no-verify\t/)]);
    expect(complete(harness, 'vastai set api-key --storage k')).toEqual([
      expect.stringMatching(/^keychain\t/),
    ]);
    await harness.home.write('perms.json', '{}');
    expect(complete(harness, 'vastai permissions validate pe')).toEqual(['perms.json']);
  });

  it('says nothing that fish does not understand', async ({ harness }) => {
    const { stdout } = await harness.vastai(['autocomplete', 'fish']);
    await harness.home.write('vastai.fish', stdout);
    expect(complete(harness, 'vastai show user --jso')).toEqual([
      '--json\tPrint one JSON document, even if the command fails.',
    ]);
    expect(stdout).not.toMatch(/<%|undefined/);
  });
});

/** A home whose name breaks what is not quoted. */
const AWKWARD = `it's "a" $home \\n of\nmine`;

/** Prints the script of a shell, with a home of an awkward name in which there are two profiles, and files. */
async function inAwkwardHome({ home, vastai }: Harness, shell: string): Promise<Harness['home']['env']> {
  const env = { HOME: home.at(AWKWARD) };
  for (const name of ['work', 'play'])
    await home.write(`${AWKWARD}/.config/vastai/profiles/${name}/vast_api_key`, 'a key');
  await home.write('perms.json', '{}');
  await home.write('my file.json', '{}');
  const script = await vastai(['autocomplete', 'script', shell], { env });
  expect(script).toMatchObject({ status: 0, stderr: '' });
  await home.write('script', script.stdout);
  await home.write(
    '.profile-of-test',
    `export HOME="$PWD/"${"'"}${AWKWARD.replaceAll("'", "'\\''")}${"'"}\n`,
  );
  return { ...home.env, ...env };
}

describe.skipIf(!has('bash'))('the script for bash', () => {
  const complete = (harness: Harness, ...words: string[]) =>
    inShell(
      harness,
      ['bash', '--norc', '--noprofile', '-c'],
      `source ./.profile-of-test; eval "$(cat script)"
       COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
       _vastai_autocomplete; printf '%s\\n' "\${COMPREPLY[@]}"`,
    )
      .trim()
      .split('\n');

  it('completes words, flags, values, profiles and files, in a home of any name', async ({ harness }) => {
    await inAwkwardHome(harness, 'bash');
    expect(complete(harness, 'vastai', 'doc')).toEqual(['doctor']);
    expect(complete(harness, 'vastai', 'set', 'api_key', '--no-v')).toEqual(['--no-verify']);
    expect(complete(harness, 'vastai', '--prof')).toEqual(['--profile']);
    for (const before of [
      ['--profile'],
      ['--profile', '='],
      ['show', 'user', '--profile'],
      ['profile', 'use'],
    ])
      expect(complete(harness, 'vastai', ...before, 'w')).toEqual(['work']);
    expect(complete(harness, 'vastai', '--profile', '=')).toEqual(['default', 'play', 'work']);
    expect(complete(harness, 'vastai', '--profile=w')).toEqual(['--profile=work']);
    expect(complete(harness, 'vastai', 'profile', 'remove', '')).toEqual(['default', 'play', 'work']);
    expect(complete(harness, 'vastai', '--profile', 'work', 'show', 'us')).toEqual(['user']);
    expect(complete(harness, 'vastai', 'set', 'api-key', '--storage', '')).toEqual([
      'auto',
      'keychain',
      'file',
    ]);
    expect(complete(harness, 'vastai', 'create', 'api-key', '--preset', 'b')).toEqual(['billing-viewer']);
    for (const flag of ['--permission_file', '--permission-file']) {
      expect(complete(harness, 'vastai', 'create', 'api-key', flag, 'p')).toEqual(['perms.json']);
      expect(complete(harness, 'vastai', 'create', 'api-key', flag, 'my')).toEqual(['my file.json']);
    }
    expect(complete(harness, 'vastai', 'permissions', 'validate', 'pe')).toEqual(['perms.json']);
    expect(complete(harness, 'vastai', 'show', 'user', '--retry', '')).toEqual(['']);
    expect(complete(harness, 'vastai', 'delete', 'api-key', '')).toEqual(['']);
  });

  it('takes no line of ~/.bashrc away when it is switched on as advised', async ({ harness }) => {
    const { home, vastai } = harness;
    const advice = (await vastai(['autocomplete', 'bash'])).stdout;
    const command = /^ {2}(printf .*)$/mu.exec(advice)?.[1] ?? '';
    expect(command).toContain('>> ~/.bashrc');
    await home.write('.bashrc', 'export FIRST=1');
    expect(inShell(harness, ['bash', '--norc', '-c'], `${command}; echo 'export LAST=1' >> ~/.bashrc`)).toBe(
      '',
    );
    expect(await home.read('.bashrc')).toBe(
      'export FIRST=1\neval "$(vastai autocomplete script bash)"\nexport LAST=1\n',
    );
  });

  it('can be appended to a file without a last line break', async ({ harness: { vastai } }) => {
    for (const shell of ['bash', 'powershell'])
      expect((await vastai(['autocomplete', 'script', shell])).stdout).toMatch(/^\n.*\n$/su);
  });
});

describe.skipIf(!has('zsh'))('the script for zsh', () => {
  const complete = tabIn(`'source ./.profile-of-test; eval "$(cat script)"; print rea""dy'`);

  it.for([
    ['vastai show us', 'user'],
    ['vastai set api_key --no-ver', '--no-verify'],
    ['vastai --profile w', 'work'],
    ['vastai --profile=w', 'profile=work'],
    ['vastai profile use pl', 'play'],
    ['vastai set api-key --storage k', 'keychain'],
    ['vastai create api-key --preset bil', 'billing-viewer'],
    ['vastai create api-key --permission_file pe', 'perms.json'],
  ] as const)('completes "%s" to %s, in a home of any name', async ([typed, awaited], { harness }) => {
    await inAwkwardHome(harness, 'zsh');
    expect(complete(harness, typed, awaited)).toContain(awaited);
  });
});

describe.skipIf(!has('fish'))('the script for fish', () => {
  it('completes profiles, presets and files, in a home of any name', async ({ harness }) => {
    await inAwkwardHome(harness, 'fish');
    const complete = (line: string) =>
      inShell(
        harness,
        ['fish', '--no-config', '-c'],
        `set -x HOME $PWD/${"'"}${AWKWARD.replace(/[\\']/gu, '\\$&')}${"'"}; source script; complete -C '${line}'`,
      )
        .trim()
        .split('\n')
        .map((row) => row.split('\t', 1)[0]);
    expect(complete('vastai show us')).toEqual(['user']);
    for (const before of [
      '--profile ',
      '--profile=',
      'show user --profile ',
      'profile use ',
      'profile remove ',
    ])
      expect(complete(`vastai ${before}w`).at(-1)).toMatch(/work$/u);
    expect(complete('vastai --profile work show us')).toEqual(['user']);
    expect(complete('vastai create api-key --preset b')).toEqual(['billing-viewer']);
    expect(complete('vastai create api-key --permission_file pe')).toEqual(['perms.json']);
  });
});

describe('the script for PowerShell', () => {
  it('quotes everything, and has the profiles, presets and stores', async ({ harness: { vastai } }) => {
    const { stdout } = await vastai(['autocomplete', 'script', 'powershell']);
    expect(stdout).toContain('Register-ArgumentCompleter -Native -CommandName vastai');
    expect(stdout).toContain("'--profile' = 'profiles'");
    expect(stdout).toContain("'--storage' = 'words auto keychain file'");
    expect(stdout).toMatch(/'--preset' = 'words .*billing-viewer/u);
    expect(stdout).toContain("'--permission-file' = 'files'");
    const unquoted = stdout.replace(/^#.*$/gmu, '').replace(/'(?:[^']|'')*'/gu, '');
    expect(unquoted).not.toContain("'");
    for (const [open, close] of ['{}', '()', '[]'])
      expect(unquoted.split(open as string).length).toBe(unquoted.split(close as string).length);
  });
});

describe('the names of profiles for completion', () => {
  it('are printed one in a line, whatever else is wrong, and never a key', async ({ harness }) => {
    const { home, vastai } = harness;
    await home.write('.config/vastai/profiles/work/vast_api_key', 'a key');
    const ran = await vastai(['autocomplete', 'profiles'], { env: { VAST_URL: 'nonsense' } });
    expect(ran).toMatchObject({ status: 0, stdout: 'default\nwork\n', stderr: '' });
    expect(harness.asked()).toEqual([]);
  });
});

describe('autocomplete', () => {
  it.for(['bash', 'zsh', 'powershell'])(
    'says how to turn it on in %s',
    async (shell, { harness: { vastai } }) => {
      const ran = await vastai(['autocomplete', shell]);
      expect(ran.status).toBe(0);
      expect(ran.stdout).toContain(`vastai autocomplete script ${shell}`);
    },
  );

  it('does not know other shells', async ({ harness: { vastai } }) => {
    const ran = await vastai(['autocomplete', 'tcsh']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('fish');
  });
});

/** Presses Tab in a zsh on a terminal of its own, once what sets it up has run, and waits for what that shows. */
function tabIn(setUp: string) {
  return (harness: Harness, typed: string, awaited: string) =>
    inShell(
      harness,
      ['zsh', '-f', '-c'],
      `zmodload zsh/zpty
       zpty z 'zsh -f -i'
       zpty -w z ${setUp}
       zpty -r -m z out '*ready*'
       zpty -w -n z $'${typed}\\t'
       zpty -r -m z out '*${awaited}*'
       print -r -- "$out"`,
    );
}
