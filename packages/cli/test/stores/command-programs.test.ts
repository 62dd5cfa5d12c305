import { chmod } from 'node:fs/promises';
import type { Stage } from '@vastai-cli/kit/testing/stage';
import { canOpenTerminal } from '@vastai-cli/kit/testing/terminal-session';
import { describe, expect } from 'vitest';
import { it } from '../support/it.js';
import { SETTINGS } from '../support/places.js';

const unix = process.platform !== 'win32';

/** Lets the default profile take its key from a script of these lines; the key is in the file `secret`. */
async function takeKeyFrom(stage: Stage, text: string, firstLine = '#!/bin/sh\n'): Promise<string> {
  const { home, sandbox } = stage;
  const path = await home.write('key-command', `${firstLine}${text}\n`);
  await chmod(path, 0o700);
  await home.write('secret', `${sandbox.key}\n`);
  await record(stage, [path]);
  return path;
}

async function record({ home, sandbox }: Stage, command: readonly string[]): Promise<void> {
  const profiles = { default: { storage: 'command', command, url: sandbox.url } };
  await home.write(SETTINGS, JSON.stringify({ version: 1, profiles }));
}

describe.runIf(unix).concurrent('a key command', () => {
  it.for([
    ['leaves an agent behind that keeps its streams open', 'sleep 30 & cat secret'],
    ['leaves one behind that heeds no signal', '(trap "" HUP INT TERM PIPE; sleep 30) & cat secret'],
    [
      'leaves one behind that goes on printing',
      // It begins when the key has long been taken: what came together with the key would be another line.
      '(sleep 5; while echo more; do sleep 0.01; done) & cat secret',
    ],
    ['ends its line as on Windows', 'tr -d "\\n" < secret; printf "\\r\\n"'],
    ['begins with a byte order mark', 'printf "\\357\\273\\277"; cat secret'],
    ['ends no line', 'tr -d "\\n" < secret'],
    ['prints it bit by bit', 'head -c 10 secret; sleep 0.2; tail -c +11 secret'],
    ['talks a lot on standard error', 'head -c 300000 /dev/zero | tr "\\0" "x" >&2; cat secret'],
  ] as const)('gives the key when it %s', async ([, text], { stage }) => {
    await takeKeyFrom(stage, text);
    const ran = await stage.vastai(['auth', 'token'], { printsKey: true });
    expect([ran.status, ran.stdout]).toEqual([0, `${stage.sandbox.key}\n`]);
  });

  it('gives it as a script without a first line for an interpreter', async ({ stage }) => {
    await takeKeyFrom(stage, 'cat secret', '');
    expect((await stage.vastai(['show', 'user'])).status).toBe(0);
  });

  it.for([
    ['fails after it', 'cat secret; exit 3', /ended with status 3/],
    ['is killed after it', 'cat secret; kill -9 $$', /was ended by SIGKILL/],
    ['prints another line', 'cat secret; echo login: me', /more than one line/],
    ['prints it on standard error', 'tr -d "0-9a-f" < secret >&2', /printed nothing/],
    ['heeds no request to end', 'trap "" TERM; while :; do sleep 0.1; done', /did not finish within 1 s/],
  ] as const)('gives no key when it %s', async ([, text, message], { stage }) => {
    await takeKeyFrom(stage, text);
    const limit = message.source.includes('finish') ? '1' : '30';
    const ran = await stage.vastai(['show', 'user', '--json'], { env: { VASTAI_KEYCHAIN_TIMEOUT: limit } });
    expect(ran.status).toBe(9);
    expect(ran.json().error).toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringContaining('VAST_API_KEY'),
    });
    expect(stage.asked()).toEqual([]);
  });

  it('that fails has its last words shown', async ({ stage }) => {
    await takeKeyFrom(
      stage,
      'head -c 100000 /dev/zero | tr "\\0" "x" >&2; echo "The vault is sealed." >&2; exit 1',
    );
    const ran = await stage.vastai(['auth', 'token']);
    expect(ran.stderr).toMatch(/x{100000}The vault is sealed\.\nError: /);
  });

  it.for([
    [
      'whose interpreter is missing',
      '#!/no/such/interpreter\n',
      /interpreter that its first line names is missing/,
    ],
    ['whose first line ends as on Windows', '#!/bin/sh\r\n', /that line ends as on Windows/],
  ] as const)('says what is wrong with a script %s', async ([, firstLine, message], { stage }) => {
    await takeKeyFrom(stage, 'cat secret', firstLine);
    const ran = await stage.vastai(['auth', 'token']);
    expect([ran.status, ran.stderr]).toEqual([9, expect.stringMatching(message)]);
  });

  it('says that it may not be started, and how its name is not read', async ({ stage }) => {
    const path = await takeKeyFrom(stage, 'cat secret');
    for (const [command, message] of [
      ['./key-command', /is not run: a relative path/],
      ['~/key-command', /"~" and variables are not expanded/],
      ['$HOME/key-command', /"~" and variables are not expanded/],
    ] as const) {
      await record(stage, [command]);
      const ran = await stage.vastai(['auth', 'token']);
      expect([ran.status, ran.stderr]).toEqual([9, expect.stringMatching(message)]);
    }
    await record(stage, [path]);
    await chmod(path, 0o600);
    const ran = await stage.vastai(['auth', 'token']);
    expect([ran.status, ran.stderr]).toEqual([9, expect.stringContaining(`${path} is not executable`)]);
  });

  it('is not brought by the folder one works in, whatever PATH says', async ({ stage }) => {
    await takeKeyFrom(stage, 'touch ran; cat secret');
    await record(stage, ['key-command']);
    const ran = await stage.vastai(['auth', 'token'], { env: { PATH: `.::${process.env.PATH}` } });
    expect([ran.status, ran.stderr]).toEqual([9, expect.stringContaining('was not found')]);
    expect(await stage.home.read('ran')).toBeUndefined();
  });

  it.for(['2>&-', '2> /dev/full'])(
    'may complain where nobody listens: %s',
    async (redirection, { stage }) => {
      await takeKeyFrom(stage, 'echo "A new version is out." >&2; cat secret');
      const through = ['sh', '-c', `exec "$@" ${redirection}`, 'sh'];
      expect((await stage.vastai(['show', 'user'], { through })).status).toBe(0);
    },
  );

  it('does not get what is on standard input for vastai', async ({ stage }) => {
    await takeKeyFrom(stage, 'cat > taken; cat secret');
    expect((await stage.vastai(['show', 'user'], { input: 'for somebody else' })).status).toBe(0);
    expect(await stage.home.read('taken')).toBe('');
  });

  it('is ended together with vastai', async ({ stage }) => {
    await takeKeyFrom(stage, 'trap "touch ended; exit 1" TERM; touch ready; while :; do sleep 0.05; done');
    const run = stage.start(['show', 'user', '--json']);
    while ((await stage.home.read('ready')) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 20));
    run.kill('SIGTERM');
    const ran = await run.ended;
    expect([ran.status, ran.json().error.code]).toEqual([143, 'interrupted']);
    expect(await stage.home.read('ended')).toBe('');
  });
});

