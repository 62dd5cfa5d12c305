import type { Harness } from '@vastai-cli/testing/harness';
import { type Fault, REQUEST_FAULTS } from '@vastai-cli/testing/request-faults';
import type { RunOptions } from '@vastai-cli/testing/run';
import { expect } from 'vitest';
import { entriesLeft, keysOfRuns } from './ephemeral-runs.js';

const POST = 'POST /api/v0/auth/apikeys/';
const DELETE = 'DELETE /api/v0/auth/apikeys/{id}/';
const LATER = { timeout: 30_000 };
const HOUR_MS = 3_600_000;

/** The requests of a run, in order. The program runs before the last one. */
const STEPS = [
  ['create the key', POST],
  ['check the key', 'GET /api/v0/users/current/'],
  ['delete the key', DELETE],
] as const;

/** Something that happens during a run. */
export interface Point {
  readonly name: string;
  /** The request during which it happens, with what the API does; without one, it happens while the program runs. */
  readonly at?: { readonly step: number; readonly fault: Fault; readonly times?: number };
  /** True if the process is killed. */
  readonly kills?: true;
  /** Something that happens to the machine. */
  readonly meanwhile?: (harness: Harness) => Promise<unknown>;
  /** Undoes `meanwhile` once the run is over. */
  readonly afterwards?: (harness: Harness) => Promise<unknown>;
}

/** Everything that can go wrong with a request. A request that only reads is always the same. */
export const FAULTY: readonly Point[] = STEPS.flatMap(([name, route], step) => [
  ...REQUEST_FAULTS.filter(
    ([what]) => route === POST || route === DELETE || !/ (?:before|after)$/u.test(what),
  ).map(([what, fault]) => ({ name: `${name}: ${what}`, at: { step, fault } })),
  {
    name: `${name}: the API is gone`,
    at: { step, fault: { kind: 'drop' }, times: Number.POSITIVE_INFINITY },
  },
]);

/** Kill -9 while a request is on its way, once the API has acted, and while the program runs. */
export const KILLS: readonly Point[] = [
  ...STEPS.flatMap(([name, route], step): Point[] => {
    const before: Point = { name: `${name}: killed before`, at: { step, fault: waits(false) }, kills: true };
    const after: Point = { name: `${name}: killed after`, at: { step, fault: waits(true) }, kills: true };
    return route === POST || route === DELETE ? [before, after] : [before];
  }),
  { name: 'the program runs: killed', kills: true },
];

/** Returns two points: something happens to the machine while the key is created, and while the program runs. */
export function duringBoth(
  name: string,
  meanwhile: NonNullable<Point['meanwhile']>,
  afterwards?: NonNullable<Point['afterwards']>,
): Point[] {
  const what = { meanwhile, ...(afterwards === undefined ? {} : { afterwards }) };
  const fault: Fault = { kind: 'latency', ms: 2500, acts: true };
  return [
    { name: `create the key: ${name}`, at: { step: 0, fault }, ...what },
    { name: `the program runs: ${name}`, ...what },
  ];
}

function waits(acts: boolean): Fault {
  return { kind: 'latency', ms: HOUR_MS, acts };
}

const PROGRAM = `const { existsSync, writeFileSync } = require('node:fs');
writeFileSync('started', '');
setInterval(() => existsSync('go') && process.exit(), 20);`;
const RUN = ['exec', '--ephemeral', '--allow', 'user_read', '--', process.execPath, '-e', PROGRAM];
const NEXT = ['exec', '--', process.execPath, '-e', ''];

/** Holds the key and the ledger of a run. */
export interface Place {
  /** Has a saved key that may make keys. */
  readonly harness: Harness;
  readonly options: Partial<RunOptions>;
  /** Returns the entries of its ledger; by default, that of the home. */
  readonly entries?: () => Promise<readonly unknown[]>;
}

/**
 * Runs a program, lets the point happen, and runs the next command, after which no key is left.
 *
 * @returns what it looked like after both, in words
 */
export async function runThrough(
  { harness, options, entries = () => entriesLeft(harness) }: Place,
  point: Point,
): Promise<string> {
  const status = await run(harness, point, options);
  const hasStarted = (await harness.home.read('started')) !== undefined;
  const keys = keysOfRuns(harness).length;
  expect(keys, point.name).toBeLessThanOrEqual(1);
  // Success means that nothing is left.
  if (status === '0') expect([point.name, hasStarted, keys]).toEqual([point.name, true, 0]);
  const open = (await entries()).length;
  harness.sandbox.clearFaults();
  const next = await harness.vastai(NEXT, options);
  expect([point.name, next.status, next.stdout]).toEqual([point.name, 0, '']);
  expect([point.name, keysOfRuns(harness)]).toEqual([point.name, []]);
  const stillOpen = (await entries()).length;
  return [
    point.name.padEnd(48),
    `exit ${status}`.padEnd(10),
    (hasStarted ? 'ran' : 'not started').padEnd(13),
    `${keys} left`.padEnd(8),
    (open === 0 ? 'nothing open' : 'open').padEnd(14),
    `then: ${next.stderr.includes('Deleted the key') ? 'deleted' : 'nothing to delete'}${stillOpen === 0 ? '' : ', open for ten minutes'}`,
  ].join(' ');
}

async function run(harness: Harness, point: Point, options: Partial<RunOptions>): Promise<string> {
  const { at, kills, meanwhile, afterwards } = point;
  const { home, sandbox, asked, start } = harness;
  if (at !== undefined) sandbox.fault(STEPS[at.step]?.[1] ?? '', at.fault, at.times);
  const running = start(RUN, options);
  const runs = async () => (await home.read('started')) !== undefined;
  const goOn = () => home.write('go', '');
  if (at === undefined) {
    await expect.poll(runs, LATER).toBe(true);
  } else {
    if (at.step === 2) await goOn();
    if (kills || meanwhile) {
      await expect.poll(() => asked().length, LATER).toBe(at.step + 1);
      const acts = 'acts' in at.fault && at.fault.acts === true;
      if (acts) await expect.poll(() => keysOfRuns(harness).length, LATER).toBe(at.step === 0 ? 1 : 0);
    }
  }
  await meanwhile?.(harness);
  if (kills) running.kill('SIGKILL');
  else await goOn();
  const { status, signal } = await running.ended;
  await goOn();
  await afterwards?.(harness);
  return signal === null ? String(status) : 'kill';
}
