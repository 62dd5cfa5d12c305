import { chmod, mkdir } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const FAULT = /bug in vastai/u;
/** Nothing answers there, and no look-up of a name takes its time. */
const NO_REGISTRY = { VASTAI_NPM_REGISTRY: 'http://127.0.0.1:9/' };

describe.concurrent('an error of the person or of the machine is not called a bug in vastai', () => {
  it.for([
    ['plugins inspect nope', 'not installed'],
    ['plugins inspect keys-of-nobody --json', 'not installed'],
    ['plugins inspect', 'no package.json'],
    ['plugins link .', 'no package.json'],
    ['plugins link ./nowhere', 'no package.json'],
    ['plugins uninstall nope', 'not installed'],
    ['help nope', 'Unknown command "nope".'],
  ] as const)('vastai %s', async ([line, why], { harness: { vastai } }) => {
    const ran = await vastai(line.split(' '), { env: NO_REGISTRY });
    const said = `${ran.stdout}${ran.stderr}`;
    expect([ran.status, said]).toEqual([2, expect.stringContaining(why)]);
    expect(said).not.toMatch(FAULT);
    expect(said).not.toContain('Add --help');
  });

  it.for([
    'plugins',
    'plugins inspect keys',
    'plugins install keys',
    'plugins update',
    'autocomplete',
    'version',
  ])(
    'a wrong flag of "%s", which --json tells as one error document',
    async (command, { harness: { vastai } }) => {
      const ran = await vastai([...command.split(' '), '--nope', '--json'], { env: NO_REGISTRY });
      expect(ran.status).toBe(2);
      expect(Object.keys(ran.json())).toEqual(['error']);
      expect(ran.json().error).toMatchObject({ code: 'usage', message: expect.stringContaining('--nope') });
    },
  );

  it.skipIf(process.platform === 'win32')(
    'a cache that cannot be made',
    async ({ harness: { vastai, home } }) => {
      await home.write('.cache', 'a file in the place of the folder');
      const ran = await vastai(['autocomplete', '--refresh-cache']);
      expect([ran.status, ran.stderr]).toEqual([9, expect.stringContaining('.cache')]);
      expect(ran.stderr).not.toMatch(FAULT);
      expect(ran.stderr).not.toMatch(/writable/u);
    },
  );

  it('a file in the place of ~/.config, which is not a matter of rights', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write('.config', 'a file in the place of the folder');
    const ran = await vastai(['set', 'api-key', '-'], { input: sandbox.key });
    expect([ran.status, ran.stderr]).toEqual([
      9,
      expect.stringContaining(`move away ${home.at('.config')}.`),
    ]);
    expect(ran.stderr).not.toMatch(/permission denied|writable/u);
  });

  it('a package that no registry has', async ({ harness: { vastai, home } }) => {
    await mkdir(home.at('plugin'));
    await chmod(home.at('plugin'), 0o755);
    const ran = await vastai(['plugins', 'install', './plugin-that-is-not-there', '--yes'], {
      env: NO_REGISTRY,
    });
    expect(ran.stderr).not.toMatch(FAULT);
    expect(ran.status).not.toBe(1);
  });
});
