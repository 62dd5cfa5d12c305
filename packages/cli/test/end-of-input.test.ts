import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe } from 'vitest';

describe.runIf(canOpenTerminal()).concurrent('a question', () => {
  it.for([
    ['unset', 'api-key'],
    ['delete', 'api-key', '5'],
    ['api', 'instances/5/', '-X', 'DELETE'],
  ])('is not answered by the end of the input: %j', async (words, { harness, expect }) => {
    await harness.saveKey();
    const ran = harness.onTerminal(words);
    await ran.see('(y/N)');
    ran.type('\x04');
    const { status, screen } = await ran.ended;
    expect([status, screen]).toEqual([2, expect.stringContaining('The input ended before an answer.')]);
    expect(harness.sandbox.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect((await harness.vastai(['auth', 'token'], { printsKey: true })).status).toBe(0);
  });

  it('for a secret is not either', async ({ harness, expect }) => {
    const ran = harness.onTerminal(['set', 'api-key']);
    await ran.see('API key');
    ran.type('\x04');
    expect(await ran.ended).toMatchObject({
      status: 2,
      screen: expect.stringContaining('The input ended before an answer.'),
    });
  });

  it('cannot be asked once the input was used up', async ({ harness, expect }) => {
    const ran = harness.onTerminal(['api', 'nope', '-d', '-'], {
      env: { VAST_API_KEY: harness.sandbox.key },
    });
    ran.type('{"a":1}\n\x04');
    expect(await ran.ended).toMatchObject({
      status: 2,
      screen: expect.stringMatching(/standard input has ended.*--yes/su),
    });
    expect(harness.asked()).toEqual([]);
  });
});
