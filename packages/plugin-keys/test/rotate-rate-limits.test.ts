import { BIN } from '@vastai-cli/testing/checkout/paths';
import { createHarness } from '@vastai-cli/testing/harness';
import { expect, it } from 'vitest';
import { expectRotated, withKey } from './support/rotation.js';

it('a rotation keeps to the limits that the API documents', { timeout: 120_000 }, async () => {
  const harness = await createHarness(BIN, { rateLimits: true });
  try {
    await withKey(harness);
    const ran = await harness.vastai(['rotate', 'api-key', '--retry', '0']);
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    await expectRotated(harness);
  } finally {
    await harness.close();
  }
});
