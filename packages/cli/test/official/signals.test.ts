import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe } from 'vitest';
import { fileIn, PLACES, runIn, writeCounter } from '../exec/places.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1'] as const;
const table = PLACES.flatMap((place) => SIGNALS.map((signal) => ({ place, signal })));

/** Hands a command over to a shell script in a place. */
function handOverIn(place: (typeof PLACES)[number], harness: Harness, script: string) {
  const { home } = harness;
  home.put(home.at('bin/vastai'), `#!/bin/sh\n${script}\n`, 0o755);
  return runIn(place, harness, ['search', 'offers'], { VASTAI_OFFICIAL_CLI: home.at('bin/vastai') });
}

describe
  .runIf(process.platform === 'linux' && canOpenTerminal())
  .concurrent('a signal while the official CLI runs a command', () => {
    it.for(table)('$signal $place reaches it once', async ({ place, signal }, { harness, expect }) => {
      const counter = await writeCounter(harness);
      const line = `exec ${process.execPath} ${counter} ${signal} SIGUSR2`;
      const run = await handOverIn(place, harness, line);
      await run.send(signal);
      await fileIn(harness, 'count');
      // Leaves time for a second one, which must not come.
      await sleep(100);
      await run.send('SIGUSR2');
      expect(await run.ended).toBe(41);
    });

    it.for(table)('$signal $place ends both', async ({ place, signal }, { harness, expect }) => {
      const run = await handOverIn(place, harness, 'echo yes > ready; exec sleep 60');
      await run.send(signal);
      expect(await run.ended).toBe(128 + constants.signals[signal]);
    });
  });
