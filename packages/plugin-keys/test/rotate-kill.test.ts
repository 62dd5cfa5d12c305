import { BIN } from '@vastai-cli/testing/checkout/paths';
import { eachOf } from '@vastai-cli/testing/each-of';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { type Call, straceWorks, type Traced, traceFromStart } from '@vastai-cli/testing/strace';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect, it } from 'vitest';
import { idOf, left, live, withKey } from './support/rotation.js';

/** System calls that change which files there are. Between two of them, a later run finds the same. */
const NAMES = ['link', 'linkat', 'rename', 'renameat', 'renameat2', 'unlink', 'unlinkat'];
const isOurs = ({ text }: Call) => text.includes('~/.config/') && !/lock/u.test(text);

/** Rotates under strace, in a home and an account of its own, and kills the process at a call. */
async function rotate(
  work: (harness: Harness, traced: Traced) => Promise<void>,
  killAt?: Call,
): Promise<void> {
  const harness = await createHarness(BIN);
  try {
    await withKey(harness);
    const env = {
      ...harness.home.env,
      VAST_URL: harness.sandbox.url,
      // Written after everything else, so it may be lost.
      NODE_DISABLE_COMPILE_CACHE: '1',
    };
    const command = [BIN, 'rotate', 'api-key'];
    await work(
      harness,
      await traceFromStart({ command, env, input: '', names: NAMES, ...(killAt && { killAt }) }),
    );
  } finally {
    await harness.close();
  }
}

describe.runIf(straceWorks())('kill -9 of a rotation', () => {
  it('at any change of a file leaves a stored key that works, and the next one ends with one', {
    timeout: 300_000,
  }, async () => {
    let calls: readonly Call[] = [];
    await rotate(async (_, traced) => {
      expect(traced.status).toBe(0);
      calls = traced.calls.filter(isOurs);
    });
    const kinds = calls.map(({ text }) => text.replace(/^\w+ ~\/\.config\/vastai\//u, ''));
    expect(kinds.some((text) => text.includes('vast_api_key'))).toBe(true);
    expect(kinds.some((text) => text.includes('ledger.json'))).toBe(true);
    const stored = await eachOf(calls, async (call) => {
      let before: number | undefined;
      await rotate(async (harness, { signal }) => {
        expect([call.text, signal]).toEqual([call.text, 'SIGKILL']);
        const key = async () => (await harness.home.read(KEY_FILE)) ?? '';
        before = await idOf(harness, await key());
        expect(
          live(harness).map(({ id }) => id),
          call.text,
        ).toContain(before);
        expect(live(harness).length).toBeLessThanOrEqual(2);
        const again = await harness.vastai(['rotate', 'api-key', '--resume']);
        expect([call.text, again.status, again.stderr]).toEqual([call.text, 0, '']);
        await recordKey(await key());
        expect(live(harness), call.text).toEqual([
          expect.objectContaining({ id: await idOf(harness, await key()) }),
        ]);
        expect(await left(harness)).toEqual([]);
      }, call);
      return before;
    });
    // The old key first, then the new one, and never the old one again.
    expect(stored.filter((id, at) => id !== stored[at - 1])).toEqual([42, 43]);
  });
});
