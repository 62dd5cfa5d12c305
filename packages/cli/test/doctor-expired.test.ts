import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';
import { doctor } from './support/doctor.js';

const LEDGER = '.config/vastai/ledger.json';
const now = () => Math.floor(Date.now() / 1000);
const MAKER = `hmac-sha256:${'0'.repeat(32)}:${'0'.repeat(64)}`;

function writeDates({ home, sandbox }: Harness, dates: readonly number[], origin = sandbox.url) {
  const entries = dates.map((expires, at) => ({
    entry: `e${at}`,
    kind: 'expiry',
    origin,
    id: 42 + at,
    name: `ci\u202e ${at}`,
    expires,
    maker: MAKER,
    started: 1,
  }));
  return home.write(LEDGER, JSON.stringify({ version: 1, entries }));
}

describe.concurrent('doctor', () => {
  it('reports keys whose date is over, the oldest first, and how to delete them', async ({ harness }) => {
    const { vastai, saveKey } = harness;
    await saveKey();
    await writeDates(harness, [now() - 60, now() + 86_400, 86_400]);
    const { problems } = await doctor(vastai);
    const today = new Date().toISOString().slice(0, 10);
    expect(problems).toMatchObject([
      {
        check: 'expiry',
        message: `2 API keys have expired: 44 "ci 2" (1970-01-02), 42 "ci 0" (${today}).`,
        fix: 'Delete them: vastai prune api-keys --expired',
        advice: [{ do: 'prune-expired', command: 'vastai prune api-keys --expired' }],
      },
    ]);
  });

  it('names no more than ten of them', async ({ harness }) => {
    await harness.saveKey();
    await writeDates(
      harness,
      Array.from({ length: 12 }, (_, at) => at),
    );
    const { problems } = await doctor(harness.vastai);
    expect(problems[0]?.message).toMatch(/^12 API keys have expired: .* and 2 more\.$/u);
  });

  it('says nothing about dates to come, and about keys of another API', async ({ harness }) => {
    await harness.saveKey();
    await writeDates(harness, [1], 'https://console.vast.ai');
    expect((await doctor(harness.vastai)).problems).toEqual([]);
    await writeDates(harness, [now() + 600]);
    expect((await doctor(harness.vastai)).problems).toEqual([]);
  });

  it('reports a broken ledger once', async ({ harness }) => {
    await harness.saveKey();
    await harness.home.write(LEDGER, '{');
    const { problems } = await doctor(harness.vastai);
    expect(problems).toMatchObject([{ message: expect.stringContaining('ledger.json is not valid JSON') }]);
  });
});
