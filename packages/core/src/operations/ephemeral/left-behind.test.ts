import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { type Holder, thisProcess } from '../../files/lock-holder.js';
import { isRunOver, mayHaveKeysLeft } from './left-behind.js';

const home = useHome();
const DAY = 86_400;
const NOW = 1_790_000_000;
const ORIGIN = 'https://console.vast.ai';

/** Returns this process, but with the id of one that has ended. */
async function ended(): Promise<Holder> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return { ...(await thisProcess()), pid: child.pid as number };
}

describe('a run is over', () => {
  it('if its process on this machine has ended, and not before', async () => {
    const self = await thisProcess();
    expect(await isRunOver({ process: self, started: 0 }, self)).toBe(false);
    expect(await isRunOver({ process: await ended(), started: NOW }, self, NOW)).toBe(true);
  });

  it.each([
    ['a day after its start', 0, undefined, DAY + 1, true],
    ['not before', 0, undefined, DAY, false],
    ['a day after its end', 0, DAY, 2 * DAY + 1, true],
    ['not before that', 0, DAY, 2 * DAY, false],
    ['a day after its start, if it was to end before', DAY, 0, 2 * DAY + 1, true],
    ['and not before that', DAY, 0, 2 * DAY, false],
  ])('on another machine %s', async (_, started, expires, now, isOver) => {
    const self = await thisProcess();
    const run = { process: { ...self, host: 'elsewhere' }, started: NOW + started };
    const whole = expires === undefined ? run : { ...run, expires: NOW + expires };
    expect(await isRunOver(whole, self, NOW + now)).toBe(isOver);
  });

  it('on another machine by the clock of this one', async () => {
    const self = await thisProcess();
    const process = { ...self, host: 'elsewhere' };
    const now = Math.floor(Date.now() / 1000);
    expect(await isRunOver({ process, started: now - DAY - 60 }, self)).toBe(true);
    expect(await isRunOver({ process, started: now - DAY + 60 }, self)).toBe(false);
  });
});

describe('the ledger may have keys of runs that are over', () => {
  const put = (content: unknown) =>
    home.put(home.paths.ledgerFile, typeof content === 'string' ? content : JSON.stringify(content));
  const may = () => mayHaveKeysLeft(home.paths, ORIGIN);

  it('if it lists one of this API', async () => {
    const over = { kind: 'ephemeral', origin: ORIGIN, started: NOW, process: await ended() };
    const running = { ...over, process: await thisProcess() };
    put({ entries: [over] });
    expect(await may()).toBe(true);
    put({ entries: [running, null, 'x', over] });
    expect(await may()).toBe(true);
    put({ entries: [running] });
    expect(await may()).toBe(false);
    put({ entries: [{ ...over, origin: 'https://staging.example' }] });
    expect(await may()).toBe(false);
    put({ entries: [{ ...over, kind: 'expiry' }] });
    expect(await may()).toBe(false);
    put({ entries: [{ ...over, process: { pid: 0, host: 'x' } }] });
    expect(await may()).toBe(false);
  });

  it.each([undefined, '', '{', '[]', '{"entries":{}}', 'null'])('but not if it is %j', async (content) => {
    if (content !== undefined) put(content);
    expect(await may()).toBe(false);
  });
});
