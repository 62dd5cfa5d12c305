import { adviceOf } from '../base/advice.js';
import { isInBroker } from '../base/environment.js';
import { guidanceOf, isVastaiError, withDetails } from '../base/errors.js';
import { type FoundKey, findKey } from '../credentials/chain.js';
import { containerAdvice } from '../credentials/container-key.js';
import type { Context } from '../credentials/context.js';
import { USE_TOKEN } from '../credentials/explicit-sources.js';
import type { Session } from '../credentials/session-lookup.js';
import { adviceToSave, homeError } from '../files/home.js';
import type { Problem } from '../secrets/lookup.js';

/** Longest wait for another process to finish a save. */
const PATIENCE_MS = 5000;

/** The key of a run, and what to tell a person about how it was found. */
export interface AcquiredKey extends FoundKey {
  /** Two-factor session that is sent in place of the key; absent if the key itself is sent. */
  readonly session?: Session;
  /** Sentences about changes that were made, such as moving the key from `~/.vast_api_key`. */
  readonly notes: readonly string[];
  /** Problems that do not prevent using the key, such as a key file that other users can read. */
  readonly warnings: readonly Omit<Problem, 'code'>[];
}

/** Options of finding a key. */
export interface AcquireOptions {
  /** False to leave out the key's two-factor session, for a request that needs the key itself; by default, true. */
  readonly withSession?: boolean;
}

/**
 * Finds the key that `vastai` would send: reads the sources of a context in order, and returns the first key. A key in
 * `~/.vast_api_key` is moved to the file that Vast.ai's Python CLI uses today; if that fails, it is used where it is. To look
 * without changing anything, call `inspectSources`.
 *
 * If the key is a saved one with a two-factor session, `session` is what `createClient` sends in its place. A session of
 * another key is removed.
 *
 * @throws VastaiError `no_key` if no source has a key for this API.
 * @throws UsageError if `apiKey` or a variable holds something that cannot be a key.
 * @throws StorageError if a source has a key, or the key a session, that cannot be read. Neither is ever skipped.
 */
export async function acquireKey(
  context: Context,
  { withSession = true }: AcquireOptions = {},
): Promise<AcquiredKey> {
  const { found, now } = await findKeyOfNow(context).catch(async (error: unknown) => {
    throw await withLocalAdvice(error, context);
  });
  const acquired = await inItsPlace(context, found);
  if (!withSession || now.record?.tfa_session === undefined) return acquired;
  const { sessionOf } = await import('../credentials/sent-session.js');
  const { notes, warnings, ...session } = await sessionOf(now, found);
  return {
    ...acquired,
    ...session,
    notes: [...acquired.notes, ...notes],
    warnings: [...acquired.warnings, ...warnings],
  };
}

/** Moves a key in `~/.vast_api_key` to the key file. */
async function inItsPlace(context: Context, found: FoundKey): Promise<AcquiredKey> {
  const warnings = found.problems;
  if (found.source.place !== 'legacy') return { ...found, notes: [], warnings };
  try {
    const { migrateLegacyFile } = await import('../operations/migrate/migrate.js');
    const changes = await migrateLegacyFile(context);
    const moves = changes.filter(({ action }) => action === 'move');
    const reports = changes.filter(({ action }) => action === 'report');
    return {
      ...found,
      notes: moves.map(({ from, to }) => `The key of ${from} was moved to ${to}.`),
      warnings: reports.map(({ from, note, fix = '' }) => ({
        message: `The key in ${from} is used, but was not moved. ${note}`,
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
          message: `The key in ${found.source.location} is used, but could not be moved. ${error.message}`,
          fix: guidanceOf(error),
        },
      ],
    };
  }
}

/** Adds to a `no_key` error that a key is elsewhere, or that none can be saved here. */
async function withLocalAdvice(error: unknown, context: Context): Promise<unknown> {
  if (!isVastaiError(error) || error.code !== 'no_key') return error;
  if (isInBroker(context.environment))
    return withDetails(error, { advice: [{ do: 'say', text: USE_TOKEN }] });
  const { settingsFile } = context.paths;
  if (homeError(settingsFile) !== undefined)
    return withDetails(error, { advice: [...adviceToSave(settingsFile), { do: 'make-key' }] });
  const { keyInUsualPlace } = await import('../credentials/usual-place.js');
  const problem = await keyInUsualPlace(context);
  const elsewhere = problem === undefined ? [] : [problem.message, problem.fix];
  const ofMachine = containerAdvice(context.environment);
  return withDetails(error, {
    advice: [...elsewhere.flatMap(adviceOf), ...(error.advice ?? []), ...ofMachine],
  });
}

/**
 * Finds the key, and looks again if another process changed something during the search: it may have moved the key into a
 * place that had already been read, or replaced it with a key for another API.
 */
async function findKeyOfNow(context: Context): Promise<{ found: FoundKey; now: Context }> {
  const { profile, url, stores } = context;
  // As text: Node would load a module to compare them. Another order of the same fields only means to look again.
  const isChanged = ({ record }: Context) => JSON.stringify(record) !== JSON.stringify(context.record);
  const findAgain = async (now: Context) => ({ found: await findKey(now.sources, url, profile.name), now });
  let found: FoundKey;
  try {
    found = await findKey(context.sources, url, profile.name);
  } catch (error) {
    // Settings that cannot be read were ignored when the context was opened, and are not what failed.
    const now = await settledContext(context).catch(() => {
      throw error;
    });
    const isMoved =
      isChanged(now) ||
      (isVastaiError(error) &&
        error.code === 'no_key' &&
        !isInBroker(context.environment) &&
        (await stores.file.read(profile.name)).state === 'present');
    if (!isMoved) throw error;
    return findAgain(now);
  }
  // A key from a flag or a variable belongs to no API, whatever the settings say.
  if (found.source.boundOrigin === undefined) return { found, now: context };
  const now = await settledContext(context);
  return isChanged(now) ? findAgain(now) : { found, now };
}

/** Reopens the context. If its record is pending, first waits for the save that made it so, which may have been killed. */
async function settledContext(context: Context): Promise<Context> {
  const now = await context.reopen();
  if (now.record?.pending !== true) return now;
  const { withLockedContext } = await import('../credentials/locked-context.js');
  return withLockedContext(context, async (settled) => settled, PATIENCE_MS).catch(() => now);
}
