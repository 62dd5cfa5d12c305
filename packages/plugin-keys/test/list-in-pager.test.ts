import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const LIST = 'GET /api/v0/auth/apikeys/';
const SHOW = ['show', 'api-keys'];
/** Marks each line that it shows. */
const MARK = "sed 's/^/>> /'";

/** Makes the API list so many keys. The terminals of tests have 40 rows. */
async function offerKeys({ sandbox, saveKey }: Harness, count = 100): Promise<void> {
  await saveKey();
  const apikeys = Array.from({ length: count }, (_, at) => ({ id: at + 1, name: `key ${at + 1}` }));
  sandbox.fault(LIST, { kind: 'answer', status: 200, body: { apikeys } }, 3);
}

const marked = (screen: string) => screen.split('\r\n').filter((line) => line.startsWith('>> '));

describe.skipIf(!canOpenTerminal())('a list that is longer than the terminal', { concurrent: true }, () => {
  it.for([
    [{ PAGER: MARK }, 101],
    [{ PAGER: 'false', VASTAI_PAGER: MARK }, 101],
    [{ PAGER: MARK, VASTAI_PAGER: 'cat' }, 0],
    [{ PAGER: MARK, TERM: 'dumb' }, 0],
    [{}, 0],
  ] as const)('is shown by the pager that is set: %j', async ([env, lines], { harness }) => {
    await offerKeys(harness);
    const { status, screen } = await harness.onTerminal(SHOW, { env }).ended;
    expect(status).toBe(0);
    expect(marked(screen)).toHaveLength(lines);
    expect(screen).toContain('key 100');
    expect(screen).toContain('100 keys.');
  });

  it.for([
    [SHOW, 30, undefined],
    [[...SHOW, '--json'], 100, undefined],
    [[...SHOW, '--raw'], 100, undefined],
    [SHOW, 100, 'stdout'],
  ] as const)('is not for %j with %i keys to %s', async ([args, count, file], { harness }) => {
    await offerKeys(harness, count);
    const stdoutTo = file === undefined ? {} : { stdoutTo: harness.home.at(file) };
    const { status, screen } = await harness.onTerminal(args, { env: { PAGER: MARK }, ...stdoutTo }).ended;
    expect(status).toBe(0);
    expect(marked(screen)).toEqual([]);
    if (file !== undefined) expect(await harness.home.read(file)).toContain('key 100');
  });

  it('may be left early, and is printed if the pager does not start', async ({ harness }) => {
    await offerKeys(harness, 5000);
    const left = await harness.onTerminal(SHOW, { env: { PAGER: 'head -n 2' } }).ended;
    expect(left.status).toBe(0);
    expect(left.screen).not.toContain('key 50');
    const failed = await harness.onTerminal(SHOW, { env: { PAGER: 'no-such-pager --x' } }).ended;
    expect(failed.status).toBe(0);
    expect(failed.screen).toContain('key 5000');
  });

  it('is shown by a pager with colours and without a key in its environment', async ({ harness }) => {
    await offerKeys(harness);
    const env = { PAGER: 'cat >/dev/null; env', VAST_API_KEY: harness.sandbox.key };
    const { screen } = await harness.onTerminal(SHOW, { env }).ended;
    expect(screen).toContain('LESS=FRX');
    expect(screen).not.toContain('VAST_API_KEY');
    expect(screen).not.toContain(harness.sandbox.key);
    const own = await harness.onTerminal(SHOW, { env: { ...env, LESS: 'S' } }).ended;
    expect(own.screen).toContain('LESS=S\r\n');
  });

  it('leaves Ctrl-C to the pager', async ({ harness }) => {
    await offerKeys(harness);
    const PAGER =
      "trap 'echo interrupted' INT; cat >/dev/null; echo ready; read x </dev/tty; read y </dev/tty; echo got $y";
    const terminal = harness.onTerminal(SHOW, { env: { PAGER } });
    await terminal.see('ready');
    terminal.type('\x03');
    await terminal.see('interrupted');
    terminal.type('a\rb\r');
    await terminal.see('got ');
    const { status, screen } = await terminal.ended;
    expect(status).toBe(0);
    expect(screen).toContain('100 keys.');
  });
});
