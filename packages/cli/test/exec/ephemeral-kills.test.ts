import { BIN } from '@vastai-cli/testing/checkout/paths';
import { createHarness } from '@vastai-cli/testing/harness';
import { describe, expect, it } from 'vitest';
import { entriesLeft, keysOfRuns, maker } from './ephemeral-runs.js';

/** The number of runs to kill. More take minutes: set the variable. */
const RUNS = Number(process.env.VASTAI_TEST_KILLS ?? 24);
const SEED = Number(process.env.VASTAI_TEST_SEED ?? 17);
const LANES = 3;
/** A run that nothing disturbs takes about this long, on a machine that has nothing else to do. */
const LATEST_MS = 1200;

describe('exec --ephemeral, killed at random moments', () => {
  it(`leaves no key after the next command (seed ${SEED})`, { timeout: 20_000 * RUNS }, async () => {
    const random = randomFrom(SEED);
    const moments = Array.from({ length: RUNS }, () => Math.floor(random() * LATEST_MS));
    const lanes = Array.from({ length: LANES }, (_, lane) =>
      killAt(moments.filter((_, nth) => nth % LANES === lane)),
    );
    const killed = (await Promise.all(lanes)).flat();
    // Unless some are killed while their key exists, this shows nothing.
    expect(killed.some(({ hadKey }) => hadKey)).toBe(true);
  });
});

/** Starts runs in one home, one after the other, and kills each at its moment. */
async function killAt(moments: readonly number[]): Promise<{ hadKey: boolean }[]> {
  const harness = await createHarness(BIN);
  const results: { hadKey: boolean }[] = [];
  try {
    await maker(harness);
    const program = ['--', process.execPath, '-e', 'setTimeout(() => {}, 100)'];
    for (const moment of moments) {
      const run = harness.start(['exec', '--ephemeral', '--allow', 'user_read', ...program]);
      const timer = setTimeout(() => run.kill('SIGKILL'), moment);
      await run.ended;
      clearTimeout(timer);
      results.push({ hadKey: keysOfRuns(harness).length > 0 });
      const next = await harness.vastai(['exec', '--', process.execPath, '-e', '']);
      expect({ moment, status: next.status }).toEqual({ moment, status: 0 });
      expect({ moment, left: keysOfRuns(harness) }).toEqual({ moment, left: [] });
      // An intent stays for some minutes, since the request may still be on its way.
      expect((await entriesLeft(harness)).filter(({ id }) => id !== undefined)).toEqual([]);
    }
    return results;
  } finally {
    await harness.close();
  }
}

/** Returns a generator of numbers from 0 to 1, the same for each seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}
