import { join } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import { installed } from '@vastai-cli/testing/programs';
import { describe } from 'vitest';
import { withOfficialCli } from '../support/official-on-path.js';

describe
  .runIf(process.platform !== 'win32' && installed('python3'))
  .concurrent('a command of the official CLI', () => {
    it('is handed over with the key, the arguments and the status', async ({ harness, expect }) => {
      const { vastai, saveKey, sandbox, asked } = harness;
      const { official, env } = withOfficialCli(harness);
      await saveKey();
      const args = [
        'search',
        'offers',
        'gpu_name=RTX_4090 num_gpus>=4',
        '-o',
        'dph',
        '--raw',
        '--json',
        '--help-me',
        '',
      ];
      const ran = await vastai(args, { env: { ...env, OFFICIAL_EXIT: '7' } });
      expect(ran).toMatchObject({ status: 7, stderr: '' });
      const key = sandbox.key.slice(-4);
      expect(ran.json()).toEqual({ argv: args, key, source: 'variable' });
      expect(await official.calls()).toMatchObject([{ argv: args, url: sandbox.url }]);
      expect(asked()).toEqual([]);
    });

    it.for([
      ['create team --team-name acme', 'it acts for the team'],
      ['--retry 5 create team --team-name acme', 'it acts for the team'],
      ['official -- create team', 'it acts for the team'],
      ['official -- --retry 5 create team', 'it acts for the team'],
      ['destroy team', 'it acts for your own account again'],
      ['create team --help', undefined],
      ['help destroy team', undefined],
      ['create instance 5 --args create team', undefined],
      ['official -- create team-role --name team', undefined],
    ] as const)('that changes what the key can do is announced: %s', async (row, { harness, expect }) => {
      const { vastai, saveKey } = harness;
      const { official, env } = withOfficialCli(harness);
      await saveKey();
      const [typed, said] = row;
      const ran = await vastai(typed.split(' '), { env });
      expect(ran.status).toBe(0);
      if (said === undefined) expect(ran.stderr).toBe('');
      else expect(ran.stderr).toMatch(/^Warning: \w+ing a team changes what the key in use can do: /u);
      expect(ran.stderr).toContain(said ?? '');
      expect(await official.calls()).toHaveLength(1);
    });

    it.for([
      'create team-role --name dev',
      'invite member --email a@b',
      'remove member x',
      'update team-role',
      'show team-roles --nope',
      'show members --nope',
      'update team-rol 5 --name dev',
      'remove team-rol dev',
      'invite membr --email a@b',
    ])('that this CLI has too is not handed over: %s', async (typed, { harness, expect }) => {
      const { vastai, saveKey } = harness;
      const { official, env } = withOfficialCli(harness);
      await saveKey();
      expect(await vastai(typed.split(' '), { env })).toMatchObject({ status: 2, stdout: '' });
      expect(await official.calls()).toEqual([]);
    });

    // What is typed, and what the official CLI gets.
    it.for([
      ['--profile work search offers', 'search offers', 'work'],
      ['--profile=work --raw --timeout 5 search offers --limit 3', '--raw search offers --limit 3', 'work'],
      ['search --profile work offers', 'search offers', 'work'],
      [
        '--retry 5 --explain --full --curl --no-color show instances',
        '--retry 5 --explain --full --curl --no-color show instances',
        'saved',
      ],
      ['show --raw instances --profile work', '--raw show instances --profile work', 'saved'],
      [
        'create instance 5 --image x --args --url https://elsewhere.example',
        'create instance 5 --image x --args --url https://elsewhere.example',
        'saved',
      ],
      ...['launch instance --image x', 'set defjob 5'].map(
        (typed) =>
          [
            `${typed} --args --url https://elsewhere.example --help`,
            `${typed} --args --url https://elsewhere.example --help`,
            'saved',
          ] as const,
      ),
      ['show env_vars', 'show env_vars', 'saved'],
      ['logs 5 --tail 9', 'logs 5 --tail 9', 'saved'],
      ['get endpt-logs 5', 'get endpt-logs 5', 'saved'],
      ['update workers 5', 'update workers 5', 'saved'],
      ['run benchmarks', 'run benchmarks', 'saved'],
      ['official -- show user --raw', 'show user --raw', 'saved'],
      ['--profile work official -- show user', 'show user', 'work'],
      ['official --profile work --raw -- show user', '--raw show user', 'work'],
      // Neither side knows it, so a newer official CLI may.
      ['frobnicate the --thing', 'frobnicate the --thing', 'saved'],
      ['--profile work show newthing 5', 'show newthing 5', 'work'],
      ['search newthings', 'search newthings', 'saved'],
      ['show instances-v2 5', 'show instances-v2 5', 'saved'],
      // Without a key.
      ['search offers --help', 'search offers --help', undefined],
      ['search offers -h', 'search offers -h', undefined],
      ['--help search offers', 'search offers --help', undefined],
      ['--version search offers', '--version search offers', undefined],
      ['help search offers', 'search offers --help', undefined],
      ['help show instances', 'show instances --help', undefined],
      ['search --help', 'search --help', undefined],
      ['help search', 'search --help', undefined],
      ['update', 'update', undefined],
      ['update --force', 'update --force', undefined],
      ['update v0.6.0', 'update v0.6.0', undefined],
      ['uninstall', 'uninstall', undefined],
      ['official', '', undefined],
      ['official -- help', 'help', undefined],
    ] as const)('%s', async ([typed, passed, which], { harness, expect }) => {
      const { vastai, saveKey, home, unknownKey, sandbox } = harness;
      const { official, env } = withOfficialCli(harness);
      const keys = { saved: sandbox.key, work: await unknownKey() };
      await saveKey();
      await home.write('.config/vastai/profiles/work/vast_api_key', keys.work);
      // The stand-in must not find a key on its own.
      const elsewhere = { ...env, XDG_CONFIG_HOME: home.at('.config'), OFFICIAL_RUN: 'true' };
      for (const more of [{}, { VASTAI_DEBUG: '1' }]) {
        const ran = await vastai(typed.split(' '), { env: { ...elsewhere, ...more } });
        expect(ran).toMatchObject({ status: 0, stderr: '' });
        const call = (await official.calls()).at(-1);
        expect(call?.argv.join(' ')).toBe(passed);
        const given = call?.environment.VAST_API_KEY;
        expect(given === undefined ? undefined : call?.key).toBe(which && keys[which].slice(-4));
      }
    });

    it('gets the key of a flag in its environment, never as an argument', async ({ harness, expect }) => {
      const { official, env } = withOfficialCli(harness);
      const key = await harness.unknownKey();
      for (const args of [['--api-key', key], [`--api-key=${key}`], [`--api_key=${key}`]])
        await harness.vastai([...args, 'search', 'offers'], { env });
      const calls = await official.calls();
      expect(calls).toHaveLength(3);
      for (const call of calls)
        expect(call).toMatchObject({ argv: ['search', 'offers'], source: 'variable', key: key.slice(-4) });
    });

    it('uses a key behind it as always, and no other is looked for', async ({ harness, expect }) => {
      const { official, env } = withOfficialCli(harness);
      const key = await harness.unknownKey();
      for (const args of [
        ['--api-key', key],
        [`--api-key=${key}`],
        ['--url', 'https://elsewhere.example', '--api-k', key],
      ])
        expect((await harness.vastai(['search', 'offers', ...args], { env })).status).toBe(0);
      for (const call of await official.calls())
        expect(call).toMatchObject({ source: 'flag', key: key.slice(-4) });
    });

    it('is not started without a key', async ({ harness, expect }) => {
      const { official, env } = withOfficialCli(harness);
      const ran = await harness.vastai(['search', 'offers'], { env });
      expect(ran).toMatchObject({ status: 3, stdout: '' });
      expect(ran.stderr).toContain('No API key found');
      expect(await official.calls()).toEqual([]);
    });

    it('does not get a saved key for another API', async ({ harness, expect }) => {
      const { vastai, saveKey, sandbox, unknownKey, home } = harness;
      const { official, env } = withOfficialCli(harness);
      await saveKey();
      const record = { storage: 'file', url: sandbox.url };
      await home.write(
        '.config/vastai/config.json',
        JSON.stringify({ version: 1, profiles: { default: record } }),
      );
      const elsewhere = 'https://elsewhere.example';
      for (const args of [
        ['search', 'offers', '--url', elsewhere],
        ['search', 'offers', `--url=${elsewhere}`],
        ['search', 'offers', `--ur=${elsewhere}`],
        ['search', 'offers', '--u', elsewhere],
        ['search', 'offers', `--u=${elsewhere}`],
        ['update', 'instance', '5', '--args', 'x', '--url', elsewhere],
        ['search', 'offers', '--args', '--url', elsewhere],
        ['official', '--', '--raw', 'update', 'instance', '5', '--args', 'create', `--url=${elsewhere}`],
        ['--url', elsewhere, 'search', 'offers'],
        ['official', '--', 'show', 'user', '--url', elsewhere],
      ]) {
        const ran = await vastai(args, { env });
        expect(ran).toMatchObject({ status: 3, stdout: '' });
        expect(ran.stderr).toContain(elsewhere);
      }
      expect(await official.calls()).toEqual([]);
      const given = { ...env, VAST_API_KEY: await unknownKey() };
      expect((await vastai(['search', 'offers', '--url', elsewhere], { env: given })).status).toBe(0);
      expect((await vastai(['search', 'offers', '--u', elsewhere], { env: given })).status).toBe(0);
      const call = { url: elsewhere, environment: { VAST_URL: elsewhere } };
      expect(await official.calls()).toMatchObject([call, call]);
    });

    it('does not get a saved key for another API that it uses by itself', async ({ harness, expect }) => {
      const { vastai, saveKey, sandbox, home } = harness;
      const { official, env } = withOfficialCli(harness);
      await saveKey();
      const record = { storage: 'file', url: sandbox.url };
      await home.write(
        '.config/vastai/config.json',
        JSON.stringify({ version: 1, profiles: { default: record } }),
      );
      for (const command of ['get endpt-logs', 'get endpt_workers', 'get wrkgrp-logs', 'update workers']) {
        const ran = await vastai([...command.split(' '), '5'], { env });
        expect(ran).toMatchObject({ status: 3, stdout: '' });
        expect(ran.stderr).toContain('No API key for https://console.vast.ai');
        const inFront = await vastai(['official', '--', '--retry', '3', ...command.split(' ')], { env });
        expect(inFront.status).toBe(3);
        const told = await vastai([...command.split(' '), '5', '--url', sandbox.url], { env });
        expect(told.status).toBe(0);
      }
      expect(await official.calls()).toHaveLength(4);
    });

    it.for([
      'https:console.vast.ai',
      'https:\\\\console.vast.ai',
      'https:///console.vast.ai',
      'https://console.vast.ai?',
      'https://console.vast.ai#',
      'https://console.va\tst.ai',
      'http://127.0.0.1\\@elsewhere.example',
      'https://me@console.vast.ai',
      'https://console.vast.ai/@elsewhere.example',
      'console.vast.ai',
      '',
    ])(
      'is refused with a URL that another program may read differently, %j',
      async (url, { harness, expect }) => {
        const { official, env } = withOfficialCli(harness);
        await harness.saveKey();
        for (const args of [
          ['search', 'offers', '--url', url],
          ['search', 'offers', `--url=${url}`],
          [`--url=${url}`, 'search', 'offers'],
        ]) {
          const ran = await harness.vastai(args, { env });
          expect(ran).toMatchObject({ status: 2, stdout: '' });
          expect(ran.stderr).toContain('URL in --url');
        }
        expect(await official.calls()).toEqual([]);
      },
    );

    it('is refused with --json in front, as JSON', async ({ harness, expect }) => {
      const { official, env } = withOfficialCli(harness);
      await harness.saveKey();
      const ran = await harness.vastai(['--json', 'search', 'offers'], { env });
      expect(ran.status).toBe(2);
      expect(ran.json().error).toMatchObject({ code: 'usage', hint: expect.stringContaining('--raw') });
      expect(await official.calls()).toEqual([]);
    });

    it('is refused with flags in front that are not for it', async ({ harness, expect }) => {
      const { official, env } = withOfficialCli(harness);
      await harness.saveKey();
      for (const args of [['--storage', 'file'], ['--gpu'], ['--profile', await harness.unknownKey()]]) {
        const ran = await harness.vastai([...args, 'search', 'offers'], { env });
        expect(ran).toMatchObject({ status: 2, stdout: '' });
        expect(ran.stderr).toContain(args[0]);
      }
      expect(await official.calls()).toEqual([]);
    });

    it('asks for -- behind official', async ({ harness, expect }) => {
      const { official, env } = withOfficialCli(harness);
      const ran = await harness.vastai(['official', 'show', 'user'], { env });
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toContain('Put -- before the command: vastai official -- show user\n');
      expect(await official.calls()).toEqual([]);
    });

    it('has help that promises only flags that work', async ({ harness, expect }) => {
      const { stdout } = await harness.vastai(['official', '--help']);
      expect(stdout).not.toMatch(/--(json|timeout)/u);
      for (const flag of ['retry=N', 'explain', 'raw', 'full', 'curl'])
        expect(stdout).toMatch(new RegExp(`--${flag} +Passed on to the official CLI\\.\n`, 'u'));
    });

    it('says how to install it if it is missing', async ({ harness, expect }) => {
      await harness.saveKey();
      const env = { PATH: harness.home.at('bin') };
      for (const args of [
        ['search', 'offers'],
        ['show', 'instances', '--raw'],
        ['update'],
        ['search', '--help'],
      ]) {
        const ran = await harness.vastai(args, { env });
        expect(ran).toMatchObject({ status: 2, stdout: '' });
        expect(ran.stderr).toContain('is a command of the official CLI, which is not installed');
        expect(ran.stderr).toContain('pip install vastai');
      }
      const unknown = await harness.vastai(['frobnicate'], { env });
      expect(unknown.stderr).toBe('Error: Unknown command "frobnicate".\nSee: vastai help\n');
    });

    it('is not handed over if we have it, or it is misspelled, or a topic of ours', async ({
      harness,
      expect,
    }) => {
      const { official, env } = withOfficialCli(harness);
      await harness.saveKey();
      expect((await harness.vastai(['show', 'user'], { env })).json()).toMatchObject({ id: 123456 });
      expect((await harness.vastai(['help', 'show', 'user'], { env })).stdout).toContain(
        '$ vastai show user [',
      );
      for (const [typed, ours] of [
        ['show usr', 'show user'],
        ['show api-kyes', 'show api-keys'],
        ['--profile work show usr', 'show user --profile work'],
        ['exce', 'exec'],
        ['dcotor', 'doctor'],
        ['login', 'set api-key'],
        ['show', 'show user'],
        ['show 5', ''],
      ] as const) {
        const ran = await harness.vastai(typed.split(' '), { env });
        expect(ran).toMatchObject({ status: 2, stdout: '' });
        expect(ran.stderr).toContain(ours);
      }
      expect(await official.calls()).toEqual([]);
    });

    it('reaches the API with the key', async ({ harness, expect }) => {
      const { env } = withOfficialCli(harness);
      await harness.saveKey();
      const ran = await harness.vastai(['official', '--', 'show', 'user'], { env });
      expect(ran).toMatchObject({ status: 0, stderr: '' });
      expect(harness.asked()).toEqual(['GET /api/v0/users/current', 'GET /api/v0/users/current/']);
    });

    it('inherits standard input and output, and ends as the child does', async ({ harness, expect }) => {
      const { env } = withOfficialCli(harness);
      await harness.saveKey();
      const run = (OFFICIAL_RUN: string, input = '') =>
        harness.vastai(['search', 'offers'], { env: { ...env, OFFICIAL_RUN }, input });
      expect(await run('cat; echo error >&2', 'a\nb')).toMatchObject({ stdout: 'a\nb', stderr: 'error\n' });
      expect(await run('kill -TERM $PPID; sleep 5')).toMatchObject({ status: 143 });
    });

    it('cannot be run if its Python is gone', async ({ harness, expect }) => {
      const { home } = harness;
      await harness.saveKey();
      home.put(home.at('bin/vastai'), '#!/gone/bin/python\nfrom vastai import main\n', 0o755);
      const ran = await harness.vastai(['search', 'offers'], {
        env: { PATH: `${home.at('bin')}:${home.env.PATH}` },
      });
      expect(ran).toMatchObject({ status: 127, stdout: '' });
      expect(ran.stderr).toContain(join(home.at('bin'), 'vastai'));
    });
  });
