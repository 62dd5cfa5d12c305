import { isDeepStrictEqual } from 'node:util';
import { guidanceOf, isVastaiError } from '../errors.js';
import { migrateLegacyFile } from '../migration/migrate.js';
import type { Session } from '../session.js';
import { type FoundKey, findKey } from './chain.js';
import type { Problem } from './reading.js';

/** The key of a run, and what the person should be told about how it was found. */
export interface KeyForRun extends FoundKey {
  readonly notes: readonly string[];
  readonly warnings: readonly Omit<Problem, 'code'>[];
}

/**
 * Finds the key that a command needs, and moves a legacy file on the way. When that move fails the key is
 * used from where it is.
 *
 * @throws what `findKey` throws.
 */
export async function keyForRun(session: Session): Promise<KeyForRun> {
  const found = await findKeyOfNow(session);
  const warnings = found.problems;
  if (found.source.name !== 'legacy') return { ...found, notes: [], warnings };
  try {
    const changes = await migrateLegacyFile(session);
    const moves = changes.filter(({ action }) => action === 'move');
    const reports = changes.filter(({ action }) => action === 'report');
    return {
      ...found,
      notes: moves.map(({ from, to }) => `The key of ${from} was moved to ${to}.`),
      warnings: reports.map(({ from, note, fix = '' }) => ({
        message: `The key is used from ${from}: it was not moved. ${note}`,
        fix,
      })),
    };
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    return {
      ...found,
      notes: [],
      warnings: [
        {
          message: `The key is used from ${found.source.location}: it could not be moved. ${error.message}`,
          fix: guidanceOf(error),
        },
      ],
    };
  }
}

/**
 * Looks a second time where the key was not found because another process moved it meanwhile: out of a place
 * that was still to be asked into one that was asked already, or that the settings did not name yet.
 */
async function findKeyOfNow(session: Session): Promise<FoundKey> {
  const { profile, url, stores } = session;
  try {
    return await findKey(session.sources, url, profile.name);
  } catch (error) {
    const now = await session.reopen();
    const isMoved =
      !isDeepStrictEqual(now.record, session.record) ||
      (isVastaiError(error) &&
        error.code === 'no_key' &&
        (await stores.file.read(profile.name)).state === 'present');
    if (!isMoved) throw error;
    return findKey(now.sources, url, profile.name);
  }
}
