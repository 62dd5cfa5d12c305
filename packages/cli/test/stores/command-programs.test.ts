import { chmod } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { SETTINGS } from '@vastai-cli/testing/places';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const unix = process.platform !== 'win32';

/** Lets the default profile take its key from a script of these lines; the key is in the file `secret`. */
async function takeKeyFrom(harness: Harness, text: string, firstLine = '#!/bin/sh\n'): Promise<string> {
  const { home, sandbox } = harness;
  const path = await home.write('key-command', `${firstLine}${text}\n`);
  await chmod(path, 0o700);
  await home.write('secret', `${sandbox.key}\n`);
  await record(harness, [path]);
  return path;
}

async function record({ home, sandbox }: Harness, command: readonly string[]): Promise<void> {
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
  ] as const)('gives the key when it %s', async ([, text], { harness }) => {
    await takeKeyFrom(harness, text);
    const ran = await harness.vastai(['auth', 'token'], { printsKey: true });
    expect([ran.status, ran.stdout]).toEqual([0, `${harness.sandbox.key}\n`]);
  });

  it('gives it as a script without a first line for an interpreter', async ({ harness }) => {
    await takeKeyFrom(harness, 'cat secret', '');
    expect((await harness.vastai(['show', 'user'])).status).toBe(0);
  });

  it.for([
    ['fails after it', 'cat secret; exit 3', /exited with status 3/],
    ['is killed after it', 'cat secret; kill -9 $$', /was killed by SIGKILL/],
    ['prints another line', 'cat secret; echo login: me', /more than one line/],
    ['prints it on standard error', 'tr -d "0-9a-f" < secret >&2', /printed nothing/],
    ['heeds no request to end', 'trap "" TERM; while :; do sleep 0.1; done', /did not finish within 1 s/],
  ] as const)('gives no key when it %s', async ([, text, message], { harness }) => {
    await takeKeyFrom(harness, text);
    const limit = message.source.includes('finish') ? '1' : '30';
    const ran = await harness.vastai(['show', 'user', '--json'], { env: { VASTAI_KEYCHAIN_TIMEOUT: limit } });
    expect(ran.status).toBe(9);
    expect(ran.json().error).toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringContaining('VAST_API_KEY'),
    });
    expect(harness.asked()).toEqual([]);
  });

  it('that fails has its last words shown', async ({ harness }) => {
    await takeKeyFrom(
      harness,
      'head -c 100000 /dev/zero | tr "\\0" "x" >&2; echo "The vault is sealed." >&2; exit 1',
    );
    const ran = await harness.vastai(['auth', 'token']);
    expect(ran.stderr).toMatch(/x{100000}The vault is sealed\.\nError: /);
  });

  it.for([
    [
      'whose interpreter is missing',
      '#!/no/such/interpreter\n',
      /interpreter in its first line does not exist/,
    ],
    ['whose first line ends as on Windows', '#!/bin/sh\r\n', /that line has a Windows line ending/],
  ] as const)('says what is wrong with a script %s', async ([, firstLine, message], { harness }) => {
    await takeKeyFrom(harness, 'cat secret', firstLine);
    const ran = await harness.vastai(['auth', 'token']);
    expect([ran.status, ran.stderr]).toEqual([9, expect.stringMatching(message)]);
  });

  it('says that it may not be started, and how its name is not read', async ({ harness }) => {
    const path = await takeKeyFrom(harness, 'cat secret');
    for (const [command, message] of [
      ['./key-command', /is not run: a relative path/],
      ['~/key-command', /"~" and variables are not expanded/],
      ['$HOME/key-command', /"~" and variables are not expanded/],
    ] as const) {
      await record(harness, [command]);
      const ran = await harness.vastai(['auth', 'token']);
      expect([ran.status, ran.stderr]).toEqual([9, expect.stringMatching(message)]);
    }
    await record(harness, [path]);
    await chmod(path, 0o600);
    const ran = await harness.vastai(['auth', 'token']);
    expect([ran.status, ran.stderr]).toEqual([9, expect.stringContaining(`${path} is not executable`)]);
  });

  it('is not brought by the folder one works in, whatever PATH says', async ({ harness }) => {
    await takeKeyFrom(harness, 'touch ran; cat secret');
    await record(harness, ['key-command']);
    const ran = await harness.vastai(['auth', 'token'], { env: { PATH: `.::${process.env.PATH}` } });
    expect([ran.status, ran.stderr]).toEqual([9, expect.stringContaining('was not found')]);
    expect(await harness.home.read('ran')).toBeUndefined();
  });

  it.for(['2>&-', '2> /dev/full'])(
    'may complain where nobody listens: %s',
    async (redirection, { harness }) => {
      await takeKeyFrom(harness, 'echo "A new version is out." >&2; cat secret');
      const through = ['sh', '-c', `exec "$@" ${redirection}`, 'sh'];
      expect((await harness.vastai(['show', 'user'], { through })).status).toBe(0);
    },
  );

  it('does not get what is on standard input for vastai', async ({ harness }) => {
    await takeKeyFrom(harness, 'cat > taken; cat secret');
    expect((await harness.vastai(['show', 'user'], { input: 'for somebody else' })).status).toBe(0);
    expect(await harness.home.read('taken')).toBe('');
  });

  it('is ended together with vastai', async ({ harness }) => {
    await takeKeyFrom(harness, 'trap "touch ended; exit 1" TERM; touch ready; while :; do sleep 0.05; done');
    const run = harness.start(['show', 'user', '--json']);
    while ((await harness.home.read('ready')) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 20));
    run.kill('SIGTERM');
    const ran = await run.ended;
    expect([ran.status, ran.json().error.code]).toEqual([143, 'interrupted']);
    expect(await harness.home.read('ended')).toBe('');
  });
});

