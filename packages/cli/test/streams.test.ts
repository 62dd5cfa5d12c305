import { existsSync } from 'node:fs';
import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

describe.concurrent('output that is piped', () => {
  it('is the same every time, and has no colour', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    const env = { FORCE_COLOR: '1', CLICOLOR_FORCE: '1', COLORTERM: 'truecolor' };
    const [first, second] = [await vastai(['show', 'user'], { env }), await vastai(['show', 'user'])];
    expect(first.stdout).toBe(second.stdout);
    expect(first.stdout).toMatch(/^\{\n {2}"id": 123456,\n/);
    expect(first.stdout).not.toContain('\u001b');
  });

  it('is a table of the same columns as on a terminal', async ({ harness: { vastai, saveKey, addKey } }) => {
    await addKey({ name: `a name of many words ${'and words '.repeat(20)}`.trim() });
    await saveKey();
    const { stdout } = await vastai(['show', 'api-keys']);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^ID +NAME +PERMISSIONS +TEAM +CREATED$/);
    expect(rows).toHaveLength(2);
    // Nothing is cut where nobody knows a width.
    expect(rows[1]).toContain('and words and words  full access');
  });
});

describe.runIf(existsSync('/dev/full')).concurrent('standard output on a full disk', () => {
  it('is an error in words, and a new key can still be revoked', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    const through = ['sh', '-c', '"$@" > /dev/full', 'sh'];
    const shown = await vastai(['show', 'user'], { through });
    expect(shown).toMatchObject({ status: 1, stdout: '' });
    expect(shown.stderr).toBe(
      'Error: The result could not be written to standard output (ENOSPC).\nThe command itself succeeded; only its output is missing.\n',
    );
    const made = await vastai(['create', 'api-key', '--name', 'ci'], { through });
    expect(made.stderr).toContain('vastai delete api-key 42');
    expect(made.stderr).not.toContain('    at ');
  });
});

describe.concurrent('--explain', () => {
  it('shows each request and answer on standard error, every secret masked', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey } = harness;
    await saveKey();
    await home.write('perms.json', '{"api":{"misc":{}}}');
    const args = ['create', 'api-key', '--name', 'ci', '--permission_file', 'perms.json', '--explain'];
    const ran = await vastai(args, { printsKey: true });
    const made = ran.stdout.trim();
    expect(made).toMatch(/^[0-9a-f]{64}$/);
    expect(ran.stderr).toContain(`> POST ${sandbox.url}/api/v0/auth/apikeys/`);
    expect(ran.stderr).toContain(`Authorization: Bearer …${sandbox.key.slice(-4)}`);
    expect(ran.stderr).toContain('"name": "ci"');
    expect(ran.stderr).toMatch(/^< 200$/m);
    expect(ran.stderr).toContain('"id": 42');
    expect(ran.stderr).not.toContain(made);
    expect(ran.stderr).not.toContain(sandbox.key);
  });

  it('tells of redirects, repetitions and waits', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    const USER = 'GET /api/v0/users/current/';
    sandbox.fault(USER, { kind: 'answer', status: 429, body: { detail: 'threshold=0.1' } });
    sandbox.fault(USER, { kind: 'redirect', to: '/api/v0/users/current/' });
    const ran = await vastai(['show', 'user', '--explain', '--json']);
    expect(ran.json().id).toBe(123456);
    expect(ran.stderr.match(/^> GET /gm)).toHaveLength(3);
    expect(ran.stderr.match(/^< \d+/gm)).toEqual(['< 429', '< 307', '< 200']);
    expect(ran.stderr).toMatch(/^Waiting 0\.\d s: /m);
  });
});

describe.skipIf(!canOpenTerminal())('output on a terminal', { concurrent: true }, () => {
  const COLOUR = '\u001b[36m"id"\u001b[39m';

  it('has colour', async ({ harness: { onTerminal, saveKey } }) => {
    await saveKey();
    expect((await onTerminal(['show', 'user']).ended).screen).toContain(COLOUR);
  });

  it.for([
    ['--no-color', ['show', 'user', '--no-color'], {}],
    ['NO_COLOR', ['show', 'user'], { NO_COLOR: '1' }],
    ['TERM=dumb', ['show', 'user'], { TERM: 'dumb' }],
  ] as const)('has none with %s', async ([, args, env], { harness: { onTerminal, saveKey } }) => {
    await saveKey();
    const { screen } = await onTerminal(args, { env }).ended;
    expect(screen).toContain('"id": 123456');
    expect(screen).not.toContain('\u001b[3');
  });

  it('has colour with an empty NO_COLOR, which counts as unset', async ({ harness }) => {
    const { onTerminal, saveKey } = harness;
    await saveKey();
    expect((await onTerminal(['show', 'user'], { env: { NO_COLOR: '' } }).ended).screen).toContain(COLOUR);
  });

  it('has colour on each stream only where that stream is the terminal', async ({ harness }) => {
    const { onTerminal, home, saveKey } = harness;
    await saveKey();
    await onTerminal(['show', 'user'], { stdoutTo: home.at('stdout') }).ended;
    expect(JSON.parse((await home.read('stdout')) ?? '').id).toBe(123456);
    const { screen } = await onTerminal(['show', 'usr'], { stdoutTo: home.at('stdout') }).ended;
    expect(screen).toContain('\u001b[31mError:\u001b[39m');
  });

  it('fits the width of the terminal, if that is known', async ({ harness }) => {
    const { onTerminal, saveKey, addKey } = harness;
    const name = 'a name of many words '.repeat(5).trim();
    await addKey({ name });
    await saveKey();
    const narrow = await onTerminal(['show', 'api-keys', '--no-color'], { columns: 60 }).ended;
    const lines = narrow.screen.split('\r\n').filter((line) => /^(ID|4\d) /.test(line));
    expect(lines).toHaveLength(3);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(60);
    expect(narrow.screen).toContain('…');
    const unknown = await onTerminal(['show', 'api-keys', '--no-color'], { columns: 0 }).ended;
    expect(unknown.screen).toContain(name);
  });

  it('shows a long wait', async ({ harness: { onTerminal, sandbox, saveKey } }) => {
    await saveKey();
    const busy = { kind: 'answer', status: 429, body: { detail: 'threshold=1.2' } } as const;
    sandbox.fault('GET /api/v0/users/current/', busy);
    expect((await onTerminal(['show', 'user']).ended).screen).toMatch(/Waiting 1\.\d s: /);
  });
});
