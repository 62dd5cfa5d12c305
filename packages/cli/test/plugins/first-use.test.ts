import { it } from '@vastai-cli/testing/checkout/packed-cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const NO_REGISTRY = { VASTAI_NPM_REGISTRY: 'http://127.0.0.1:1/' };

describe.concurrent('a command whose plugin is not installed', () => {
  it('fails without a terminal, with the command that installs the plugin', async ({ harness }) => {
    const { vastai, asked, home } = harness;
    for (const [args, short] of [
      [['show', 'user'], 'account'],
      [['show', 'api-keys'], 'keys'],
      [['permissions', 'validate', 'perms.json'], 'permissions'],
    ] as const) {
      const ran = await vastai(args);
      expect(ran.status).toBe(2);
      expect(ran.stdout).toBe('');
      expect(ran.stderr).toContain(`vastai plugins install ${short}\n`);
      expect(ran.stderr).toContain('VASTAI_AUTO_INSTALL=1');
    }
    expect(asked()).toEqual([]);
    expect(await home.read('.local/share/vastai-cli/package.json')).toBeUndefined();
  });

  it('fails with one JSON document with --json', async ({ harness: { vastai } }) => {
    for (const args of [
      ['show', 'user', '--json'],
      ['--json', 'show', 'user'],
      ['show', '--json', '--profile', 'show', 'user'],
    ]) {
      const ran = await vastai(args);
      expect(ran.json().error).toMatchObject({
        code: 'usage',
        hint: expect.stringContaining('install account'),
      });
      expect(ran.stderr).toBe('');
    }
  });

  it('is listed and explained by help', async ({ harness: { vastai } }) => {
    expect((await vastai(['help'])).stdout).toMatch(/^ +permissions +Write, check, explain/m);
    expect((await vastai(['show', '--help'])).stdout).toContain('show user');
    const help = await vastai(['show', 'api-key', '--help']);
    expect(help.status).toBe(0);
    expect(help.stdout).toContain('$ vastai show api-key ID');
  });

  it('is suggested for a misspelt name', async ({ harness: { vastai } }) => {
    expect((await vastai(['show', 'usr'])).stderr).toContain('Did you mean: vastai show user');
  });

  it('accepts --yes only before --', async ({ harness: { vastai } }) => {
    const ran = await vastai(['show', 'api-key', '--', '--yes'], { env: NO_REGISTRY });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('vastai plugins install keys');
  });

  it.for(['--yes', 'VASTAI_AUTO_INSTALL'])(
    'says with %s when the registry is down',
    async (how, { harness }) => {
      const isFlag = how === '--yes';
      const env = { ...NO_REGISTRY, ...(isFlag ? {} : { [how]: '1' }) };
      const ran = await harness.vastai(['show', 'user', '--json', ...(isFlag ? ['--yes'] : [])], { env });
      expect(ran.status).toBe(8);
      expect(ran.json().error).toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining('@vastai-cli/plugin-account'),
        hint: expect.stringContaining('vastai plugins install account'),
      });
      expect(ran.stderr).toMatch(/Could not look up .* in the npm registry: .*ECONNREFUSED/);
      expect(harness.asked()).toEqual([]);
    },
  );

  it('is not installed for another value of VASTAI_AUTO_INSTALL', async ({ harness: { vastai } }) => {
    const ran = await vastai(['show', 'user'], { env: { ...NO_REGISTRY, VASTAI_AUTO_INSTALL: '0' } });
    expect(ran.status).toBe(2);
  });
});

describe.concurrent('the registry that plugins come from', () => {
  it('is named if it is down, and no other package is installed for a short name', async ({ harness }) => {
    for (const name of ['keys', 'keys@0.1.0', '@vastai-cli/plugin-keys']) {
      const ran = await harness.vastai(['plugins', 'install', name], { env: NO_REGISTRY });
      expect(ran.status).toBe(8);
      expect(ran.stderr).toContain('VASTAI_NPM_REGISTRY');
      expect(ran.stderr).toContain('@vastai-cli/plugin-keys@');
    }
  });
});

describe.skipIf(!canOpenTerminal())('a command whose plugin is not installed, on a terminal', () => {
  it('asks, and does nothing after a no', async ({ harness: { onTerminal, home } }) => {
    const terminal = onTerminal(['show', 'user']);
    await terminal.see('comes with the plugin @vastai-cli/plugin-account. Install it now?');
    terminal.type('n\r');
    const { status } = await terminal.ended;
    expect(status).toBe(2);
    expect(await home.read('.local/share/vastai-cli/package.json')).toBeUndefined();
  });

  it('asks, and installs after a yes', async ({ harness: { onTerminal } }) => {
    const terminal = onTerminal(['show', 'user'], { env: NO_REGISTRY });
    await terminal.see('Install it now?');
    terminal.type('y\r');
    const { status, screen } = await terminal.ended;
    expect(screen).toContain('Could not look up');
    expect(status).toBe(8);
  });
});
