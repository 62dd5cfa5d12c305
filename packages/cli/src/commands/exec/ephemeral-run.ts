import type { NewApiKey } from '@vastai-cli/core/internal/api/api-keys';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { isVastaiError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { isObject } from '@vastai-cli/core/internal/base/json-object';
import type { AcquiredKey } from '@vastai-cli/core/internal/context/acquire-key';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { type KeyLeft, wayToDelete } from '@vastai-cli/core/internal/operations/ephemeral/delete';
import { type KeyOfRun, makeKeyOfRun } from '@vastai-cli/core/internal/operations/ephemeral/make';
import type { Interruption } from '@vastai-cli/kit/command/interruption';
import { compareGranted } from '@vastai-cli/kit/input/compare-granted';
import { readPermissions } from '@vastai-cli/kit/input/requested-permissions';
import type { Output } from '@vastai-cli/kit/render/output';
import { note, type Result } from '@vastai-cli/kit/result';
import type { EphemeralFlagValues } from './ephemeral-flags.js';
import { KeyRemoval } from './key-removal.js';

/** The exit status of a program that `--ttl` ended, as with `timeout`. */
const OUT_OF_TIME = 124;

/** Holds what a key for one run needs of the command. */
interface Means {
  readonly context: Context;
  readonly found: AcquiredKey;
  readonly output: Output;
  /** Aborted by the first signal, until the program starts. */
  readonly interruption: AbortSignal;
  /** Aborted by the second one. */
  readonly givingUp: AbortSignal;
  /** Listens to signals again, when the program has ended. */
  takeBackSignals(): Interruption;
  /** Returns a client that sends a key; its requests end with the signal. */
  connect(key: ApiKey, signal: AbortSignal): Promise<Client>;
}

/** Runs a program with the key of a run. Calls `takeBack` when the program has ended. */
export type Work = (run: EphemeralRun) => Promise<Result>;

/** A key for one run, from the moment it is made. */
export interface EphemeralRun {
  readonly key: ApiKey;
  /** Time that is left of `--ttl`, and what to do when it is over. */
  readonly limit: { readonly ms: number; readonly isOver: () => void } | undefined;
  /** Deletes the key, and listens to signals while it does. */
  takeBack(): void;
}

/**
 * Makes a key with the permissions that the flags ask for, runs a program with it, and deletes it, however that ends. Call it
 * where the first signal ends nothing by itself.
 *
 * @returns the result of the program: with a failure, and a status other than 0, if the key could not be deleted
 * @throws UsageError if the permissions cannot be read; VastaiError if the key cannot be made
 */
export async function withEphemeralKey(
  flags: EphemeralFlagValues,
  means: Means,
  work: Work,
): Promise<Result> {
  const { permissions, remarks, failure } = await readPermissions({
    file: flags.permission_file,
    preset: flags.preset,
    allow: flags.allow,
    allowUnknown: false,
  });
  if (permissions === undefined)
    return { document: undefined, human: [], remarks, ...(failure === undefined ? {} : { failure }) };
  const { context, found, output, interruption, connect } = means;
  const began = performance.now();
  const givingUp = new AbortController();
  const giveUp = () => givingUp.abort(new VastaiError('interrupted', 'Interrupted.'));
  means.givingUp.addEventListener('abort', giveUp);
  const client = await connect(found.key, givingUp.signal);
  const removal = new KeyRemoval(context, client, output);
  interruption.addEventListener('abort', removal.notice);
  try {
    const { ttl } = flags;
    const made = await makeKey(permissions, ttl, { ...means, client, removal });
    let afterwards: Interruption | undefined;
    let isOutOfTime = false;
    const isOver = () => {
      isOutOfTime = true;
      void removal.remove(made.entry);
    };
    const left = ttl === undefined ? undefined : Math.max(0, ttl * 1000 - (performance.now() - began));
    const ended = await settled(work, {
      key: made.key,
      limit: left === undefined ? undefined : { ms: left, isOver },
      takeBack() {
        const deletion = removal.remove(made.entry);
        if (afterwards !== undefined) return;
        afterwards = means.takeBackSignals();
        afterwards.first.addEventListener('abort', removal.notice);
        afterwards.second.addEventListener('abort', giveUp);
        void afterwards.seeThrough(() => deletion).catch(() => {});
      },
    });
    const kept = await removal.remove(made.entry);
    const result = isOutOfTime && ended.result !== undefined ? outOfTime(ended.result) : ended.result;
    if (kept !== undefined) return stillThere(result, ended.thrown, kept, afterwards?.exitStatus);
    if (result === undefined) throw ended.thrown;
    return result;
  } finally {
    interruption.removeEventListener('abort', removal.notice);
  }
}

/** Makes the key. @throws VastaiError if it cannot be made, or is not what was asked for */
async function makeKey(
  permissions: NonNullable<NewApiKey['permissions']>,
  ttl: number | undefined,
  {
    context,
    found,
    interruption,
    connect,
    client,
    removal,
  }: Means & { readonly client: Client; readonly removal: KeyRemoval },
): Promise<KeyOfRun> {
  return makeKeyOfRun({
    place: context,
    origin: context.url.origin,
    profile: found.source.boundOrigin === undefined ? null : context.profile.name,
    key: found.key,
    client: await connect(found.key, interruption),
    patient: client,
    clientOf: (key) => connect(key, interruption),
    permissions,
    compare: (raw) => wider(permissions, raw),
    ttl,
    begin: (entry) => removal.begin(entry),
    signal: interruption,
  });
}

/** Runs the program. Returns its result, or what was thrown instead: the key has to be deleted in both cases. */
async function settled(
  work: Work,
  run: EphemeralRun,
): Promise<{ readonly result?: Result; readonly thrown?: unknown }> {
  try {
    return { result: await work(run) };
  } catch (thrown) {
    return { thrown };
  }
}

function outOfTime(result: Result): Result {
  const remarks = [note('The program was stopped because the time limit of --ttl was up.')];
  return { ...result, exitStatus: OUT_OF_TIME, remarks };
}

/** Returns a sentence if the API gave the key more than what was asked for. */
function wider(asked: object, raw: unknown): string | undefined {
  const granted = compareGranted(asked, isObject(raw) ? raw.permissions : undefined);
  return granted.comparison === 'wider' ? granted.summary : undefined;
}

/** Returns the result of a run whose key could not be deleted. */
function stillThere(result: Result | undefined, thrown: unknown, left: KeyLeft, interrupted = 1): Result {
  const { entry, error } = left;
  const status = error.code === 'interrupted' ? interrupted : 1;
  const also = result?.failure ?? (isVastaiError(thrown) ? thrown : undefined);
  const message = `API key ${entry.id} of this run could not be deleted. ${error.message}`;
  const failure = new VastaiError(
    also?.code ?? error.code,
    also === undefined ? message : `${also.message} ${message}`,
    { advice: wayToDelete(left), cause: thrown ?? error },
  );
  const exitStatus = result?.exitStatus || (result === undefined ? undefined : status);
  return { document: undefined, human: [], failure, exitStatus };
}
