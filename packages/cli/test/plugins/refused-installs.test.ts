import { it } from '@vastai-cli/testing/checkout/packed-cli';
import { describe, expect } from 'vitest';

/** Makes any request to a registry end with status 8. */
const NO_REGISTRY = { VASTAI_NPM_REGISTRY: 'http://127.0.0.1:1/' };

describe.concurrent('vastai plugins install', () => {
  it.for([
    ['@vastai-cli/plugin-machines', 'is not a plugin of vastai-cli'],
    ['@vastai-cli/core', 'is not a plugin of vastai-cli'],
    ['keys@77.0.0', '(requested: 77.0.0)'],
    ['@vastai-cli/plugin-keys@next', '(requested: next)'],
    ['@vastai-cli/plugin-keys@npm:other', '(requested: npm:other)'],
    ['vastai-machines@npm:other', '"npm:other" is not a version.'],
    ['vastai-cli@0.0.1', 'vastai-cli'],
  ] as const)(
    'rejects %s before it contacts a registry',
    async ([spec, why], { harness: { vastai, home } }) => {
      const ran = await vastai(['plugins', 'install', spec, '--yes'], { env: NO_REGISTRY });
      expect(ran.status).toBe(2);
      expect(ran.stdout).toBe('');
      expect(ran.stderr).toContain(why);
      expect(await home.read('.local/share/vastai-cli/node_modules/.package-lock.json')).toBeUndefined();
    },
  );

  it('fails with 9 if its folder cannot be written', async ({ harness: { vastai, home } }) => {
    await home.write('.local/share', 'a file');
    const ran = await vastai(['plugins', 'install', 'keys'], { env: NO_REGISTRY });
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain('Cannot install plugins in');
  });

  it('does not repeat the password in an address', async ({ harness: { vastai } }) => {
    const args = ['plugins', 'install', 'http://me:hunter2@127.0.0.1:1/a.tgz', '--yes'];
    const ran = await vastai(args, { env: NO_REGISTRY });
    expect(ran.status).toBe(8);
    expect(ran.stderr).toContain('Could not download http://127.0.0.1:1/a.tgz');
    expect(ran.stdout + ran.stderr).not.toContain('hunter2');
  });

  it('has --yes in its help', async ({ harness: { vastai } }) => {
    expect((await vastai(['plugins', 'install', '--help'])).stdout).toMatch(
      /--yes +Install a third-party plugin/,
    );
  });
});
