import { isDeepStrictEqual } from 'node:util';
import { type Advice, adviceOf } from '../base/advice.js';
import { guidanceOf, isVastaiError, withDetails } from '../base/errors.js';
import { type FoundKey, findKey } from '../credentials/chain.js';
import type { Context } from '../credentials/context.js';
import { withLockedContext } from '../credentials/locked-context.js';
import { keyInUsualPlace } from '../credentials/usual-place.js';
import { adviceToSave, homeError } from '../files/home.js';
import { migrateLegacyFile } from '../operations/migrate/migrate.js';
import type { Problem } from '../secrets/lookup.js';

/** How long a save that is under way is waited for. */
const PATIENCE_MS = 5000;

/** Holds the key of a run, and what to tell a person about how it was found. */
export interface AcquiredKey extends FoundKey {
  /** Sentences about what was changed: a key that was moved from `~/.vast_api_key`. */
  readonly notes: readonly string[];
  /** Problems that do not keep the key from being used, such as a key file that others can read. */
  readonly warnings: readonly Omit<Problem, 'code'>[];
}

/**
 * Finds the key that `vastai` sends: asks the sources of a context in their order, and takes the first that has one. A key
 * in `~/.vast_api_key` is moved to where Vast.ai's Python CLI keeps it today; where that fails, it is used from there.
 * `inspectSources` looks without changing anything.
 *
 * @throws VastaiError `no_key` when no source has a key, or only one that belongs to another API.
 * @throws UsageError when a key that was passed, in `apiKey` or a variable, cannot be one.
 * @throws StorageError when a source has a key that cannot be read: it is never skipped.
 */
export async function acquireKey(context: Context): Promise<AcquiredKey> {
  const found = await findKeyOfNow(context).catch(async (error: unknown) => {
    throw await withWaysHere(error, context);
  });
  const warnings = found.problems;
  if (found.source.place !== 'legacy') return { ...found, notes: [], warnings };
  try {
    const changes = await migrateLegacyFile(context);
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
async function withWaysHere(error: unknown, context: Context): Promise<unknown> {
  if (!isVastaiError(error) || error.code !== 'no_key') return error;
  const { settingsFile } = context.paths;
  if (homeError(settingsFile) !== undefined)
    return withDetails(error, { advice: [...adviceToSave(settingsFile), { do: 'make-key' }] });
  const problem = await keyInUsualPlace(context);
  if (problem === undefined) return error;
  const elsewhere: readonly Advice[] = [{ do: 'say', text: problem.message }, ...adviceOf(problem.fix)];
  return withDetails(error, { advice: [...elsewhere, ...(error.advice ?? [])] });
}

/**
 * Looks a second time where another process changed something meanwhile: the key was moved out of a place that was
 * still to be asked into one that was asked already, or another API's key took its place after the settings were read.
 */
async function findKeyOfNow(context: Context): Promise<FoundKey> {
  const { profile, url, stores } = context;
  const isChanged = ({ record }: Context) => !isDeepStrictEqual(record, context.record);
  const findAgain = (now: Context) => findKey(now.sources, url, profile.name);
  let found: FoundKey;
  try {
    found = await findKey(context.sources, url, profile.name);
  } catch (error) {
    // Settings that cannot be read were passed over once, and are not what failed.
    const now = await settledContext(context).catch(() => {
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
  if (found.source.boundOrigin === undefined) return found;
  const now = await settledContext(context);
  return isChanged(now) ? findAgain(now) : found;
}

/**
 * Opens the context anew. While a save for another API is under way the record is pending, which it stays only
 * where one was cut off.
 */
async function settledContext(context: Context): Promise<Context> {
  const now = await context.reopen();
  if (now.record?.pending !== true) return now;
  return withLockedContext(context, async (settled) => settled, PATIENCE_MS).catch(() => now);
}
