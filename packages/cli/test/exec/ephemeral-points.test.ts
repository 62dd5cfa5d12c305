import { chmod, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { eachOf } from '@vastai-cli/testing/each-of';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { createKeychainHarness, type KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { secretServiceInstalled } from '@vastai-cli/testing/secret-service';
import { mountSmallDisk, type SmallDisk, smallDisksWork } from '@vastai-cli/testing/small-disk';
import { describe, expect, it } from 'vitest';
import { duringBoth, FAULTY, KILLS, type Point, runThrough } from './ephemeral-points.js';
import { maker } from './ephemeral-runs.js';

const FOLDER = '.config/vastai';

/** The folder can no longer be written to, as on a network drive that went away. */
const MACHINE: readonly Point[] = [
  ...duringBoth(
    'the folder becomes read-only',
    ({ home }) => chmod(home.at(FOLDER), 0o500),
    ({ home }) => chmod(home.at(FOLDER), 0o700),
  ),
  ...duringBoth(
    'the saved key is gone',
    ({ home }) => rm(home.at(`${FOLDER}/vast_api_key`)),
    ({ saveKey }) => saveKey(),
  ),
];

async function inFile(point: Point): Promise<string> {
  const harness: Harness = await createHarness(BIN);
  try {
    await maker(harness);
    return await runThrough({ harness, options: { through: AS_ANYBODY } }, point);
  } finally {
    await harness.close();
  }
}

async function inKeychain(pointOf: (harness: KeychainHarness) => Point): Promise<string> {
  const harness = await createKeychainHarness(BIN);
  try {
    const { value } = await maker(harness);
    await harness.keep('keychain', value);
    await rm(harness.home.at(`${FOLDER}/vast_api_key`));
    const options = { env: { VASTAI_KEYCHAIN_TIMEOUT: '5' } };
    return await runThrough({ harness, options }, pointOf(harness));
  } finally {
    await harness.close();
  }
}

async function onSmallDisk(pointOf: (disk: SmallDisk) => Point): Promise<string> {
  const harness = await createHarness(BIN);
  const disk = mountSmallDisk();
  try {
    const { value } = await maker(harness);
    const env = { XDG_CONFIG_HOME: disk.path, VAST_API_KEY: value };
    const file = join(disk.path, 'vastai/ledger.json');
    const entries = async () =>
      JSON.parse(await readFile(file, 'utf8').catch(() => '{"entries":[]}')).entries;
    return await runThrough({ harness, options: { env }, entries }, pointOf(disk));
  } finally {
    await harness.close();
    disk.remove();
  }
}

describe.runIf(process.platform === 'linux')('exec --ephemeral that something happens to', () => {
  it('leaves no key after the next command: with a key file', { timeout: 300_000 }, async () => {
    const rows = await eachOf([...KILLS, ...FAULTY, ...MACHINE], inFile);
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('ephemeral-points/file.txt');
  });

  it.runIf(secretServiceInstalled())(
    'leaves no key after the next command: with a keychain',
    { timeout: 300_000 },
    async () => {
      const machine = (nth: 0 | 1) => [
        ({ keychain: { lock, unlock } }: KeychainHarness) =>
          duringBoth('the keychain is locked', lock, unlock)[nth] as Point,
        ({ keychain: { freeze, thaw } }: KeychainHarness) =>
          duringBoth(
            'the keychain stops responding',
            async () => freeze(),
            async () => thaw(),
          )[nth] as Point,
      ];
      const points = [...KILLS.map((point) => () => point), ...machine(0), ...machine(1)];
      const rows = await eachOf(points, inKeychain);
      await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('ephemeral-points/keychain.txt');
    },
  );

  it.runIf(smallDisksWork())(
    'leaves no key after the next command: on a full disk',
    { timeout: 300_000 },
    async () => {
      const points = ([0, 1] as const).map((nth) => (disk: SmallDisk) => {
        const [fill, free] = [async () => disk.leaveBlocks(0), async () => disk.empty()];
        return duringBoth('the disk is full', fill, free)[nth] as Point;
      });
      const rows = await eachOf(points, onSmallDisk);
      await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('ephemeral-points/full-disk.txt');
    },
  );
});