describe.runIf(unix && canOpenTerminal())('a key command on a terminal', { concurrent: true }, () => {
  const ASK =
    'printf "Master password: " >&2; stty -echo; read -r word; stty echo; [ "$word" = open ] && cat secret';

  it.for([
    ['of standard input', ASK],
    ['of the terminal itself', ASK.replace('read -r word', 'read -r word < /dev/tty')],
  ])('can ask its person, by way %s', async ([, text], { harness }) => {
    await takeKeyFrom(harness, text ?? '');
    const session = harness.onTerminal(['show', 'user', '--no-color']);
    await session.see('Master password:');
    session.type('open\r');
    const { status, screen } = await session.ended;
    expect([status, screen]).toEqual([0, expect.stringContaining('"id": 123456')]);
  });

  it('can ask before the question of a command and leaves that one its answer', async ({ harness }) => {
    await takeKeyFrom(harness, ASK);
    const { id } = await harness.addKey({ name: 'old' });
    const session = harness.onTerminal(['delete', 'api-key', String(id)]);
    await session.see('Master password:');
    session.type('open\r');
    await session.see('(y/N)');
    session.type('y\r');
    expect((await session.ended).status).toBe(0);
    expect(harness.asked().at(-1)).toMatch(/^DELETE /);
  });

  it.for([
    ['that waits', 'touch ready; sleep 60'],
    ['that ends in its own way', 'trap "exit 1" INT; touch ready; while :; do sleep 0.05; done'],
    ['that takes no notice', 'trap "" INT TERM; touch ready; exec sleep 60'],
  ] as const)('ends with Ctrl-C, also one %s', async ([, text], { harness }) => {
    await takeKeyFrom(harness, text);
    const session = harness.onTerminal(['show', 'user']);
    while ((await harness.home.read('ready')) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 20));
    session.type('\x03');
    const { status, screen } = await session.ended;
    expect([status, screen]).toEqual([130, expect.stringContaining('Interrupted')]);
  });

  it('that dies with the echo off leaves it on', async ({ harness }) => {
    const { home, onTerminal } = harness;
    await takeKeyFrom(harness, 'stty -echo; kill -9 $$');
    const node = await home.write(
      'node-and-look',
      `#!/bin/sh\n"${process.execPath}" "$@"\nstty -a > modes\n`,
    );
    await chmod(node, 0o700);
    await onTerminal(['show', 'user'], { node }).ended;
    expect(await home.read('modes')).toMatch(/ echo /);
  });
});