describe.runIf(unix && canOpenTerminal())('a key command on a terminal', { concurrent: true }, () => {
  const ASK =
    'printf "Master password: " >&2; stty -echo; read -r word; stty echo; [ "$word" = open ] && cat secret';

  it.for([
    ['of standard input', ASK],
    ['of the terminal itself', ASK.replace('read -r word', 'read -r word < /dev/tty')],
  ])('can ask its person, by way %s', async ([, text], { stage }) => {
    await takeKeyFrom(stage, text ?? '');
    const session = stage.onTerminal(['show', 'user', '--no-color']);
    await session.see('Master password:');
    session.type('open\r');
    const { status, screen } = await session.ended;
    expect([status, screen]).toEqual([0, expect.stringContaining('"id": 123456')]);
  });

  it('can ask before the question of a command and leaves that one its answer', async ({ stage }) => {
    await takeKeyFrom(stage, ASK);
    const { id } = await stage.addKey({ name: 'old' });
    const session = stage.onTerminal(['delete', 'api-key', String(id)]);
    await session.see('Master password:');
    session.type('open\r');
    await session.see('(y/N)');
    session.type('y\r');
    expect((await session.ended).status).toBe(0);
    expect(stage.asked().at(-1)).toMatch(/^DELETE /);
  });

  it.for([
    ['that waits', 'touch ready; sleep 60'],
    ['that ends in its own way', 'trap "exit 1" INT; touch ready; while :; do sleep 0.05; done'],
    ['that takes no notice', 'trap "" INT TERM; touch ready; exec sleep 60'],
  ] as const)('ends with Ctrl-C, also one %s', async ([, text], { stage }) => {
    await takeKeyFrom(stage, text);
    const session = stage.onTerminal(['show', 'user']);
    while ((await stage.home.read('ready')) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 20));
    session.type('\x03');
    const { status, screen } = await session.ended;
    expect([status, screen]).toEqual([130, expect.stringContaining('Interrupted')]);
  });

  it('that dies with the echo off leaves it on', async ({ stage }) => {
    const { home, onTerminal } = stage;
    await takeKeyFrom(stage, 'stty -echo; kill -9 $$');
    const node = await home.write(
      'node-and-look',
      `#!/bin/sh\n"${process.execPath}" "$@"\nstty -a > modes\n`,
    );
    await chmod(node, 0o700);
    await onTerminal(['show', 'user'], { node }).ended;
    expect(await home.read('modes')).toMatch(/ echo /);
  });
});
