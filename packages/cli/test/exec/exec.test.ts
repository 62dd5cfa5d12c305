import { chmod } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { describe } from 'vitest';

const onPosix = process.platform !== 'win32';
/** Prints variables, with the key by its last four characters only. */
const SHOW = `echo "key \${VAST_API_KEY#${'?'.repeat(60)}} url \${VAST_URL-none} file \${VAST_API_KEY_FILE-none}"`;
const sh = (script: string) => ['--', 'sh', '-c', script];

describe.runIf(onPosix).concurrent('vastai exec', () => {
  it('gives the program the key and the API, makes no request, and prints nothing itself', async ({
    harness: { vastai, saveKey, sandbox, asked },
    expect,
  }) => {
    await saveKey();
    const ran = await vastai(['exec', ...sh(SHOW)]);
    const shown = `key ${sandbox.key.slice(-4)} url ${sandbox.url} file none\n`;
    expect(ran).toMatchObject({ status: 0, stdout: shown, stderr: '' });
    expect(asked()).toEqual([]);
  });

  it('leaves VAST_URL out for the default API, and takes VAST_API_KEY_FILE out', async ({
    harness: { vastai, home, sandbox },
    expect,
  }) => {
    const file = await home.write('key', sandbox.key);
    for (const VAST_URL of [undefined, 'https://console.vast.ai']) {
      const ran = await vastai(['exec', ...sh(SHOW)], { env: { VAST_API_KEY_FILE: file, VAST_URL } });
      expect(ran.stdout).toBe(`key ${sandbox.key.slice(-4)} url none file none\n`);
    }
  });

  it('names the default API where a vastai inside would choose another for the key', async ({
    harness,
    expect,
  }) => {
    const { vastai, home, unknownKey } = harness;
    const key = await unknownKey();
    const url = 'https://console.vast.ai';
    const profiles = {
      default: { storage: 'file', url: 'https://example.com' },
      work: { storage: 'file', url },
    };
    await home.write('.config/vastai/config.json', JSON.stringify({ version: 1, profiles }));
    await home.write('.config/vastai/profiles/work/vast_api_key', key);
    const shown = (named: string) => `key ${key.slice(-4)} url ${named} file none\n`;
    const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      (await vastai(['exec', ...args, ...sh(SHOW)], { env: { VAST_URL: undefined, ...env } })).stdout;
    expect(await run(['--profile', 'work'])).toBe(shown(url));
    expect(await run(['--profile', 'work'], { VAST_PROFILE: 'work' })).toBe(shown('none'));
    expect(await run([], { VAST_PROFILE: 'work' })).toBe(shown('none'));
    expect(await run([], { VAST_API_KEY: key, VAST_URL: url })).toBe(shown(url));
    expect(await run(['--api-key', key, '--url', url])).toBe(shown(url));
  });

  it('chooses the key as any command does', async ({ harness, expect }) => {
    const { vastai, home, saveKey, unknownKey } = harness;
    await saveKey();
    const [work, given, variable] = [await unknownKey(), await unknownKey(), await unknownKey()];
    await home.write('.config/vastai/profiles/work/vast_api_key', work);
    const cases = [
      { args: ['--profile', 'work'], key: work },
      { args: ['--api-key', given], key: given },
      { args: [], key: variable },
    ];
    for (const { args, key } of cases) {
      for (const words of [
        [...args, 'exec', ...sh(SHOW)],
        ['exec', ...args, ...sh(SHOW)],
      ]) {
        const ran = await vastai(words, { env: { VAST_API_KEY: variable } });
        expect(ran.stdout).toContain(`key ${key.slice(-4)} `);
      }
    }
  });

  it('passes a key on that a command prints', async ({ harness: { vastai, home, sandbox }, expect }) => {
    const program = await home.write('get-key', `#!/bin/sh\necho ${sandbox.key}\n`);
    await chmod(program, 0o700);
    const record = { storage: 'command', command: [program], url: sandbox.url };
    await home.write(
      '.config/vastai/config.json',
      JSON.stringify({ version: 1, profiles: { default: record } }),
    );
    const ran = await vastai(['exec', ...sh(SHOW)]);
    expect(ran).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`key ${sandbox.key.slice(-4)} `),
    });
  });

  it.for(['no-such-program', '.', ''])(
    'says of %j what it says with flags',
    async (program, { harness, expect }) => {
      const env = { VAST_API_KEY: harness.sandbox.key };
      const [quick, ordinary] = await Promise.all([
        harness.vastai(['exec', '--', program, '--json'], { env }),
        harness.vastai(['exec', '--mask', 'auto', '--', program, '--json'], { env }),
      ]);
      expect(quick.stderr).toContain('Cannot run');
      const { status, stdout, stderr } = ordinary;
      expect(quick).toMatchObject({ status, stdout, stderr });
    },
  );

  it('says what is wrong with the key, or was changed, as any command does', async ({ harness, expect }) => {
    const { vastai, home, sandbox } = harness;
    const env = { VAST_URL: sandbox.url };
    await home.write('.vast_api_key', sandbox.key);
    const legacy = await vastai(['exec', '--', 'true'], { env: { VAST_URL: undefined } });
    expect(legacy).toMatchObject({ status: 0, stderr: expect.stringContaining('was moved to') });
    await chmod(home.at('.config/vastai/vast_api_key'), 0o644);
    const open = await vastai(['exec', '--', 'true'], { env });
    expect(open).toMatchObject({ status: 0, stderr: expect.stringContaining('Other users can open') });
    await chmod(home.at('.config/vastai/vast_api_key'), 0o600);
    const file = await home.write('.vastai-profile', 'work');
    await chmod(file, 0o666);
    const ignored = await vastai(['exec', '--', 'true'], { env, cwd: home.path });
    expect(ignored).toMatchObject({ status: 0, stderr: expect.stringContaining('.vastai-profile') });
  });

  it('reads a key that a pipe gives once', async ({ harness: { vastai, home, sandbox }, expect }) => {
    await home.write('key', sandbox.key);
    const inner = `exec '${process.execPath}' '${BIN}' exec -- no-such-program`;
    const script = `mkfifo pipe; cat key > pipe & VAST_API_KEY_FILE=pipe ${inner}`;
    const ran = await vastai(['exec', '--', 'sh', '-c', `cd '${home.path}'; unset VAST_API_KEY; ${script}`], {
      env: { VAST_API_KEY: sandbox.key },
    });
    expect(ran).toMatchObject({ status: 127, stdout: '' });
  });

  it('starts nothing without a key', async ({ harness: { vastai, home }, expect }) => {
    const ran = await vastai(['exec', ...sh('echo > started')]);
    expect(ran).toMatchObject({ status: 3, stdout: '' });
    expect(ran.stderr).toContain('No API key found');
    expect(await home.read('started')).toBeUndefined();
  });

  it.for([
    ['exit 0', 0],
    ['exit 3', 3],
    ['exit 255', 255],
    ['kill -TERM $$', 143],
    ['kill -KILL $$', 137],
    ['kill -SEGV $$', 139],
    ['kill -PIPE $$', 141],
  ] as const)(
    'ends like its program: %s',
    async ([script, status], { harness: { vastai, sandbox }, expect }) => {
      const env = { VAST_API_KEY: sandbox.key };
      expect(await vastai(['exec', ...sh(script)], { env })).toMatchObject({
        status,
        stdout: '',
        stderr: '',
      });
    },
  );

  it('ends with 127 or 126 if there is no such program, or it cannot be run', async ({
    harness: { vastai, home, sandbox },
    expect,
  }) => {
    const env = { VAST_API_KEY: sandbox.key };
    const notExecutable = await home.write('text', 'echo\n');
    const run = (program: string) => vastai(['exec', '--', program], { env });
    expect(await run('no-such-program')).toMatchObject({
      status: 127,
      stdout: '',
      stderr: 'Error: Cannot run "no-such-program": no such program, or its interpreter is missing.\n',
    });
    expect((await run('')).status).toBe(127);
    for (const program of [notExecutable, home.path])
      expect(await run(program)).toMatchObject({
        status: 126,
        stdout: '',
        stderr: expect.stringContaining('permission denied'),
      });
    expect(await run(`${notExecutable}/program`)).toMatchObject({
      status: 126,
      stdout: '',
      stderr: `Error: Cannot run "${notExecutable}/program": a part of its path is not a folder.\n`,
    });
  });

  it('leaves everything after -- to the program', async ({ harness: { vastai, sandbox }, expect }) => {
    const env = { VAST_API_KEY: sandbox.key };
    const words = [
      '--help',
      '--json',
      '--profile',
      '--',
      'set',
      'api-key',
      '-h',
      'sha256:'.concat('ab'.repeat(32)),
    ];
    for (const more of [{}, { VASTAI_DEBUG: '1' }]) {
      const ran = await vastai(['exec', '--', 'printf', '%s\n', ...words], { env: { ...env, ...more } });
      expect(ran).toMatchObject({ status: 0, stdout: `${words.join('\n')}\n` });
    }
  });

  it('asks for -- before the program', async ({ harness: { vastai, sandbox }, expect }) => {
    const env = { VAST_API_KEY: sandbox.key };
    const without = await vastai(['exec', 'printenv'], { env });
    expect(without).toMatchObject({ status: 2, stdout: '' });
    expect(without.stderr).toContain('vastai exec -- printenv');
    const unknown = await vastai(['exec', '--maks', 'never', '--', 'true'], { env });
    expect(unknown).toMatchObject({ status: 2, stdout: '' });
    expect(unknown.stderr).toContain('Did you mean: --mask');
  });

  it('starts the shell without a program, and says so', async ({ harness: { vastai, sandbox }, expect }) => {
    const env = { VAST_API_KEY: sandbox.key, SHELL: '/bin/sh' };
    for (const words of [['exec'], ['exec', '--']]) {
      const ran = await vastai(words, { env, input: `${SHOW}\nexit 4\n` });
      expect(ran).toMatchObject({
        status: 4,
        stdout: expect.stringContaining(`key ${sandbox.key.slice(-4)} `),
      });
      expect(ran.stderr).toBe(`Starting /bin/sh with the key …${sandbox.key.slice(-4)} in VAST_API_KEY.\n`);
    }
  });

  it('sets variables from templates', async ({ harness: { vastai, sandbox }, expect }) => {
    const args = ['--env', 'AUTH=Bearer {{key}}', '--env', 'BASE={{url}}/api/{{url}}', '--env', 'EMPTY='];
    const script = 'test "$AUTH" = "Bearer $VAST_API_KEY" && echo "$BASE|$EMPTY|"';
    const ran = await vastai(['exec', ...args, ...sh(script)], { env: { VAST_API_KEY: sandbox.key } });
    expect(ran).toMatchObject({ status: 0, stdout: `${sandbox.url}/api/${sandbox.url}||\n` });
  });

  it.for(['A={{secret}}', 'A={{key}}{{ url }}', 'A', '=x', '1A=x', 'VAST_API_KEY=x', 'VAST_API_KEY_FILE=x'])(
    'refuses --env %s',
    async (template, { harness: { vastai, home, sandbox }, expect }) => {
      const ran = await vastai(['exec', '--env', template, ...sh('echo > started')], {
        env: { VAST_API_KEY: sandbox.key },
      });
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(await home.read('started')).toBeUndefined();
    },
  );

  it('leaves the rest of the environment as it is', async ({ harness: { vastai, sandbox }, expect }) => {
    const rest = { DEBUG: 'express:*', 'odd-name': 'ö', EMPTY: '', NODE_OPTIONS: '--no-warnings' };
    const env = { VAST_API_KEY: sandbox.key, ...rest };
    for (const flags of [[], ['--mask', 'auto']]) {
      const ran = await vastai(['exec', ...flags, '--', 'env'], { env });
      for (const [name, value] of Object.entries(rest))
        expect(ran.stdout.split('\n')).toContain(`${name}=${value}`);
    }
  });

  it('runs inside itself', async ({ harness: { vastai, sandbox }, expect }) => {
    const inner = [process.execPath, BIN, 'exec', ...sh(`${SHOW}; exit 6`)];
    const ran = await vastai(['exec', '--', ...inner], { env: { VAST_API_KEY: sandbox.key } });
    expect(ran).toMatchObject({
      status: 6,
      stdout: expect.stringContaining(`key ${sandbox.key.slice(-4)} `),
    });
  });

  it('leaves standard input to the program', async ({ harness: { vastai, sandbox }, expect }) => {
    const ran = await vastai(['exec', '--', 'cat'], { env: { VAST_API_KEY: sandbox.key }, input: 'a\nb' });
    expect(ran).toMatchObject({ status: 0, stdout: 'a\nb' });
  });
});
