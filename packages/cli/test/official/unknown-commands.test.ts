import { OFFICIAL_COMMANDS } from '@vastai-cli/kit/official-commands';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { installOfficialCli } from '@vastai-cli/testing/official-cli';
import { installed } from '@vastai-cli/testing/programs';
import { describe } from 'vitest';

/** Sets the environment so that no `vastai` is on PATH. */
const without = ({ home }: Harness) => ({ PATH: home.at('bin') });

function withOfficialCli({ home }: Harness) {
  const official = installOfficialCli(home.at('python'));
  return { official, env: { PATH: `${official.bin}:${home.env.PATH}` } };
}

const INSTALL =
  'It is a command of the official CLI, which is not installed, or not on PATH.\nInstall it: pip install vastai\n';

describe.concurrent('without the official CLI', () => {
  it.for([
    ['search ofers', 'search offers'],
    ['serach offers gpu_name=RTX_4090 -o dph', 'search offers'],
    ['show instanses -v 5', 'show instances'],
    ['create shs-key', 'create ssh-key'],
    ['create instnce 5 --image x', 'create instance'],
    ['lunch instance', 'launch instance'],
    ['lgos 5 --tail 9', 'logs'],
    ['show env_var', 'show env-vars'],
    ['--profile work search ofers', 'search offers', '--profile work '],
    ['serach offers --profile work', 'search offers', '--profile work '],
    ['official -- serach offers', 'search offers'],
  ] as const)(
    '"%s" is a misspelled command of it',
    async ([typed, meant, flags = ''], { harness, expect }) => {
      const { vastai, saveKey } = harness;
      await saveKey();
      for (const more of [{}, { VASTAI_DEBUG: '1' }]) {
        const ran = await vastai(typed.split(' '), { env: { ...without(harness), ...more } });
        expect(ran).toMatchObject({ status: 2, stdout: '' });
        expect(ran.stderr).toMatch(/^Error: Unknown command "/);
        expect(ran.stderr).toContain(`Did you mean: vastai ${flags}${meant}\n${INSTALL}`);
      }
    },
  );

  it('a misspelling of our command needs nothing to be installed', async ({ harness, expect }) => {
    for (const typed of ['show usr', 'delete api-kye 42', 'crate api-key', 'docter']) {
      const ran = await harness.vastai(typed.split(' '), { env: without(harness) });
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toMatch(/^Did you mean: vastai (?:show|delete|create|doctor)\b/m);
      expect(ran.stderr).not.toContain('official');
    }
  });

  it('only its own commands are called that', async ({ harness, expect }) => {
    for (const [typed, message] of [
      ['search', '"vastai search" is a command of the official CLI, which is'],
      ['search frobnicate', '"vastai search" is a command of the official CLI, which is'],
      ['copy here there', '"vastai copy" is a command of the official CLI, which is'],
      ['official -- frobnicate', 'The official CLI is'],
      ['official', 'The official CLI is'],
    ] as const) {
      const ran = await harness.vastai(typed.split(' '), { env: without(harness) });
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toBe(
        `Error: ${message} not installed, or not on PATH.\n${typed.startsWith('search') ? 'Its commands: benchmarks, instances, invoices, network-volumes, offers, templates, volumes.\n' : ''}Install it: pip install vastai\n`,
      );
    }
  });

  it('a word below a topic, or a misspelled topic, gets the help of the topic', async ({
    harness,
    expect,
  }) => {
    for (const [typed, topic] of [
      ['show foo', 'show'],
      ['serach --help', 'search'],
      ['permisions', 'permissions'],
      ['crate', 'create'],
    ] as const) {
      const ran = await harness.vastai(typed.split(' '), { env: without(harness) });
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toMatch(new RegExp(`\\nSee: vastai help ${topic}\\n$`));
    }
  });

  it('update and uninstall may mean this CLI', async ({ harness, expect }) => {
    for (const [typed, ours] of [
      ['update', 'npm install -g vastai-cli@latest'],
      ['uninstall', 'npm uninstall -g vastai-cli'],
    ] as const) {
      const { stderr } = await harness.vastai([typed], { env: without(harness) });
      expect(stderr).toMatch(new RegExp(`\\nTo \\w+ this CLI: ${ours}\\n$`));
    }
  });

  it('no key is repeated', async ({ harness, expect }) => {
    const key = await harness.unknownKey();
    for (const args of [
      ['serach', key],
      ['search', key],
      ['official', '--', key],
      ['official', '--', 'serach', key],
    ]) {
      const ran = await harness.vastai(args, { env: without(harness) });
      expect(ran.status).toBe(2);
      expect(ran.stderr).not.toContain(key.slice(0, 16));
    }
  });
});

describe
  .runIf(process.platform !== 'win32' && installed('python3'))
  .concurrent('with the official CLI, but without a key', () => {
    it.for([
      ['foo', 'Unknown command "foo".', undefined],
      ['show newthing 5', 'Unknown command "show newthing".', undefined],
      ['search ofers', 'Unknown command "search ofers".', 'search offers'],
      ['serach offers -o dph', 'Unknown command "serach offers".', 'search offers'],
      ['official -- foo', 'Unknown command "foo".', undefined],
    ] as const)('"%s" is unknown first of all', async ([typed, message, meant], { harness, expect }) => {
      const { official, env } = withOfficialCli(harness);
      const ran = await harness.vastai(typed.split(' '), { env });
      expect(ran).toMatchObject({ status: 3, stdout: '' });
      expect(ran.stderr).toMatch(
        new RegExp(`^Error: ${message} The official CLI may know it, but .* No API key found`),
      );
      if (meant === undefined) expect(ran.stderr).not.toContain('Did you mean');
      else expect(ran.stderr).toContain(`\nDid you mean: vastai ${meant}\n`);
      expect(ran.stderr).toContain('Save a key: vastai set api-key');
      expect(await official.calls()).toEqual([]);
    });

    it.for([
      ['foo', 'Unknown command "foo".'],
      ['serach offers', 'Unknown command "serach offers".'],
      ['search offers', 'vast_api_key'],
    ] as const)(
      '"%s" is unknown also where a key cannot be read',
      async ([typed, message], { harness, expect }) => {
        const { home, vastai } = harness;
        const { official, env } = withOfficialCli(harness);
        home.put(home.at('.config/vastai/vast_api_key'), Buffer.from([0xff, 0xfe]));
        const ran = await vastai(typed.split(' '), { env });
        expect(ran).toMatchObject({ status: 9, stdout: '' });
        const [first] = ran.stderr.split('\n');
        expect(first).toContain(message);
        expect(first).toContain('is not UTF-8 text');
        expect(first?.includes('Unknown')).toBe(typed !== 'search offers');
        expect(ran.stderr.includes('Did you mean: vastai search offers\n')).toBe(typed === 'serach offers');
        expect(ran.stderr).toContain('Save the key again: vastai set api-key');
        expect(await official.calls()).toEqual([]);
      },
    );

    it('a command that it has only lacks the key', async ({ harness, expect }) => {
      const { env } = withOfficialCli(harness);
      for (const typed of ['search offers', 'logs 5', 'show env_vars', 'official -- --raw show user']) {
        const ran = await harness.vastai(typed.split(' '), { env });
        expect(ran.status).toBe(3);
        expect(ran.stderr).toMatch(/^Error: No API key found; nothing was sent\.\n/);
      }
    });
  });

describe.concurrent('a topic that both have', () => {
  it.for(['show', 'create', 'delete', 'reset'])(
    '%s: names the commands of both',
    async (topic, { harness, expect }) => {
      const { vastai } = harness;
      const theirs = OFFICIAL_COMMANDS.filter((command) => command.startsWith(`${topic} `));
      const said = [
        await vastai([topic], { env: without(harness) }),
        await vastai(['help', topic]),
        await vastai([topic, '--help']),
      ];
      expect(said.map(({ status }) => status)).toEqual([2, 0, 0]);
      for (const { stdout, stderr } of said)
        for (const command of theirs)
          expect(stdout + stderr).toMatch(new RegExp(`[ ,]${command.split(' ')[1]}\\b`));
    },
  );
});
