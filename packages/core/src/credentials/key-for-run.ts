import { isDeepStrictEqual } from 'node:util';
import { type Advice, adviceOf } from '../advice.js';
import { adviceToSave, homeError } from '../config/home.js';
import { guidanceOf, isVastaiError, restate } from '../errors.js';
import { withLockedSession } from '../locked-session.js';
import { migrateLegacyFile } from '../migration/migrate.js';
import type { Session } from '../session.js';
import { type FoundKey, findKey } from './chain.js';
import type { Problem } from './reading.js';
import { keyInUsualPlace } from './usual-place.js';

/** How long a save that is under way is waited for. */
const PATIENCE_MS = 5000;

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
  const found = await findKeyOfNow(session).catch(async (error: unknown) => {
    throw await withWaysHere(error, session);
  });
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

/** Says where else a key is, or that none can be kept here, when none was found. */
async function withWaysHere(error: unknown, session: Session): Promise<unknown> {
  if (!isVastaiError(error) || error.code !== 'no_key') return error;
  const { settingsFile } = session.paths;
  if (homeError(settingsFile) !== undefined)
    return restate(error, { advice: [...adviceToSave(settingsFile), { do: 'make-key' }] });
  const problem = await keyInUsualPlace(session);
  if (problem === undefined) return error;
  const elsewhere: readonly Advice[] = [{ do: 'say', text: problem.message }, ...adviceOf(problem.fix)];
  return restate(error, { advice: [...elsewhere, ...(error.advice ?? [])] });
}

/**
 * Looks a second time where another process changed something meanwhile: the key was moved out of a place that was
 * still to be asked into one that was asked already, or another API's key took its place after the settings were read.
 */
async function findKeyOfNow(session: Session): Promise<FoundKey> {
  const { profile, url, stores } = session;
  const isChanged = ({ record }: Session) => !isDeepStrictEqual(record, session.record);
  const findAgain = (now: Session) => findKey(now.sources, url, profile.name);
  let found: FoundKey;
  try {
    found = await findKey(session.sources, url, profile.name);
  } catch (error) {
    // Settings that cannot be read were passed over once, and are not what failed.
    const now = await settledSession(session).catch(() => {
      throw error;
    });
    const isMoved =
      isChanged(now) ||
      (isVastaiError(error) &&
        error.code === 'no_key' &&
        (await stores.file.read(profile.name)).state === 'present');
    if (!isMoved) throw error;
    return findAgain(now);
  }
  // Where the key of a flag or a variable may be sent does not depend on the settings.
  if (found.source.savedFor === undefined) return found;
  const now = await settledSession(session);
  return isChanged(now) ? findAgain(now) : found;
}

/**
 * Opens the session anew. While a save for another API is under way the record is unsettled, which it stays only
 * where one was cut off.
 */
async function settledSession(session: Session): Promise<Session> {
  const now = await session.reopen();
  if (now.record?.unsettled !== true) return now;
  return withLockedSession(session, async (settled) => settled, PATIENCE_MS).catch(() => now);
}
