import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe } from 'vitest';
import { runRecorded } from './loaded.js';

/** Matches what the bundler writes before each module of the broker. */
const OF_BROKER = /^\/\/ \.\.\/broker\//mu;

describe.runIf(process.platform !== 'win32').concurrent('exec', () => {
  it.for([
    [['exec', '--', 'true'], false],
    [['exec', '--mask', 'never', '--', 'true'], false],
    [['exec', '--broker', '--', 'true'], true],
  ] as const)(
    'loads the broker only for a run behind one: %s',
    async ([args, loads], { harness, expect }) => {
      const env = { VAST_API_KEY: harness.sandbox.key };
      const { status, loaded } = await runRecorded(harness, args, env);
      expect(status).toBe(0);
      const texts = await Promise.all(loaded.files.map((file) => readFile(file, 'utf8')));
      expect(texts.some((text) => OF_BROKER.test(text))).toBe(loads);
    },
  );

  it('needs no class of the command for a broker without other flags', async ({ harness, expect }) => {
    const env = { VAST_API_KEY: harness.sandbox.key };
    const { status, loaded } = await runRecorded(harness, ['exec', '--broker', '--', 'true'], env);
    expect(status).toBe(0);
    const names = loaded.files.map((file) => basename(file));
    expect(names).toContain('exec-broker.js');
    expect(names).not.toContain('exec.js');
  });
});
