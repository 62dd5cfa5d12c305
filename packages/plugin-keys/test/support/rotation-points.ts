import type { Harness } from '@vastai-cli/testing/harness';
import { SETTINGS } from '@vastai-cli/testing/places';
import { type Fault, REQUEST_FAULTS } from '@vastai-cli/testing/request-faults';
import type { RunOptions } from '@vastai-cli/testing/run';
import { recordKey } from '@vastai-cli/testing/transcript';
import { expect } from 'vitest';
import { DOCUMENT, idOf, left, live } from './rotation.js';

const ROTATE = ['rotate', 'api-key'];
const USER = 'GET /api/v0/users/current/';
const LIST = 'GET /api/v0/auth/apikeys/';
const POST = 'POST /api/v0/auth/apikeys/';
const DELETE = 'DELETE /api/v0/auth/apikeys/{id}/';

/** The requests of a rotation, in order. */
const STEPS = [
  ['ask for the id of the old key', USER],
  ['list the keys', LIST],
  ['create the new key', POST],
  ['check the new key', USER],
  ['list the new key', LIST],
  ['delete the old key', DELETE],
] as const;

/** Something that happens during one request of a rotation. */
export interface Point {
  readonly name: string;
  /** Index of the request. */
  readonly step: number;
  readonly fault: Fault;
  /** True if the process is killed while it waits for the response. */
  readonly kills?: true;
  /** Something that happens to the machine while the process waits for the response. */
  readonly meanwhile?: (placed: Placed) => Promise<void>;
  /** Undoes `meanwhile`. */
  readonly afterwards?: (placed: Placed) => Promise<void>;
}

/** A harness with a saved key. */
export interface Placed {
  readonly harness: Harness;
  /** Returns the value that is stored now. */
  stored(): Promise<string>;
  /** Options of the process that rotates. */
  readonly options?: Partial<RunOptions>;
}

const HOUR_MS = 3_600_000;
/** Kill -9 while a request is on its way, and once the API has acted. */
export const KILLS: readonly Point[] = STEPS.flatMap(([name, route], step) => {
  const before: Point = { name: `${name}: killed before`, step, fault: latency(false), kills: true };
  const after: Point = { name: `${name}: killed after`, step, fault: latency(true), kills: true };
  return route === POST || route === DELETE ? [before, after] : [before];
});

/** Everything that can go wrong with a request. A request that only reads is always the same. */
export const FAULTY: readonly Point[] = STEPS.flatMap(([name, route], step) =>
  REQUEST_FAULTS.filter(
    ([what]) => route === POST || route === DELETE || !/ (?:before|after)$/u.test(what),
  ).map(([what, fault]) => ({ name: `${name}: ${what}`, step, fault })),
);

/** Something that happens to the machine while the new key is being created. */
export function duringCreation(
  name: string,
  meanwhile: NonNullable<Point['meanwhile']>,
  afterwards: NonNullable<Point['afterwards']>,
): Point {
  return { name, step: 2, fault: { kind: 'latency', ms: 2500, acts: true }, meanwhile, afterwards };
}

function latency(acts: boolean): Fault {
  return { kind: 'latency', ms: HOUR_MS, acts };
}

/** Adds a key that may make keys, and saves it in a store without any notes. */
export async function savedIn(
  harness: Harness,
  storage: 'file' | 'keychain',
  write: (key: string) => Promise<unknown>,
): Promise<void> {
  const { value } = await harness.addKey({ name: 'laptop', permissions: DOCUMENT });
  const profiles = { default: { storage, url: harness.sandbox.url } };
  await harness.home.write(SETTINGS, JSON.stringify({ version: 1, profiles }));
  await write(value);
}

/**
 * Rotates, lets the point happen, and goes on with `--resume`. Expects that the stored key works after each of the two, that
 * there are never more than two keys, and that one is left in the end, which is the stored one.
 *
 * @returns what it looked like after the first, in words
 */
export async function rotateThrough(placed: Placed, point: Point): Promise<string> {
  const { harness, stored } = placed;
  arm(harness, point);
  const status = await run(placed, point);
  const storedId = await idOf(harness, await stored());
  const keys = live(harness).map(({ id }) => id);
  expect(keys.length, point.name).toBeLessThanOrEqual(2);
  expect(keys, `${point.name}: the stored key works`).toContain(storedId);
  const open = (await left(harness)).map(({ next }) => `open before "${next}"`);
  await harness.sandbox.clearFaults();
  const resumed = await harness.vastai([...ROTATE, '--resume']);
  expect([resumed.status, resumed.stderr], point.name).toEqual([0, '']);
  const [last, ...others] = live(harness);
  expect([others, await left(harness)], point.name).toEqual([[], []]);
  const value = await stored();
  await recordKey(value);
  expect(await idOf(harness, value), `${point.name}: one key, which is stored`).toBe(last?.id);
  const which = storedId === 42 ? 'old' : 'new';
  return [
    point.name.padEnd(48),
    `exit ${status}`.padEnd(10),
    `${which} key stored`.padEnd(16),
    `${keys.length} in the account`.padEnd(18),
    open[0] ?? 'nothing open',
  ].join(' ');
}

async function run(placed: Placed, { kills, meanwhile, afterwards, step, fault }: Point): Promise<string> {
  const { harness, options } = placed;
  const running = harness.start(ROTATE, options);
  if (kills || meanwhile) {
    const acts = 'acts' in fault && fault.acts === true;
    await expect.poll(() => harness.asked().length, { timeout: 30_000 }).toBe(step + 1);
    if (acts) await expect.poll(() => live(harness).length, { timeout: 30_000 }).toBe(step === 2 ? 2 : 1);
    await meanwhile?.(placed);
    if (kills) running.kill('SIGKILL');
  }
  const { status, signal } = await running.ended;
  await afterwards?.(placed);
  return signal === null ? String(status) : 'kill';
}

/** Sets the fault for one request, and nothing for earlier ones of the same route. */
function arm({ sandbox }: Harness, { step, fault }: Point): void {
  const route = STEPS[step]?.[1] ?? '';
  const before = STEPS.slice(0, step).filter(([, earlier]) => earlier === route).length;
  if (before > 0) sandbox.fault(route, { kind: 'latency', ms: 0 }, before);
  sandbox.fault(route, fault);
}
