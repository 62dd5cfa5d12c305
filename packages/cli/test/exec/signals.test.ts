import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { straceWorks } from '@vastai-cli/testing/strace';
import { canOpenTerminal, openTerminalSession } from '@vastai-cli/testing/terminal-session';
import { describe } from 'vitest';
import { execIn, fileIn, PLACES, writeCounter } from './places.js';

/** The signals that end a program, and those that do nothing by default. */
const ENDING = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGVTALRM',
  'SIGIO',
  'SIGPWR',
] as const;
const HARMLESS = ['SIGWINCH', 'SIGURG'] as const;
/** Without a terminal, those of job control are passed on too. With one, they stop the whole job. */
const OF_JOBS = ['SIGTSTP', 'SIGCONT'] as const;

const table = PLACES.flatMap((place) => [
  ...ENDING.map((signal) => ({ place, signal, ends: true })),
  ...[...HARMLESS, ...(place === 'without a terminal' ? OF_JOBS : [])].map((signal) => ({
    place,
    signal: signal as NodeJS.Signals,
    ends: false,
  })),
]);

/** A signal that ends the program after the one that is looked at. */
const otherThan = (signal: NodeJS.Signals) => (signal === 'SIGUSR2' ? 'SIGTERM' : 'SIGUSR2');
const number = (signal: NodeJS.Signals) => constants.signals[signal];

describe
  .runIf(process.platform === 'linux' && canOpenTerminal())
  .concurrent('a signal for vastai exec', () => {
    it.for(table)(
      '$signal $place has its default effect on the program',
      async (row, { harness, expect }) => {
        const { place, signal, ends } = row;
        const run = await execIn(place, harness, ['--', 'sh', '-c', 'echo yes > ready; exec sleep 60']);
        await run.send(signal);
        if (!ends) {
          await sleep(100);
          await run.send('SIGTERM');
        }
        expect(await run.ended).toBe(128 + number(ends ? signal : 'SIGTERM'));
      },
    );

    it.for(table)('$signal $place reaches a program that traps it once', async (row, { harness, expect }) => {
      const { place, signal } = row;
      const other = otherThan(signal);
      const counter = await writeCounter(harness);
      const run = await execIn(place, harness, ['--', process.execPath, counter, signal, other]);
      await run.send(signal);
      await fileIn(harness, 'count');
      // Leaves time for a second one, which must not come.
      await sleep(100);
      await run.send(other);
      expect(await run.ended).toBe(41);
    });

    it.for(table)(
      '$signal $place does nothing to a program that ignores it',
      async (row, { harness, expect }) => {
        const { place, signal } = row;
        const other = otherThan(signal);
        const ignores = `trap "" ${signal.slice(3)}; echo yes > ready; exec sleep 60`;
        const run = await execIn(place, harness, ['--', 'sh', '-c', ignores]);
        await run.send(signal);
        await sleep(100);
        await run.send(other);
        expect(await run.ended).toBe(128 + number(other));
      },
    );

    it.for(
      PLACES.flatMap((place) =>
        (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => ({ place, signal })),
      ),
    )(
      '$signal $place reaches a program behind a broker once, and ends the broker with it',
      async ({ place, signal }, { harness, expect }) => {
        const other = otherThan(signal);
        const counter = await writeCounter(harness);
        const run = await execIn(place, harness, [
          '--broker',
          '--',
          process.execPath,
          counter,
          signal,
          other,
        ]);
        await run.send(signal);
        await fileIn(harness, 'count');
        await sleep(100);
        await run.send(other);
        expect(await run.ended).toBe(41);
      },
    );

    it.runIf(straceWorks()).for(['SIGINT', 'SIGQUIT'] as const)(
      '%s from the terminal while the program starts is for the program',
      async (signal, { harness: { home, sandbox }, expect }) => {
        // Only vastai gets it: that is so if the key is pressed before there is a second process.
        const tracing = ['-e', 'trace=fork,vfork,clone', '-e', `inject=fork,vfork,clone:signal=${signal}`];
        const words = [...tracing, process.execPath, BIN, 'exec', '--', 'sh', '-c', 'sleep 4; exit 3'];
        const session = openTerminalSession('--output=trace', words, {
          env: { ...home.env, VAST_API_KEY: sandbox.key },
          cwd: home.path,
          node: 'strace',
        });
        expect((await session.ended).status).toBe(128 + number(signal));
        expect(await home.read('trace')).toContain(signal);
      },
    );
  });
