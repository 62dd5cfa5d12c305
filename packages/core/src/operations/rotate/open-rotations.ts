import { guidanceOf, isVastaiError } from '../../base/errors.js';
import { dayOf } from '../../base/server-time.js';
import { serverText } from '../../base/terminal-safe.js';
import type { Paths } from '../../config/paths.js';
import type { Problem } from '../../secrets/lookup.js';
import { entriesOf, type RotationEntry } from '../ledger/entries.js';
import { ledgerTime, readLedger } from '../ledger/ledger.js';
import { adviceToFinish, adviceToResume } from './rotation.js';

/** A rotation that is not finished, as a problem. */
export interface OpenRotation {
  readonly entry: RotationEntry;
  /** True if the old key is kept on purpose, and still should be. */
  readonly isKept: boolean;
  readonly problem: Problem;
}

/**
 * Returns what `auth status` says about the rotations of one profile, and of keys that no profile holds. A ledger that cannot
 * be read is a problem too.
 */
export async function rotationProblems(paths: Paths, profile: string): Promise<Problem[]> {
  try {
    const open = await openRotations(paths);
    const own = open.filter(({ entry }) => entry.profile === null || entry.profile === profile);
    return own.map(({ problem }) => problem);
  } catch (error) {
    if (!isVastaiError(error) || error.code !== 'storage') throw error;
    return [{ code: 'ledger', message: error.message, fix: guidanceOf(error) }];
  }
}

/** Returns the rotations that are not finished, of all profiles. @throws StorageError if the ledger cannot be read */
export async function openRotations(paths: Paths): Promise<OpenRotation[]> {
  return entriesOf(await readLedger(paths), 'rotation').map(describe);
}

function describe(entry: RotationEntry): OpenRotation {
  const { old, next, finish_after: until, profile } = entry;
  const name = old.name === null ? '' : ` "${serverText(old.name)}"`;
  const key = `API key ${old.id}${name}`;
  const ofProfile = profile === null || profile === 'default' ? '' : ` of profile "${profile}"`;
  if (next !== 'delete') {
    const message = `The rotation of ${key}${ofProfile} is not finished.`;
    return {
      entry,
      isKept: false,
      problem: { code: 'rotation_open', message, fix: [adviceToResume(entry)] },
    };
  }
  const replaced = `${key}${ofProfile} was replaced`;
  const fix = [adviceToFinish(entry)];
  if (until === undefined) {
    const message = `${replaced}, but not deleted.`;
    return { entry, isKept: false, problem: { code: 'rotation_open', message, fix } };
  }
  const isKept = ledgerTime() < until;
  const day = dayOf(until);
  const message = isKept
    ? `${replaced}, and still works. It is kept until ${day}.`
    : `${replaced}, and still works. It was to be kept until ${day}.`;
  return { entry, isKept, problem: { code: isKept ? 'rotation_kept' : 'rotation_due', message, fix } };
}
