import { readFileSync } from 'node:fs';
import { isObject } from '../../base/json-object.js';
import type { Paths } from '../../config/paths.js';
import { type Holder, livenessOf, parseHolder, thisProcess } from '../../files/lock-holder.js';

/** Time after which a run on another machine counts as over, in seconds. */
const OVER_AFTER = 86_400;

/** Says whether a run may be over. */
export interface RunOfKey {
  readonly process: Holder;
  readonly started: number;
  readonly expires?: number;
}

/**
 * Returns true if the run that made a key is over: its process has ended on this machine, or it may run on another one, and a
 * day has passed since its start and since the end of its `--ttl`. A run that is seen running is never over.
 *
 * @param self this process
 * @param now seconds since 1970
 */
export async function isRunOver(
  { process, started, expires = started }: RunOfKey,
  self: Holder,
  now: number = Math.floor(Date.now() / 1000),
): Promise<boolean> {
  const liveness = await livenessOf(process, self);
  if (liveness === 'running' || liveness === 'ended') return liveness === 'ended';
  return now - Math.max(started, expires) > OVER_AFTER;
}

/**
 * Returns true if the ledger may have a key of a run that is over. It looks at little, since every `exec` starts with it, and
 * says no about a ledger that is not valid: `doctor` reports that.
 */
export async function mayHaveKeysLeft({ ledgerFile }: Paths, origin: string): Promise<boolean> {
  const runs = runsIn(ledgerFile, origin);
  if (runs.length === 0) return false;
  const self = await thisProcess();
  for (const run of runs) if (await isRunOver(run, self)) return true;
  return false;
}

function runsIn(file: string, origin: string): RunOfKey[] {
  try {
    const { entries } = JSON.parse(readFileSync(file, 'utf8'));
    return (Array.isArray(entries) ? entries : []).flatMap((entry) => {
      if (!isObject(entry) || entry.kind !== 'ephemeral' || entry.origin !== origin) return [];
      const process = parseHolder(JSON.stringify(entry.process));
      return process === undefined ? [] : [{ ...(entry as unknown as RunOfKey), process }];
    });
  } catch {
    return [];
  }
}
