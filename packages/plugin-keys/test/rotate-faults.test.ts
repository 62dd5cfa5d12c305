import { chmod } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { eachOf } from '@vastai-cli/testing/each-of';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { createKeychainHarness, type KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { secretServiceInstalled } from '@vastai-cli/testing/secret-service';
import { describe, expect, it } from 'vitest';
import {
  duringCreation,
  FAULTY,
  KILLS,
  type Point,
  rotateThrough,
  savedIn,
} from './support/rotation-points.js';

/** The folder can no longer be written to, as on a network drive that went away. */
const READ_ONLY: Point = duringCreation(
  'the folder becomes read-only',
  ({ harness }) => chmod(dirname(harness.home.at(KEY_FILE)), 0o500),
  ({ harness }) => chmod(dirname(harness.home.at(KEY_FILE)), 0o700),
);

async function inFile(point: Point): Promise<string> {
  const harness: Harness = await createHarness(BIN);
  try {
    await savedIn(harness, 'file', (key) => harness.saveKey(key));
    const stored = async () => (await harness.home.read(KEY_FILE)) ?? '';
    return await rotateThrough({ harness, stored, options: { through: AS_ANYBODY } }, point);
  } finally {
    await harness.close();
  }
}

async function inKeychain(pointOf: (harness: KeychainHarness) => Point): Promise<string> {
  const harness = await createKeychainHarness(BIN);
  try {
    await savedIn(harness, 'keychain', (key) => harness.keychain.store('default', key));
    const stored = async () => (await harness.keychain.lookup('default')) ?? '';
    const options = { env: { VASTAI_KEYCHAIN_TIMEOUT: '5' } };
    return await rotateThrough({ harness, stored, options }, pointOf(harness));
  } finally {
    await harness.close();
  }
}

describe.runIf(process.platform === 'linux')('a rotation that something happens to', () => {
  it('leaves a stored key that works, and ends with one: in a file', { timeout: 300_000 }, async () => {
    const rows = await eachOf([...KILLS, ...FAULTY, READ_ONLY], inFile);
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('rotation-points/file.txt');
  });

  it.runIf(secretServiceInstalled())(
    'leaves a stored key that works, and ends with one: in a keychain',
    { timeout: 300_000 },
    async () => {
      const locked = ({ keychain: { lock, unlock } }: KeychainHarness) =>
        duringCreation('the keychain is locked', lock, unlock);
      const silent = ({ keychain: { freeze, thaw } }: KeychainHarness) =>
        duringCreation(
          'the keychain stops responding',
          async () => freeze(),
          async () => thaw(),
        );
      const points = [...KILLS.map((point) => () => point), locked, silent];
      const rows = await eachOf(points, inKeychain);
      await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('rotation-points/keychain.txt');
    },
  );
});
