import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { installOfficialCli } from '@vastai-cli/testing/official-cli';
import { installed } from '@vastai-cli/testing/programs';
import { describe } from 'vitest';

/** Installs the stand-in, saves keys of two profiles, and returns a function that runs vastai behind a broker. */
async function behindBroker({ home, vastai, saveKey, unknownKey }: Harness) {
  const official = installOfficialCli(home.at('python'));
  await saveKey();
  const work = await unknownKey();
  await home.write('.config/vastai/profiles/work/vast_api_key', work);
  const PATH = `${official.bin}:${home.env.PATH}`;
  // The stand-in must not find a key on its own.
  const env = { PATH, OFFICIAL_RUN: 'true' };
  const inside = (words: readonly string[], more: Record<string, string> = {}, first = '') => {
    const script = `${first} exec "$@"`;
    const program = ['sh', '-c', script, 'sh', process.execPath, BIN, ...words];
    return vastai(['exec', '--broker', '--', ...program], { env: { ...env, ...more } });
  };
  return { official, work, inside };
}

describe
  .runIf(process.platform !== 'win32' && installed('python3'))
  .concurrent('a command of the official CLI behind a broker', () => {
    it.for(['search offers', 'official -- show user', 'official --raw -- show user', 'official -- set user'])(
      'gets the token and the address of the broker, and no key: %s',
      async (words, { harness, expect }) => {
        const { official, inside } = await behindBroker(harness);
        for (const more of [{}, { VASTAI_DEBUG: '1' }]) {
          expect((await inside(words.split(' '), more)).status).toBe(0);
          const call = (await official.calls()).at(-1);
          expect(call).toMatchObject({
            source: 'variable',
            url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/u),
            environment: { VASTAI_BROKER: '1' },
          });
          expect(call?.url).not.toBe(harness.sandbox.url);
          expect(call?.key).not.toBe(harness.sandbox.key.slice(-4));
          expect(JSON.stringify(call)).not.toContain(harness.sandbox.key);
        }
      },
    );

    it.for([
      'tfa status',
      'tfa login --code 1',
      'official -- tfa login',
      'official -- --retry 5 tfa login',
      'official -- set api-key another',
      'rotate api-key',
      'revoke api-key',
    ])('does not run if it handles keys: %s', async (words, { harness, expect }) => {
      const { official, inside } = await behindBroker(harness);
      for (const more of [{}, { VASTAI_DEBUG: '1' }]) {
        const ran = await inside(words.split(' '), more);
        expect(ran).toMatchObject({ status: 2, stdout: '' });
        expect(ran.stderr).toContain('is not available');
      }
      expect(await official.calls()).toEqual([]);
      expect((await inside(['tfa', 'login', '--help'])).status).toBe(0);
    });

    it('works as the policy allows', async ({ harness, expect }) => {
      const { inside } = await behindBroker(harness);
      const ran = await inside(['official', '--', 'show', 'user'], { OFFICIAL_RUN: '' });
      expect(ran).toMatchObject({ status: 0, stderr: '' });
      expect(harness.sandbox.requests).toMatchObject([
        { path: '/api/v0/users/current', authorization: { keyId: 40 } },
        { path: '/api/v0/users/current/', authorization: { keyId: 40 } },
      ]);
    });

    it.for(['get endpt-logs 5', 'get endpt_workers 5', '--retry 5 get wrkgrp-logs 5', 'update workers 5'])(
      'reaches the broker with %s, which sends its key elsewhere if the address is in a variable',
      async (words, { harness, expect }) => {
        const { official, inside } = await behindBroker(harness);
        for (const more of [{}, { VASTAI_DEBUG: '1' }]) {
          expect(await inside(words.split(' '), more)).toMatchObject({ status: 0, stderr: '' });
          const call = (await official.calls()).at(-1);
          expect(call?.environment.VAST_URL).toBeUndefined();
          expect(call?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
          expect(call?.argv).toEqual(['--url', call?.url, ...words.split(' ')]);
          expect(call?.source).toBe('variable');
        }
      },
    );

    it.for([
      ['--profile', '--profile work search offers'],
      ['--profile', 'official --profile work -- show user'],
      ['--profile', '--profile work search offers --help'],
      ['--api-key', '--api-key KEY search offers'],
      ['--api-key', 'search offers --api-key KEY'],
      ['--api-key', 'search offers --api-k=KEY'],
      ['--url', '--url https://elsewhere.example search offers'],
      ['--url', 'search offers --url https://elsewhere.example'],
      ['--url', 'search offers --ur=https://elsewhere.example'],
    ] as const)('may not choose %s: %s', async ([flag, words], { harness, expect }) => {
      const { official, work, inside } = await behindBroker(harness);
      for (const more of [{}, { VASTAI_DEBUG: '1' }]) {
        const ran = await inside(words.replace('KEY', work).split(' '), more);
        expect(ran).toMatchObject({ status: 2, stdout: '' });
        expect(ran.stderr).toContain(`${flag} is not available here`);
      }
      expect(await official.calls()).toEqual([]);
    });

    it('is not started without the token: no saved key is read', async ({ harness, expect }) => {
      const { official, inside } = await behindBroker(harness);
      const ran = await inside(['search', 'offers'], {}, 'unset VAST_API_KEY;');
      expect(ran).toMatchObject({ status: 3, stdout: '' });
      expect(ran.stderr).toContain('No API key found');
      expect(ran.stderr).toContain('Use the VAST_API_KEY that vastai exec --broker gave to this program.');
      expect(await official.calls()).toEqual([]);
    });
  });
