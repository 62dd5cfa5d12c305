import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe } from 'vitest';

/** Sends one request, and prints the status. */
const ASK = `const [method, path, body] = process.argv.slice(1);
const headers = { Authorization: 'Bearer ' + process.env.VAST_API_KEY };
fetch(process.env.VAST_URL + path, { method, body, headers }).then(({ status }) => console.log(status));`;

const ask = ({ vastai }: Harness, flags: string, request: string) =>
  vastai(['exec', '--broker', ...flags.split(' '), '--', process.execPath, '-e', ASK, ...request.split(' ')]);

describe.concurrent('a refusal by exec --broker', () => {
  it('names the path of a route that is not known, with keys masked', async ({ harness, expect }) => {
    await harness.saveKey();
    const path = `/api/v0/none/${'5e'.repeat(32)}/${'a/'.repeat(200)}?q=1`;
    const { stderr } = await ask(harness, '--only instance.list', `GET ${path}`);
    expect(stderr).toMatch(
      /^Refused GET \/api\/v0\/none\/…5e5e\/(?:a\/)+a?…\. This route is not in the catalogue/u,
    );
    expect(stderr).toContain('vastai permissions operations\n');
    expect(stderr.length).toBeLessThan(300);
  });

  it('of a command as --only names its operations', async ({ harness, expect }) => {
    await harness.saveKey();
    const { status, stderr } = await harness.vastai([
      'exec',
      '--broker',
      '--only',
      'show user',
      '--',
      'true',
    ]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'Error: --only: unknown operation "show user".\nFor that command: --only user.show\n',
    });
  });
});
