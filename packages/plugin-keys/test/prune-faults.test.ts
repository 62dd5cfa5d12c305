import { chmod } from 'node:fs/promises';
import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { fingerprintOf } from '@vastai-cli/core/internal/secrets/fingerprint';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { eachOf } from '@vastai-cli/testing/each-of';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { createKeychainHarness, type KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { SETTINGS } from '@vastai-cli/testing/places';
import type { RunOptions } from '@vastai-cli/testing/run';
import { secretServiceInstalled } from '@vastai-cli/testing/secret-service';
import { describe, expect, it } from 'vitest';
import { LEDGER } from './support/rotation.js';

type Fault = Parameters<Harness['sandbox']['fault']>[1];

const DAY = 86_400;
const ago = (days: number) => Math.floor(Date.now() / 1000) - days * DAY;
const ARGS = ['prune', 'api-keys', '--unused-for', '90d', '--yes', '--retry', '0', '--json'];
const HOUR_MS = 3_600_000;

/** Each request of a prune of the keys 42 to 44, in order. */
const STEPS = [
  ['list the keys', 'GET /api/v0/auth/apikeys/'],
  ['read the audit log', 'GET /api/v0/audit_logs/'],
  ['ask for the key in use', 'GET /api/v0/users/current/'],
  ...[42, 43, 44].map((id) => [`delete key ${id}`, `DELETE /api/v0/auth/apikeys/${id}/`] as const),
] as const;
const FIRST_DELETION = 3;

const FAULTS: readonly (readonly [name: string, fault: Fault])[] = [
  ['connection lost before', { kind: 'drop' }],
  ['connection lost after', { kind: 'drop', acts: true }],
  ['429', { kind: 'answer', status: 429, body: { detail: 'Too many.' } }],
  ['502 before', { kind: 'answer', status: 502 }],
  ['502 after', { kind: 'answer', status: 502, acts: true }],
  ['HTML after', { kind: 'junk', acts: true }],
  ['half a response', { kind: 'truncate' }],
];

/** Something that happens during one request. */
interface Point {
  readonly name: string;
  /** Index of the request. */
  readonly step: number;
  readonly fault: Fault;
  readonly kills?: true;
  /** Something that happens to the machine meanwhile. */
  readonly meanwhile?: (harness: Harness) => Promise<unknown>;
  readonly afterwards?: (harness: Harness) => Promise<unknown>;
}

const isDeletion = (step: number) => step >= FIRST_DELETION;
const KILLS: readonly Point[] = STEPS.flatMap(([name], step) =>
  (isDeletion(step) ? [false, true] : [false]).map((acts) => ({
    name: `${name}: killed ${acts ? 'after' : 'before'}`,
    step,
    fault: { kind: 'latency', ms: HOUR_MS, acts } as const,
    kills: true as const,
  })),
);
const FAULTY: readonly Point[] = STEPS.flatMap(([name], step) =>
  FAULTS.filter(([what]) => isDeletion(step) || !/ after$/u.test(what)).map(([what, fault]) => ({
    name: `${name}: ${what}`,
    step,
    fault,
  })),
);

function duringDeletion(
  name: string,
  meanwhile: NonNullable<Point['meanwhile']>,
  afterwards: NonNullable<Point['afterwards']>,
): Point {
  const fault = { kind: 'latency', ms: 1500, acts: true } as const;
  return { name: `delete key 42: ${name}`, step: FIRST_DELETION, fault, meanwhile, afterwards };
}

/** Adds three keys to delete, with dates, and one that a profile has, whose id is noted. */
async function prepare({ addKey, sandbox, home }: Harness, storage: 'file' | 'keychain'): Promise<void> {
  const permissions = { api: { instance_write: {} } };
  for (const name of ['a', 'b', 'c', 'mine']) {
    const { id } = await addKey({ name, permissions, createdAt: ago(200) });
    const call = { ip_address: '192.0.2.1', api_route: '/api/v0/instances/5/', args: '{}' };
    sandbox.addAuditRows([{ ...call, api_key_id: id, created_at: ago(100) }]);
  }
  const profiles = {
    default: { storage, url: sandbox.url, key_id: 40 },
    work: { storage: 'keychain', key_id: 45 },
  };
  await home.write(SETTINGS, JSON.stringify({ version: 1, profiles }));
  const maker = fingerprintOf(ApiKey.parse(sandbox.key) as ApiKey);
  const entries = [42, 43, 44, 45].map((id) => ({
    ...{ entry: `${id}`, kind: 'expiry', origin: sandbox.url, id, name: 'x' },
    ...{ expires: ago(-10), maker, started: ago(200) },
  }));
  await home.write(LEDGER, JSON.stringify({ version: 1, entries }));
}

const live = ({ sandbox }: Harness) =>
  sandbox
    .keys()
    .filter(({ revoked, id }) => !revoked && id !== 41)
    .map(({ id }) => id);

/** Returns the keys whose dates are noted. */
async function dated({ home }: Harness): Promise<number[]> {
  return JSON.parse((await home.read(LEDGER)) ?? '').entries.map(({ id }: { id: number }) => id);
}

/**
 * Prunes, lets the point happen, and prunes again. Expects that what has to stay does, that what is said to be gone is, and
 * that the second one finishes.
 *
 * @returns what it looked like after the first, in words
 */
async function pruneThrough(harness: Harness, point: Point, options: Partial<RunOptions>): Promise<string> {
  const { name, step, fault, kills, meanwhile, afterwards } = point;
  const route = STEPS[step]?.[1] ?? '';
  harness.sandbox.fault(route, fault);
  const running = harness.start(ARGS, options);
  if (kills || meanwhile) {
    await expect.poll(() => harness.asked(), { timeout: 30_000 }).toContain(route);
    const acts = 'acts' in fault && fault.acts === true;
    if (acts)
      await expect.poll(() => live(harness).length, { timeout: 30_000 }).toBe(4 + FIRST_DELETION - step);
    await meanwhile?.(harness);
    if (kills) running.kill('SIGKILL');
  }
  const ran = await running.ended;
  await afterwards?.(harness);
  const left = live(harness);
  expect([name, left]).toEqual([name, expect.arrayContaining([40, 45])]);
  if (!isDeletion(step)) expect([name, left]).toEqual([name, [40, 42, 43, 44, 45]]);
  const { deleted = [] } = (kills ? {} : ran.json()) as { deleted?: number[] };
  for (const id of deleted) expect([name, left]).not.toEqual([name, expect.arrayContaining([id])]);
  if (ran.status === 0) expect([name, left]).toEqual([name, [40, 45]]);
  const open = (await dated(harness)).filter((id) => !left.includes(id));
  harness.sandbox.clearFaults();
  const again = await harness.vastai(ARGS, options);
  expect([name, again.status]).toEqual([name, 0]);
  expect(again.json()).toMatchObject({ failed: [], kept: [{ id: 45, reason: 'profile' }] });
  expect([name, live(harness), await dated(harness)]).toEqual([name, [40, 45], [45]]);
  return [
    name.padEnd(48),
    `exit ${kills ? 'kill' : ran.status}`.padEnd(10),
    `said to be deleted: ${deleted.join(' ') || '-'}`.padEnd(29),
    `left: ${left.filter((id) => id !== 40 && id !== 45).join(' ') || '-'}`.padEnd(15),
    `noted though gone: ${open.join(' ') || '-'}`.padEnd(28),
    `then: ${again.json().deleted.join(' ') || '-'}`,
  ].join(' ');
}

async function inFile(point: Point): Promise<string> {
  const harness = await createHarness(BIN);
  try {
    await prepare(harness, 'file');
    await harness.saveKey();
    return await pruneThrough(harness, point, { through: AS_ANYBODY });
  } finally {
    await harness.close();
  }
}

async function inKeychain(pointOf: (harness: KeychainHarness) => Point): Promise<string> {
  const harness = await createKeychainHarness(BIN);
  try {
    await prepare(harness, 'keychain');
    await harness.keychain.store('default', harness.sandbox.key);
    return await pruneThrough(harness, pointOf(harness), { env: { VASTAI_KEYCHAIN_TIMEOUT: '5' } });
  } finally {
    await harness.close();
  }
}

describe.runIf(process.platform === 'linux')('a prune that something happens to', () => {
  it('keeps what must stay, and can be run again: with a key file', { timeout: 300_000 }, async () => {
    const readOnly = duringDeletion(
      'the folder becomes read-only',
      ({ home }) => chmod(home.at('.config/vastai'), 0o500),
      ({ home }) => chmod(home.at('.config/vastai'), 0o700),
    );
    const rows = await eachOf([...KILLS, ...FAULTY, readOnly], inFile);
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('prune-points/file.txt');
  });

  it.runIf(secretServiceInstalled())(
    'keeps what has to stay, and can be run again: with a keychain',
    { timeout: 300_000 },
    async () => {
      const locked = ({ keychain: { lock, unlock } }: KeychainHarness) =>
        duringDeletion('the keychain is locked', lock, unlock);
      const silent = ({ keychain: { freeze, thaw } }: KeychainHarness) =>
        duringDeletion(
          'the keychain stops responding',
          async () => freeze(),
          async () => thaw(),
        );
      const rows = await eachOf([...KILLS.map((point) => () => point), locked, silent], inKeychain);
      await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('prune-points/keychain.txt');
    },
  );
});
