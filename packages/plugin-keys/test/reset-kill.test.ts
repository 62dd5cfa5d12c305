import { BIN } from '@vastai-cli/testing/checkout/paths';
import { eachOf } from '@vastai-cli/testing/each-of';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { type Call, straceWorks, type Traced, traceFromStart } from '@vastai-cli/testing/strace';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect, it } from 'vitest';
import { idOf } from './support/rotation.js';
import { unsavedKeys } from './support/unsaved-keys.js';

/** System calls that change which files there are. Between two of them, a later run finds the same. */
const NAMES = ['link', 'linkat', 'rename', 'renameat', 'renameat2', 'unlink', 'unlinkat'];
const isOurs = ({ text }: Call) => text.includes('~/.config/') && !/lock/u.test(text);
const TOLD = /A reset of this key was started|A reset was interrupted/u;

/** Resets under strace, in a home and an account of its own, and kills the process at a call. */
async function reset(
  work: (harness: Harness, traced: Traced) => Promise<void>,
  killAt?: Call,
): Promise<void> {
  const harness = await createHarness(BIN);
  try {
    expect((await harness.vastai(['set', 'api-key', '-'], { input: harness.sandbox.key })).status).toBe(0);
    const env = { ...harness.home.env, VAST_URL: harness.sandbox.url, NODE_DISABLE_COMPILE_CACHE: '1' };
    const command = [BIN, 'reset', 'api-key', '--yes'];
    await work(
      harness,
      await traceFromStart({ command, env, input: '', names: NAMES, ...(killAt && { killAt }) }),
    );
  } finally {
    await harness.close();
  }
}

async function recordAll(harness: Harness): Promise<string> {
  const stored = (await harness.home.read(KEY_FILE)) ?? '';
  await recordKey(stored);
  for (const path of await unsavedKeys(harness))
    await recordKey(((await harness.home.read(path)) ?? '').trim());
  return stored;
}

describe.runIf(straceWorks())('kill -9 of a reset', () => {
  it('at any change of a file leaves a stored key that works, or the next command says what happened', {
    timeout: 300_000,
  }, async () => {
    let calls: readonly Call[] = [];
    await reset(async (harness, traced) => {
      expect(traced.status).toBe(0);
      await recordAll(harness);
      calls = traced.calls.filter(isOurs);
    });
    expect(calls.some(({ text }) => text.includes('ledger.json'))).toBe(true);
    expect(calls.some(({ text }) => text.includes('unsaved-key'))).toBe(true);
    const lost = await eachOf(calls, async (call) => {
      let isLost = false;
      await reset(async (harness, { signal }) => {
        expect([call.text, signal]).toEqual([call.text, 'SIGKILL']);
        const works = (await idOf(harness, await recordAll(harness))) !== undefined;
        const next = await harness.vastai(['show', 'user']);
        expect([call.text, next.status]).toEqual([call.text, works ? 0 : 4]);
        if (!works) expect([call.text, next.stderr]).toEqual([call.text, expect.stringMatching(TOLD)]);
        isLost = !works;
      }, call);
      return isLost;
    });
    expect(new Set(lost)).toEqual(new Set([true, false]));
  });
});
