import { spawnSync } from 'node:child_process';
import { it } from '@vastai-cli/testing/checkout/cli';
import fc from 'fast-check';
import { describe } from 'vitest';
import { DOCUMENT, flagsFor } from '../support/field-flags.js';

const hasCurl = process.env.VASTAI_TEST_NO_SKIP === '1' || spawnSync('curl', ['--version']).status === 0;

describe('the body of vastai api', () => {
  it('arrives as the JSON that the flags describe', { timeout: 60_000 }, async ({ harness, expect }) => {
    const { vastai, sandbox } = harness;
    // An argument cannot have a NUL.
    const sendable = DOCUMENT.filter((document) => !JSON.stringify(document).includes('\\u0000'));
    await fc.assert(
      fc.asyncProperty(sendable, async (document) => {
        const flags = flagsFor(document).flat();
        const { status } = await vastai(['api', 'bundles', ...flags], {
          env: { VAST_API_KEY: sandbox.key },
        });
        expect(status).toBe(0);
        expect(sandbox.requests.at(-1)?.body).toEqual(document);
      }),
      { numRuns: 12 },
    );
  });

  it.skipIf(!hasCurl)(
    'and that of its response are those of curl, byte for byte',
    async ({ harness, expect }) => {
      const { vastai, sandbox, home } = harness;
      const body = '{ "order": [["dph_total", "asc"]], "limit": 9223372036854775807 }';
      await home.write('curl.conf', `header = "Authorization: Bearer ${sandbox.key}"\n`);
      const response = Buffer.from('{"id": 9223372036854775807, "price": 1.10,\n "name": "\\u00e9é"}\n');
      sandbox.fault(
        'POST /api/v0/bundles/',
        {
          kind: 'answer',
          status: 200,
          body: String(response),
          headers: { 'content-type': 'application/json' },
        },
        2,
      );
      const ran = await vastai(['api', 'bundles', '-d', body], { env: { VAST_API_KEY: sandbox.key } });
      const args = ['-s', '-K', home.at('curl.conf'), '-H', 'Content-Type: application/json', '-d', body];
      const { spawn } = await import('node:child_process');
      const curl = spawn('curl', [...args, `${sandbox.url}/api/v0/bundles/`]);
      let printed = '';
      for await (const part of curl.stdout.setEncoding('utf8')) printed += part;
      expect(printed).toBe(String(response));
      expect(ran.stdout).toBe(printed);
      const [ours, theirs] = sandbox.requests;
      expect(ours?.bodyText).toBe(theirs?.bodyText);
      expect(ours?.headers['content-type']).toBe(theirs?.headers['content-type']);
    },
  );
});
