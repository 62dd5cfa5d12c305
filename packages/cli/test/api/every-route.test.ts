import { OPERATIONS } from '@vastai-cli/permissions/catalogue/catalogue';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe } from 'vitest';

/** How many commands run at the same time. */
const AT_ONCE = 4;

describe('vastai api', () => {
  it('reaches every route of the catalogue with one request', { timeout: 300_000 }, async ({
    harness,
    expect,
  }) => {
    const { vastai, sandbox, asked } = harness;
    // After a reset, the key would be another one.
    const operations = OPERATIONS.filter(({ operation }) => operation !== 'apikey.reset');
    const calls = operations.map(({ method, route }) => ({
      method,
      // A user may only ask about itself.
      path: route.replace('{user_id}', '123456').replaceAll(/\{[^}]*\}/gu, '5'),
    }));
    const left = [...calls];
    const work = async () => {
      for (let call = left.pop(); call !== undefined; call = left.pop()) {
        const { method, path } = call;
        const typed = path.replace('/api/v0/', '');
        const { status } = await vastai(['api', typed, '-X', method, '--yes', '--retry', '0'], {
          env: { VAST_API_KEY: sandbox.key },
          printsKey: true,
        });
        // The sandbox does not have what a few of them name, or wants more in the body.
        expect([method, path, status]).toEqual([method, path, expect.toBeOneOf([0, 1, 6, 7])]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(asked().sort()).toEqual(calls.map(({ method, path }) => `${method} ${path}`).sort());
  });
});
