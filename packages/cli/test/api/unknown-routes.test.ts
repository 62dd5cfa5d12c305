import { it } from '@vastai-cli/testing/checkout/cli';
import { describe } from 'vitest';

/** Paths that no route has, and the advice. */
const PATHS = [
  ['auth/apikey', 'Did you mean: /api/v0/auth/apikeys/'],
  ['user/current', 'Did you mean: /api/v0/users/current/'],
  ['/api/v0/user/current/?limit=5', 'Did you mean: /api/v0/users/current/'],
  ['v1/instances', 'Did you mean: /api/v1/instances/'],
  ['/v0/users/current/', 'Did you mean: /api/v0/users/current/'],
  ['auth', 'To find routes: vastai api --list auth'],
  ['machine/xyz/abc', 'To find routes: vastai api --list machine'],
  ['zzz', 'To see all routes: vastai api --list'],
  [`5ecret${'0123456789'.repeat(4)}`, 'To see all routes: vastai api --list'],
] as const;

describe.concurrent('a route that does not exist', () => {
  it.for(PATHS)('"%s": says which one may be meant', async ([path, advice], { harness, expect }) => {
    const { vastai, saveKey, asked } = harness;
    await saveKey();
    const ran = await vastai(['api', path]);
    expect(ran).toMatchObject({ status: 6, stdout: '' });
    expect(ran.stderr.trimEnd().split('\n').at(-1)).toBe(advice);
    const [, next = ''] = /(?:mean: |vastai )(.*)$/u.exec(advice) ?? [];
    expect((await vastai(next.startsWith('/') ? ['api', next] : next.split(' '))).status).toBe(0);
    const described = await vastai(['api', '--describe', path]);
    expect(described.stdout.trimEnd().split('\n').at(-1)).toBe(advice);
    expect(asked().length).toBeLessThan(4);
  });

  it('knows a path with another method', async ({ harness, expect }) => {
    const { vastai, saveKey } = harness;
    await saveKey();
    const advice = 'Did you mean: -X PUT';
    const described = await vastai(['api', '--describe', 'commands/reset_apikey']);
    expect(described.stdout.trimEnd().split('\n').at(-1)).toBe(advice);
    const sent = await vastai(['api', 'commands/reset_apikey']);
    expect(sent.stderr.trimEnd().split('\n').at(-1)).toBe(advice);
    expect(sent.status).not.toBe(0);
  });

  it('has the ID checked if the catalogue has the route', async ({ harness, expect }) => {
    await harness.saveKey();
    const { stderr } = await harness.vastai(['api', 'auth/apikeys/5']);
    expect(stderr).toContain('Check the name or the ID.');
  });
});
