import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const unix = process.platform !== 'win32';
const NOTICE = 'Reading the key from standard input';

/** Runs vastai with its input from a shell command, which may go on for as long as it likes. */
const fed = (source: string) => ['bash', '-c', `exec "$@" < <(${source})`, 'bash'];
const redirected = (redirection: string) => ['sh', '-c', `exec "$@" ${redirection}`, 'sh'];

describe.runIf(unix).concurrent('set api-key reads one line of standard input', () => {
  it.for([
    ['that ends and is followed by nothing', 'cat secret; exec sleep 60 2>&-'],
    ['that comes in two parts', 'head -c 10 secret; sleep 0.3; tail -c +11 secret; exec sleep 60 2>&-'],
    ['after blank ones', 'printf "\\r\\n \\n"; sleep 0.3; cat secret; exec sleep 60 2>&-'],
    ['that ends as on Windows', 'tr "\\n" "\\r" < secret; exec sleep 60 2>&-'],
    ['behind a byte order mark', 'printf "\\357\\273\\277"; cat secret; exec sleep 60 2>&-'],
    ['that nothing ends but the input', 'tr -d "\\n" < secret'],
  ] as const)('%s', async ([, source], { harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write('secret', `${sandbox.key}\n`);
    for (const args of [
      ['set', 'api-key'],
      ['set', 'api-key', '-'],
    ]) {
      const ran = await vastai(args, { through: fed(source) });
      expect(ran.status).toBe(0);
      expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    }
  });

  it('and says after a moment that it waits for it', async ({ harness }) => {
    const { start, home, sandbox } = harness;
    await home.write('secret', `${sandbox.key}\n`);
    const until = 'until [ -e go ]; do sleep 0.1; done; cat secret; exec sleep 60 2>&-';
    const run = start(['set', 'api-key', '--json'], { through: fed(until) });
    while (!run.stderr().includes(NOTICE)) await new Promise((resolve) => setTimeout(resolve, 20));
    await home.write('go', '');
    const ran = await run.ended;
    expect(ran.json()).toMatchObject({ storage: 'file', verified: 'verified' });
  });

  it.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('until %s ends it', async ([signal, status], { harness }) => {
    const { start, home, asked } = harness;
    const run = start(['set', 'api-key'], { through: fed('exec sleep 60 2>&-') });
    while (!run.stderr().includes(NOTICE)) await new Promise((resolve) => setTimeout(resolve, 20));
    run.kill(signal);
    expect((await run.ended).status).toBe(status);
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(asked()).toEqual([]);
  });
});

describe.runIf(unix).concurrent('set api-key says what is wrong with standard input', () => {
  it.for([
    ['closed', '<&-', /standard input is empty/],
    ['the null device', '< /dev/null', /standard input is empty/],
    ['a folder', '< /', /is a folder/],
    ['open for writing only', '0> out', /Cannot read standard input \(EBADF\)/],
    ['without end', '< /dev/zero', /too long to be a key/],
  ] as const)('that is %s', async ([, redirection, message], { harness }) => {
    const { vastai, home, sandbox, saveKey } = harness;
    await saveKey();
    for (const args of [
      ['set', 'api-key'],
      ['set', 'api-key', '-'],
    ]) {
      const ran = await vastai(args, { through: redirected(redirection) });
      expect(ran.status).toBe(2);
      expect(ran.stderr).toMatch(message);
      expect(ran.stderr).not.toMatch(/\n\s+at /);
    }
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it.for(['<&-', '< /', '0> out'])(
    'while other commands do not care: %s',
    async (redirection, { harness }) => {
      await harness.saveKey();
      const ran = await harness.vastai(['show', 'user'], { through: redirected(redirection) });
      expect([ran.status, ran.stderr]).toEqual([0, '']);
    },
  );
});

describe.skipIf(!canOpenTerminal())('set api-key - on a terminal', { concurrent: true }, () => {
  it('asks for the key without showing it', async ({ harness }) => {
    const { onTerminal, home, sandbox } = harness;
    const session = onTerminal(['set', 'api-key', '-']);
    await session.see('API key:');
    session.type(`${sandbox.key}\r`);
    expect((await session.ended).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });
});
