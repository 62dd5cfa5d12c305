import { describe, it } from '@vastai-cli/testing/checkout/keychain';

/** Prints the last four characters of the key. */
const script = (key: string) => [
  'sh',
  '-c',
  `echo "…\${VAST_API_KEY#${'?'.repeat(key.length - 4)}}"; exit 4`,
];

describe('vastai exec with a key in the keychain', () => {
  it.for(['recorded', 'found'])('gives the program the key: %s', async (how, { harness, expect }) => {
    const { keep, keychain, vastai, sandbox, home } = harness;
    if (how === 'recorded') await keep('keychain', sandbox.key);
    else await keychain.store('default', sandbox.key);
    const ran = await vastai(['exec', '--', ...script(sandbox.key)]);
    expect(ran).toMatchObject({ status: 4, stdout: `…${sandbox.key.slice(-4)}\n`, stderr: '' });
    const files = await home.files();
    expect(Object.values(files).filter((text) => text.includes(sandbox.key))).toEqual([]);
  });

  it('prefers the key of a variable, without asking the keychain', async ({ harness, expect }) => {
    const { keep, vastai, sandbox, unknownKey } = harness;
    await keep('keychain', sandbox.key);
    const other = await unknownKey();
    const ran = await vastai(['exec', '--', ...script(other)], { env: { VAST_API_KEY: other } });
    expect(ran).toMatchObject({ status: 4, stdout: `…${other.slice(-4)}\n` });
  });
});
